"""From the tallies of a unit's weeks to the digest of the last of them, under the release rule.

A change is shown only over weeks in which nothing was hidden: with one week of 1..4 responses
among them, the change less the figures of the other weeks would be the figures of those few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median

from flows.extra import extra_choices
from flows.own_question import Extra
from reports.digest import Compared, Digest, Element, Extras, Office, Progress
from reports.index import index_of, item_mean, rounded
from reports.measure import may_compare, measure_of
from reports.release import LEAST, nothing_hidden, shown_choices, shown_counts, shown_items
from reports.statistics import LEAST_FOR_CHANGE, change, element_change, needed_sample
from reports.tally import ANSWERED, TEXT, Tally
from storage.periods import Period

WINDOWS = (1, 4, 13)
"""Weeks that are compared with as many before them; the shortest with enough responses."""

EARLIER = 2 * WINDOWS[-1] - 1
WEAKEST = 3


@dataclass(frozen=True, slots=True)
class Week:
    """What came in. `earlier`: the weeks before, the latest first, as they were when they were
    shown; `EARLIER` of them are looked at, and a week without responses is a zero tally."""

    period: Period
    tally: Tally
    earlier: Sequence[Tally]
    comments: int


@dataclass(frozen=True, slots=True)
class Running:
    """The SKM period that holds the week's last day, its responses so far and its users."""

    period: Period
    n: int
    population: int | None


def compose(
    office: Office,
    week: Week,
    running: Running,
    instrument: str,
    extras: Sequence[Extra] = (),
    agency: Mapping[str, Fraction] | None = None,
) -> Digest:
    """The digest of a week under the release rule.

    `extras` are looked up in the tally by `Extra.key`. `agency`: element → mean of the agency's
    units, where that may be shown. ValueError: weeks of another instrument (other items).
    """
    tally = week.tally
    enough = tally.n >= LEAST
    index = index_of(tally)
    windows = _compared(week)
    return Digest(
        office=office,
        week=week.period.name,
        first=week.period.first,
        last=week.period.last,
        instrument=instrument,
        n=tally.n,
        ikm=rounded(index.ikm, 2) if enough and index.ikm is not None else None,
        grade=index.grade if enough else None,
        elements=tuple(_element(item, week, windows, agency or {}) for item in tally.items),
        weakest=_weakest(tally),
        change=_change(windows, instrument),
        sample=_progress(running, week.period.last),
        comments=week.comments if enough else None,
        extras=tuple(_extra(extra, tally) for extra in extras),
    )


_Windows = tuple[int, Tally, Tally] | None


def _compared(week: Week) -> _Windows:
    """The shortest window (weeks, now, before) with enough on both sides that may be shown."""
    weeks = (week.tally, *week.earlier)
    if week.tally.n < LEAST:
        return None
    for length in WINDOWS:
        if len(weeks) < 2 * length:
            return None
        now, before = _joined(weeks[:length]), _joined(weeks[length : 2 * length])
        if min(now.n, before.n) >= LEAST_FOR_CHANGE:
            # Two single weeks with as many were shown by themselves.
            whole = length == 1 or all(map(nothing_hidden, weeks[: 2 * length]))
            return (length, now, before) if whole else None
    return None


def _joined(weeks: Sequence[Tally]) -> Tally:
    return sum(weeks[1:], weeks[0])


def _change(windows: _Windows, instrument: str) -> Compared | None:
    if windows is None:
        return None
    now, before = (measure_of(index_of(tally), instrument) for tally in windows[1:])
    if not may_compare(now, before):
        return None
    found = change(windows[1], windows[2])
    if found.points is None or found.half_width is None or found.real is None:
        return None
    half_width = rounded(Fraction(found.half_width), 1)
    return Compared(windows[0], rounded(found.points, 1), half_width, found.real)


def _element(item: str, week: Week, windows: _Windows, agency: Mapping[str, Fraction]) -> Element:
    mean = _mean(item, week.tally)
    before = _mean(item, week.earlier[0]) if week.earlier else None
    moved = None
    if windows and mean and (before or windows[0] > 1):
        found = element_change(windows[1], windows[2], item)
        moved = _shown(found.points) if found.real else None
    n = week.tally.answered(item)
    return Element(item, n, _shown(mean), _shown(before), _shown(agency.get(item)), moved)


def _mean(item: str, tally: Tally) -> Fraction | None:
    return item_mean(tally, item) if item in shown_items(tally) else None


def _shown(figure: Fraction | None) -> str | None:
    return None if figure is None else rounded(figure, 2)


def _weakest(tally: Tally) -> tuple[str, ...]:
    means = {item: mean for item in tally.items if (mean := _mean(item, tally)) is not None}
    if len(set(means.values())) < 2:
        return ()
    return tuple(sorted(means, key=means.__getitem__)[:WEAKEST])


def _progress(running: Running, day: date) -> Progress:
    period, n = running.period, running.n
    if running.population is None:
        return Progress(period.name, period.kind, n)
    needed = needed_sample(running.population)
    days = (period.last - period.first).days + 1
    gone, left = (day - period.first).days + 1, (period.last - day).days
    missing = max(needed - n, 0)
    # In the last days of a period "a week" is what is left of it.
    per_week = -(-7 * missing // max(left, 7)) if missing and left > 0 else None
    on_schedule = n * days >= needed * gone
    return Progress(period.name, period.kind, n, needed, on_schedule, missing, per_week)


def _extra(extra: Extra, tally: Tally) -> Extras:
    given = tally.extra.get(extra.key, {})
    if extra.kind in ("text", "place"):
        return Extras(extra, given.get(TEXT, 0), ())
    if extra.kind == "number":
        return _numbers(extra, given)
    counts = [given.get(choice.id, 0) for choice in extra_choices(extra)]
    if extra.kind == "multiple":
        n = given.get(ANSWERED, 0)
        return Extras(extra, n, shown_choices(counts, n))
    return Extras(extra, sum(counts), shown_counts(counts))


def _numbers(extra: Extra, given: Mapping[str, int]) -> Extras:
    numbers = [Fraction(digits) for digits, times in given.items() for _ in range(times)]
    if len(numbers) < LEAST:
        return Extras(extra, len(numbers), ())
    mean = rounded(sum(numbers, Fraction(0)) / len(numbers), 1)
    return Extras(extra, len(numbers), (), mean, rounded(Fraction(median(numbers)), 1))
