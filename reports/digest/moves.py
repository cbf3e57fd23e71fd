"""Whether a unit's weeks moved, and which elements with them, from what was told of each week.

A week's index is taken over the elements that were shown. Where one is hidden, the week is set to
what it would be if the unit had its usual mean there: index less the usual index of the shown ones,
plus the usual index of all. So a hidden element silences no week, and looks like no change.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import dropwhile
from math import sqrt

from flows.instrument import Instrument
from reports.digest.composed import Course, Point
from reports.statistics import course as cusum
from reports.statistics.comparable import UnitMean
from reports.statistics.course import course_of, shift_at
from reports.statistics.index import index_of, rounded
from reports.statistics.inference import t_quantile, t_two_sided
from reports.statistics.means import Means
from reports.statistics.tally import Tally
from storage.periods import period_of

IN_PICTURE = 13
REAL_BELOW_P = 0.05  # of the elements together, once the index has moved


def moves(
    told: Sequence[Tally], means: Means, last: date, by: Instrument
) -> tuple[Course, dict[str, str]]:
    """What became of the index, and element → real change of its mean (2 decimals).

    `told`: what was shown of the last weeks, the latest first; of a hidden one nothing. `means`:
    theirs. `last`: a day of the latest. A month is judged up to the last of its weeks that was
    shown.
    """
    hidden = next((place for place, week in enumerate(told) if week.n), 0)
    last -= timedelta(weeks=hidden)
    # The places of those that are judged, the oldest first: nothing was told before it.
    places = range(min(len(told), hidden + cusum.WEEKS) - 1, hidden - 1, -1)
    judged = list(dropwhile(lambda place: not told[place].n, places))
    indices = _indices(told, means, [told[place] for place in judged], by)
    weeks = [indices[place] for place in judged]
    found = course_of(weeks)
    if found is None:
        return Course("early", _points(weeks, None)), {}
    level, points = _text(found.level, 1), _points(weeks, found)
    if not found.real:
        return Course("steady", points, level), {}
    shift = found.shift
    began = period_of("week", last - timedelta(weeks=len(weeks) - 1 - shift.start))
    half_width = t_quantile(shift.weeks - 2, 0.975) * sqrt(shift.variance)
    course = Course(
        "fell" if shift.points < 0 else "rose",
        points,
        level,
        began.name,
        _text(shift.points, 1),
        _text(half_width, 1),
    )
    of_items = {item: means.item(item) for item in by.keys}
    return course, _elements(
        {item: [of[place] for place in judged] for item, of in of_items.items()}, shift.start
    )


def _indices(
    told: Sequence[Tally], means: Means, judged: Sequence[Tally], by: Instrument
) -> list[UnitMean | None]:
    """What is usual is what the `judged` weeks say together."""
    weeks, sets = means.index, {items for items in means.answered if items}
    if len(sets) < 2:
        return weeks
    usual = Tally.together(by.keys, judged)
    lacks = {items: _index(usual, by) - _index(usual.only(items), by) for items in sets}
    return [
        week._replace(mean=float(_index(tally, by) + lacks[items])) if week else None
        for week, tally, items in zip(weeks, told, means.answered, strict=True)
    ]


def _index(tally: Tally, by: Instrument) -> Fraction:
    return index_of(tally, instrument=by).ikm or Fraction(0)


def _elements(means: Mapping[str, Sequence[UnitMean | None]], start: int) -> dict[str, str]:
    """Holm (Scand. J. Statist. 6, 1979): the smallest p against 0.05 by the number of elements,
    the next by one fewer, until one is not below it."""
    judged: list[tuple[float, str, float]] = []
    for item, weeks in means.items():
        if weeks[-1] and (shift := shift_at(weeks, start)):
            p = t_two_sided(shift.weeks - 2, shift.points / sqrt(shift.variance))
            judged.append((p, item, shift.points))
    return {item: _text(points, 2) for _, item, points in _holm(sorted(judged))}


def _holm(
    judged: Sequence[tuple[float, str, float]],
) -> Iterable[tuple[float, str, float]]:
    for place, each in enumerate(judged):
        if each[0] * (len(judged) - place) >= REAL_BELOW_P:
            return
        yield each


def _points(weeks: Sequence[UnitMean | None], found: cusum.Course | None) -> tuple[Point, ...]:
    return tuple(_point(week, found) for week in weeks[-IN_PICTURE:])


def _point(week: UnitMean | None, found: cusum.Course | None) -> Point:
    if week is None:
        return Point()
    if found is None:
        return Point(_text(week.mean, 1))
    low, high = found.limits(week.n)
    return Point(_text(week.mean, 1), (_text(low, 1), _text(high, 1)))


def _text(figure: float, places: int) -> str:
    return rounded(Fraction(figure), places)
