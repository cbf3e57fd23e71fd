"""What a period's sheet counts: what digests told, as they told it, and the other responses as they
are.

So an answer erased after its week was shown stays in the sheet's figures, as in the week's: sheet
less digests is what no digest told, whatever was erased since. A correcting sheet counts only what
is there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.instrument import Instrument
from reports.sheets.week import Week
from reports.statistics.tally import Tally
from reports.stored.fold import counted
from storage.periods import Period

Parts = Mapping[tuple[str, bool], Tally]
"""(source, of a verified visit or not) → the tally of those responses."""


@dataclass(frozen=True, slots=True)
class Counted:
    """`rows`: the responses that are there; `erased`: the leaves of those that are not, and are
    counted as they were told. `weeks`: week → the tally that it has in common with the sheet.
    `groups`: (source, verified, week or "") → how many."""

    rows: Sequence[Any]
    parts: Parts
    weeks: Mapping[str, Tally]
    groups: Mapping[tuple[str, bool, str], int]
    erased: Sequence[bytes] = ()


def as_told(
    by: Instrument,
    period: Period,
    rows: Sequence[Any],
    erased: Sequence[bytes],
    weeks: Sequence[Week],
) -> Counted:
    """`rows`: of the period, as `storage.index.sheets.responses` gives them; `weeks`: those
    shown."""
    parts: dict[tuple[str, bool], Tally] = dict(parts_of(by, [r for r in rows if not r.told]))
    groups = Counter((row.source, row.verified, "") for row in rows if not row.told)
    common: dict[str, Tally] = {}
    for week in weeks:
        for part, tally in week.parts_in(period):
            of = (part.source, part.verified)
            parts[of] = parts[of] + tally if of in parts else tally
            groups[*of, week.name] += tally.n
            common[week.name] = common[week.name] + tally if week.name in common else tally
    return Counted(rows, parts, common, groups, erased)


def as_there(by: Instrument, rows: Sequence[Any]) -> Counted:
    """Nothing but the responses that are there."""
    weeks: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        weeks[row.told].append(row)
    common = {week: together(by, parts_of(by, of)) for week, of in weeks.items() if week}
    groups = Counter((row.source, row.verified, row.told) for row in rows)
    return Counted(rows, parts_of(by, rows), common, groups)


def parts_of(by: Instrument, rows: Sequence[Any]) -> Parts:
    """`rows`: responses to that instrument, as `storage.index.sheets.responses` gives them."""
    groups: dict[tuple[str, bool], list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.source, row.verified].append(counted(row))
    return {name: Tally.of(by.keys, group, by.lowest) for name, group in groups.items()}


def together(by: Instrument, parts: Parts, source: str = "", verified: bool = False) -> Tally:
    """The tally of all parts, or of those from a source or of verified visits."""
    wanted = [
        tally
        for (of, is_verified), tally in parts.items()
        if source in ("", of) and verified in (False, is_verified)
    ]
    return sum(wanted, Tally.zero(by.keys))
