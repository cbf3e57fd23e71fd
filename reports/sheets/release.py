"""What of a period's sheet may be public: the release rule beside all that was shown before.

Theory. A sheet is read beside the weekly digests. Where a period and some weeks that were shown
differ by 1 to 4 responses, the difference of their figures is what those few said. So for every
choice of shown weeks that covers the period best (with or without those that reach over its ends),
the period alone or joined with published ones before it, they must differ by none or by at least 5:
by responses of the period in no such week, by responses of such a week outside the period, and by
what was erased since, which the week's own number tells. If not, the sheet shows how many responded
and the proof of it, but no figures. If it is so of the answers to one item only, the index is shown
and no item's mean beside it.

Parts (sources, verified visits) and the index without the marked are shown where everybody's place
among them, and whether a shown week counts them, divides the responses into groups of at least 5:
then so do all sums and differences of what is shown. The parts come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import Any

from reports.digest.composed import Digest
from reports.digest.release import LEAST, shown_items
from reports.radar.marks import Ids
from reports.sheets.radar import Marked
from reports.statistics.tally import Tally
from storage.periods import Period

ALL = ""
"""Stands beside the items for a response as a whole."""

_DAY = timedelta(days=1)

Days = Mapping[date, int]
"""Local day → number of responses."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`figures`: the index and what belongs to it; `items`: whose sums and means; `parts`: the
    index of each source and of verified visits; `marked`: that without the marked."""

    figures: bool
    items: frozenset[str]
    parts: bool
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """The days that a week's digest told of: how many responded, in all and to each item whose mean
    was shown."""

    first: date
    last: date
    n: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Before:
    """What was shown before. `days`: of the published periods that lead up to this one without a
    gap, which begin on `starts`."""

    weeks: Sequence[Week] = ()
    starts: Sequence[date] = ()
    days: Days = field(default_factory=dict)


NOTHING = Shown(False, frozenset(), False)


def week_shown(digest: Digest) -> Week | None:
    """None where nothing was shown of the week but how many responded."""
    if digest.ikm is None:
        return None
    items = {each.key: each.n for each in digest.elements if each.mean is not None}
    return Week(digest.first, digest.last, {ALL: digest.n, **items})


def shown(
    rows: Sequence[Any],
    tally: Tally,
    period: Period,
    before: Before,
    marked: Marked | None = None,
) -> Shown:
    """`rows`: the period's responses (`storage.index.sheets.responses`); `tally`: theirs."""
    days = _days(rows) if before.weeks else {}
    if tally.n < LEAST or any(_windows(days.get(ALL, {}), period, before)):
        return NOTHING
    few = any(_tells_few(days[item], period, before.weeks, item) for item in days)
    items = frozenset[str]() if few else shown_items(tally)
    groups = _Groups(rows, period, before.weeks)
    parts = groups.divide(True, frozenset())
    return Shown(True, items, parts, _may_leave_out(groups, parts, marked))


def _days(rows: Sequence[Any]) -> dict[str, Counter[date]]:
    """Item, and `ALL` → day → how many answered it."""
    days: dict[str, Counter[date]] = {}
    for row in rows:
        given = [item for item, value in row.answers.items() if value is not None]
        for item in (ALL, *given) if given else ():
            days.setdefault(item, Counter())[row.local_date] += 1
    return days


def _windows(days: Days, period: Period, before: Before) -> Iterator[bool]:
    """Whether the period tells of few, alone and joined with those before it."""
    joined = Counter(before.days)
    joined.update(days)
    for first in (period.first, *before.starts):
        window = Period("", first, period.last, period.kind)
        within = {day: n for day, n in joined.items() if first <= day}
        yield _tells_few(within, window, before.weeks, ALL)


def _tells_few(days: Days, window: Period, weeks: Sequence[Week], item: str) -> bool:
    """Whether the window and some choice of weeks differ by 1 to 4 answers to the item."""
    known = [week for week in weeks if item in week.n and _overlap(week, window)]
    inside = [week for week in known if window.first <= week.first and week.last <= window.last]
    edges = [week for week in known if week not in inside]
    for taken in product((False, True), repeat=len(edges)):
        chosen = inside + [week for week, take in zip(edges, taken, strict=True) if take]
        if chosen and 0 < _differ(days, chosen, item) < LEAST:
            return True
    return False


def _differ(days: Days, weeks: Sequence[Week], item: str) -> int:
    here = [sum(days.get(day, 0) for day in _each_day(week)) for week in weeks]
    outside = sum(abs(week.n[item] - n) for week, n in zip(weeks, here, strict=True))
    return sum(days.values()) - sum(here) + outside


def _each_day(week: Week) -> Iterator[date]:
    return (week.first + each * _DAY for each in range((week.last - week.first).days + 1))


def _overlap(week: Week, window: Period) -> bool:
    return week.first <= window.last and window.first <= week.last


def _may_leave_out(groups: _Groups, parts: bool, marked: Marked | None) -> bool:
    if marked is None or not marked.may:
        return False
    if marked.ids is None:  # beside the whole alone, where nothing else divides it
        return groups.number(parts, frozenset()) <= 1
    return groups.divide(parts, marked.ids)


@dataclass(frozen=True, slots=True)
class _Groups:
    """The responses by what tells them apart in what is shown."""

    rows: Sequence[Any]
    period: Period
    weeks: Sequence[Week]

    def divide(self, parts: bool, marked: Ids) -> bool:
        """Whether every group has at least 5."""
        return all(n >= LEAST for n in self._sizes(parts, marked).values())

    def number(self, parts: bool, marked: Ids) -> int:
        return len(self._sizes(parts, marked))

    def _sizes(self, parts: bool, marked: Ids) -> Counter[tuple[object, ...]]:
        return Counter(
            (
                (row.source, row.verified) if parts else (),
                row.id in marked,
                self._in_week(row.local_date),
            )
            for row in self.rows
        )

    def _in_week(self, day: date) -> bool:
        """Whether a shown week of the period counts it."""
        weeks = [week for week in self.weeks if self.period.first <= week.first]
        return any(week.first <= day <= week.last for week in weeks)
