"""What the radar found in a unit's period, as it is kept: without ids, so that it joins to nobody.

Which figures may be shown to others than the operator depends on which responses carry two marks,
so that is worked out with the ids and kept beside (`shown`, see `reports.radar.release`).
"""

import msgspec

from flows.engine.form import Line
from reports.radar.release import shown
from reports.radar.scan import Radar
from reports.radar.unit import Shares
from reports.statistics.tally import Tally


class Reason(msgspec.Struct, frozen=True):
    """A text by its key, `radar.*` of the catalogues, with its parameters."""

    key: str
    params: dict[str, int | str]

    @property
    def line(self) -> Line:
        return Line(self.key, self.params)


class Marked(msgspec.Struct, frozen=True):
    """A mark. `n`: marked responses, of `checked`; `tally`: theirs. `high`: beside comparable
    units; None where there is nothing to compare with, or for marks that are not compared."""

    name: str
    n: int
    checked: int
    high: bool | None
    tally: Tally
    reason: tuple[Reason, ...]


class Flagged(msgspec.Struct, frozen=True):
    """Something about the unit as a whole."""

    name: str
    reason: Reason


class Findings(msgspec.Struct, frozen=True):
    """`tally` is the headline: every response. `limits`: the thresholds' id. `left_out`: those that
    "without all marks" leaves out. `untimed`: responses without a time. `shown`: names of marks,
    and "left_out", whose figures others than the operator may see."""

    limits: str
    tally: Tally
    marks: tuple[Marked, ...]
    flags: tuple[Flagged, ...]
    left_out: Tally
    untimed: int
    shown: tuple[str, ...]

    def mark(self, name: str) -> Marked:
        return next(mark for mark in self.marks if mark.name == name)

    def without(self, name: str) -> Tally:
        """All responses but those with this mark."""
        return self.tally - self.mark(name).tally

    def without_left_out(self) -> Tally:
        """All responses but those with two marks or inside a burst: "without all marks"."""
        return self.tally - self.left_out


def findings_of(radar: Radar) -> Findings:
    """What is kept of a radar."""
    return Findings(
        radar.limits,
        radar.tally,
        tuple(
            Marked(
                mark.name,
                len(mark.ids),
                mark.checked,
                mark.high,
                mark.tally,
                tuple(map(_reason, mark.reason)),
            )
            for mark in radar.marks
        ),
        tuple(Flagged(flag.name, _reason(flag.reason)) for flag in radar.flags),
        radar.left_out_tally,
        radar.untimed,
        tuple(sorted(shown(radar))),
    )


def _reason(line: Line) -> Reason:
    return Reason(line.key, {n: v for n, v in line.params.items() if isinstance(v, int | str)})


_DECODER = msgspec.json.Decoder(Findings)


def encoded(findings: Findings) -> str:
    return msgspec.json.encode(findings).decode()


def decoded(text: str) -> Findings:
    """Exactly the findings that were encoded."""
    return _DECODER.decode(text)


class _Counted(msgspec.Struct):
    name: str
    n: int


class _Number(msgspec.Struct):
    n: int


class _Compared(msgspec.Struct):
    tally: _Number
    marks: list[_Counted]


_COMPARED = msgspec.json.Decoder(_Compared)


def shares_in(text: str) -> Shares:
    """What other units of its kind are compared by, without reading the rest: of some hundred units
    at once."""
    read = _COMPARED.decode(text)
    counts = {mark.name: mark.n for mark in read.marks}
    return Shares(read.tally.n, counts["straight_lined"], counts["all_fours"])
