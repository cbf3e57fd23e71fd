"""What a period's sheet counts: what digests told, as they told it, and the other responses as they
are.

So an answer erased after its week was shown stays in the sheet's figures, as in the week's: sheet
less digests is what no digest told, whatever was erased since. A correcting sheet counts only what
is there. What `reports.sheets.release` finds too few to hide each other is left uncounted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from flows.instrument import Instrument
from reports.disclosure import OWN, Size
from reports.sheets.week import ALL, Week
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Tally
from reports.stored.many import counted
from storage.periods import Period

Parts = Mapping[tuple[str, bool], Tally]
"""(source, of a verified visit or not) → the tally of those responses."""


class Piece(NamedTuple):
    """Responses of a source, of verified visits or not, that the digest of a week told; "": none
    did."""

    source: str
    verified: bool
    week: str


Uncounted = Mapping[str, frozenset[Piece]]
"""Item → the pieces of which the answers to it are not counted."""


@dataclass(frozen=True)
class Counted:
    """`rows`: the responses that are there; `erased`: the leaves of those that are not, and are
    counted as they were told."""

    items: Sequence[str]
    rows: Sequence[Any]
    pieces: Mapping[Piece, Tally]
    erased: Sequence[bytes] = ()

    @cached_property
    def parts(self) -> Parts:
        return self.parts_without({})

    def parts_without(self, uncounted: Uncounted) -> Parts:
        found: dict[tuple[str, bool], Tally] = {}
        for piece, tally in self.pieces.items():
            told = tally.only(i for i in self.items if piece not in uncounted.get(i, ()))
            of = piece.source, piece.verified
            found[of] = found[of] + told if of in found else told
        return found

    def size(self, item: str, which: Callable[[Piece], bool]) -> Size:
        """How many answers to the item, or responses (`ALL`), there are in these pieces."""
        sizes = [
            (number(tally, item), piece.source == OWN)
            for piece, tally in self.pieces.items()
            if which(piece)
        ]
        return Size(sum(n for n, _ in sizes), sum(n for n, own in sizes if own))


def number(tally: Tally, item: str) -> int:
    return tally.n if item == ALL else tally.answered(item)


def as_told(
    by: Instrument,
    period: Period,
    rows: Sequence[Any],
    erased: Sequence[bytes],
    weeks: Sequence[Week],
) -> Counted:
    """`rows`: of the period, as `storage.index.sheets.responses` gives them; `weeks`: those
    shown."""
    pieces = pieces_of(by, [row for row in rows if not row.told])
    for week in weeks:
        for part, tally in week.parts_in(period):
            of = Piece(part.source, part.verified, week.name)
            pieces[of] = pieces[of] + tally if of in pieces else tally
    return Counted(by.keys, rows, pieces, erased)


def as_there(by: Instrument, rows: Sequence[Any]) -> Counted:
    """Nothing but the responses that are there."""
    return Counted(by.keys, rows, pieces_of(by, rows))


def pieces_of(by: Instrument, rows: Iterable[Any]) -> dict[Piece, Tally]:
    """`rows`: responses to that instrument, as `storage.index.sheets.responses` gives them."""
    groups: dict[Piece, list[Any]] = defaultdict(list)
    for row in rows:
        groups[Piece(row.source, row.verified, row.told)].append(counted(row))
    return {piece: tally_of_rows(by.keys, group, by.lowest) for piece, group in groups.items()}


def together(by: Instrument, parts: Parts, source: str = "", verified: bool = False) -> Tally:
    """The tally of all parts, or of those from a source or of verified visits."""
    wanted = [
        tally
        for (of, is_verified), tally in parts.items()
        if source in ("", of) and verified in (False, is_verified)
    ]
    return sum(wanted, Tally.zero(by.keys))
