"""What of a period's sheet may be public: the release rule beside all that was shown before.

Theory. A sheet is read beside the weekly digests. Where a period and some weeks that were shown
differ by 1 to 4 responses, the difference of their figures is what those few said. So for every
choice of shown weeks that covers the period best (with or without those that reach over its ends),
the period alone or joined with published ones before it, they must differ by none or by at least 5:
by responses of the period in no such week, by responses of such a week outside the period, and by
what was erased since, where a sheet does not count it (`reports.sheets.counted`). If not, the sheet
shows how many responded and the proof of it, but no figures. If it is so of the answers to one item
only, the index is shown and no item's mean beside it.

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

from reports.digest.release import LEAST, shown_items
from reports.radar.marks import Ids
from reports.sheets.counted import Counted
from reports.sheets.radar import Marked
from reports.sheets.week import ALL, Week
from reports.statistics.tally import Tally
from storage.periods import Period

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
class Before:
    """What was shown before. `days`: of the published periods that lead up to this one without a
    gap, which begin on `starts`."""

    weeks: Sequence[Week] = ()
    starts: Sequence[date] = ()
    days: Days = field(default_factory=dict)


NOTHING = Shown(False, frozenset(), False)


def shown(
    counted: Counted,
    tally: Tally,
    period: Period,
    before: Before,
    marked: Marked | None = None,
) -> Shown:
    """`tally`: of all that the sheet counts."""
    days = _days(counted.rows) if before.weeks else {}
    if tally.n < LEAST or any(_windows(counted, tally, days.get(ALL, {}), period, before)):
        return NOTHING
    few = any(
        _tells_few(
            _Window(period, period.first, tally.answered(item), days.get(item, {})),
            counted,
            before.weeks,
            item,
        )
        for item in tally.items
    )
    items = frozenset[str]() if few else shown_items(tally)
    groups = _Groups(counted, period, before.weeks)
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


@dataclass(frozen=True, slots=True)
class _Window:
    """The period that begins on `own`, alone or joined with those before it: `n` answers, by day as
    far as they are there."""

    period: Period
    own: date
    n: int
    days: Days


def _windows(
    counted: Counted, tally: Tally, days: Days, period: Period, before: Before
) -> Iterator[bool]:
    """Whether the period tells of few, alone and joined with those before it."""
    joined = Counter(before.days)
    joined.update(days)
    for first in (period.first, *before.starts):
        whole = Period("", first, period.last, period.kind)
        within = {day: n for day, n in joined.items() if first <= day}
        earlier = sum(n for day, n in before.days.items() if first <= day)
        window = _Window(whole, period.first, tally.n + earlier, within)
        yield _tells_few(window, counted, before.weeks, ALL)


def _tells_few(window: _Window, counted: Counted, weeks: Sequence[Week], item: str) -> bool:
    """Whether the window and some choice of weeks differ by 1 to 4 answers to the item."""
    known = [week for week in weeks if item in week.n and _overlap(week, window.period)]
    edges = [week for week in known if not _is_inside(week, window.period)]
    inside = [week for week in known if week not in edges]
    for taken in product((False, True), repeat=len(edges)):
        chosen = inside + [week for week, take in zip(edges, taken, strict=True) if take]
        if chosen and 0 < _differ(window, counted, chosen, item) < LEAST:
            return True
    return False


def _is_inside(week: Week, period: Period) -> bool:
    return period.first <= week.first and week.last <= period.last


def _differ(window: _Window, counted: Counted, weeks: Sequence[Week], item: str) -> int:
    here = [_common(window, counted, week, item) for week in weeks]
    outside = sum(abs(week.n[item] - n) for week, n in zip(weeks, here, strict=True))
    return window.n - sum(here) + outside


def _common(window: _Window, counted: Counted, week: Week, item: str) -> int:
    """How many answers of the week are in the window."""
    if not week.told:
        return sum(window.days.get(day, 0) for day in _each_day(week))
    here = counted.weeks.get(week.name)
    earlier = Period("", window.period.first, window.own - _DAY, window.period.kind)
    before = sum(_number(tally, item) for _, tally in week.parts_in(earlier))
    return before + (_number(here, item) if here else 0)


def _number(tally: Tally, item: str) -> int:
    return tally.n if item == ALL else tally.answered(item)


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

    counted: Counted
    period: Period
    weeks: Sequence[Week]

    def divide(self, parts: bool, marked: Ids) -> bool:
        """Whether every group has at least 5."""
        return all(n == 0 or n >= LEAST for n in self._sizes(parts, marked).values())

    def number(self, parts: bool, marked: Ids) -> int:
        return sum(map(bool, self._sizes(parts, marked).values()))

    def _sizes(self, parts: bool, marked: Ids) -> Counter[tuple[object, ...]]:
        """Of those erased nobody is marked."""
        sizes: Counter[tuple[object, ...]] = Counter()
        for (*part, week), n in self.counted.groups.items():
            sizes[tuple(part) if parts else (), False, self._counts(week)] += n
        for row in self.counted.rows:
            of = (row.source, row.verified) if parts else ()
            in_week = self._in_former_week(row)
            if in_week:
                sizes[of, False, False] -= 1
                sizes[of, False, True] += 1
            if row.id in marked:
                in_week = in_week or self._counts(row.told)
                sizes[of, False, in_week] -= 1
                sizes[of, True, in_week] += 1
        return sizes

    def _counts(self, name: str) -> bool:
        """Whether a shown week that begins in the period counts them."""
        return any(week.name == name and self.period.first <= week.first for week in self.weeks)

    def _in_former_week(self, row: Any) -> bool:
        """The same, of a week of which nothing but the figures was kept."""
        weeks = [w for w in self.weeks if not w.told and self.period.first <= w.first]
        return not row.told and any(week.first <= row.local_date <= week.last for week in weeks)
