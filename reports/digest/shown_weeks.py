"""What some weeks of units add up to, of those weeks that were shown, as they were shown.

Only weeks of which nothing was hidden count, as in a digest's own windows
(`reports.digest.release`): so a sum of them tells nothing that their digests did not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from flows.instrument import Instrument
from reports.statistics.tally import Tally
from reports.stored.fold import squares
from storage.index import released_figures
from storage.index.released_figures import Shown
from storage.periods import Period, period_of

WEEKS = 13  # a quarter


class _Element(msgspec.Struct):
    n: int
    mean: str | None


class _Figures(msgspec.Struct):
    """Of a digest (`reports.digest.composed`) what tells whether nothing of it was hidden."""

    instrument: str
    ikm: str | None
    elements: list[_Element]


_FIGURES = msgspec.json.Decoder(_Figures)


def names(last: Period, number: int = WEEKS) -> list[str]:
    """So many weeks up to that one, the latest first."""
    return [period_of("week", last.first - timedelta(weeks=back)).name for back in range(number)]


def of_unit(connection: Connection, unit_id: int, weeks: Iterable[str], by: Instrument) -> Tally:
    """Of a unit's weeks by that instrument: counts of answers, means and variances; no profile or
    extra questions."""
    return _together(released_figures.of_weeks(connection, unit_id, list(weeks)).values(), by)


def of_kind(
    connection: Connection, kind: str, weeks: Iterable[str], by: Instrument
) -> dict[int, Tally]:
    """Unit → what it adds up to, of every unit of the kind of which a week was shown."""
    shown: dict[int, list[Shown]] = {}
    for unit_id, each in released_figures.of_kind(connection, kind, list(weeks)):
        shown.setdefault(unit_id, []).append(each)
    return {unit_id: _together(weeks, by) for unit_id, weeks in shown.items()}


def _together(weeks: Iterable[Shown], by: Instrument) -> Tally:
    whole = (squares(week.sums) for week in weeks if _is_whole(week, by))
    tallies = (Tally(by.keys, each.n, {}, tuple(each.gram), {}, {}) for each in whole)
    return Tally.together(by.keys, tallies)


def _is_whole(week: Shown, by: Instrument) -> bool:
    if not week.sums:
        return False
    figures = _FIGURES.decode(week.figures)
    shown = all(element.mean is not None for element in figures.elements if element.n)
    return figures.instrument == by.id and figures.ikm is not None and shown
