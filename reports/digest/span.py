"""Which days a digest tells of: those of its week, and what the weeks before could not tell.

Theory. A period's sheet is read beside the digests that came before it. What the sheet counts and
no digest told must be nobody, or at least 5: else the sheet has to be withheld (`reports.sheets.
release`). So the days that digests tell of follow each other without a gap inside a period, and
each such span has 5 responses or more, by four rules:

- Days of which nothing was told, because few had answered, join the next digest of their period.
- A span that reaches over a period's end stops there if few lie on one side; the days after it join
  the next digest.
- A span that reaches over the end of a period, after which the unit is asked by another instrument,
  stops there: no figure is of both.
- Towards a period's end days wait, and are told together with its last ones, unless those that are
  left will bring enough by themselves. That is told from the number alone.

Few at the very end of a period, with nobody else to join, stay untold: then the sheet is withheld.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from typing import Any

from reports.digest.composed import Digest
from reports.disclosure import enough, least
from storage.periods import Kind, Period, period_of
from storage.units import Unit


def _sure() -> int:
    """Of so many expected, too few come in fewer than one case of a hundred (Poisson: 1 to 4 of 12
    in 0.0076, 1 to 9 of 20 in 0.0050)."""
    return ceil(least() + 3 * sqrt(least()))


_DAY = timedelta(days=1)

Rows = Callable[[date, date], Sequence[Any]]
"""The responses of these days, both included, to the instrument of the first."""


@dataclass(frozen=True, slots=True)
class Span:
    """`first` and `last` are days, both in it. `waits`: its figures come with a later digest."""

    first: date
    last: date
    rows: Sequence[Any]
    waits: bool = False


def span_of(week: Period, before: Digest | None, unit: Unit, rows: Rows) -> Span:
    """`before`: the digest of the week before, None where it was never asked for."""
    kind = unit.period
    first = week.first if before is None else _follows(before, kind)
    by, counted = unit.instrument_on(first), rows(first, week.last)
    end = period_of(kind, first).last
    changes = unit.instrument_on(week.last).id != by.id
    if end < week.last and (changes or _parts_few(counted, end, by.keys)):
        return Span(first, end, [row for row in counted if row.local_date <= end])
    return Span(
        first, week.last, counted, before is not None and _waits(first, week, kind, counted)
    )


def carries(digest: Digest, kind: Kind) -> bool:
    """Whether the days of a digest that told nothing join the next one."""
    return digest.ikm is None and period_of(kind, digest.last).last != digest.last


def _follows(before: Digest, kind: Kind) -> date:
    if not carries(before, kind) or not before.n:
        return before.last + _DAY
    return max(before.first, period_of(kind, before.last).first)


def _parts_few(rows: Sequence[Any], end: date, items: Sequence[str]) -> bool:
    """Whether a period's end leaves few responses, or answers to an item, on one side."""
    parts = (
        [row for row in rows if row.local_date <= end],
        [row for row in rows if row.local_date > end],
    )
    if not all(parts):
        return False
    return any(
        not enough([row for row in part if item is None or row.answers.get(item) is not None])
        for part in parts
        for item in (None, *items)
    )


def _waits(first: date, week: Period, kind: Kind, rows: Sequence[Any]) -> bool:
    left = (period_of(kind, week.last).last - week.last).days
    days = (week.last - first).days + 1
    return left > 0 and len(rows) * left < _sure() * days
