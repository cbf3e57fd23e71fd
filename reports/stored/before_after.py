"""An element of a unit before and after an innovation began, as it was shown: no word of why.

Before: the 13 weeks that ended before the week in which it began. After: the last 13 weeks of those
that began after it. Only of weeks that were shown (`reports.digest.shown_weeks`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import Connection

from flows.instrument import Instrument
from reports.digest import shown_weeks
from reports.statistics.inference import (
    Change,
    Estimate,
    element_estimate,
    estimate_change,
    interval_of,
)
from storage.periods import period_of, previous
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class Side:
    """`ci95`: None where all answers are the same."""

    estimate: Estimate
    ci95: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """None where nothing was shown of that side; `change`: after less before."""

    before: Side | None
    after: Side | None
    change: Change


def before_after(
    connection: Connection, unit: Unit, element: str, started: date, today: date
) -> BeforeAfter:
    """`started` and `today`: local days of the unit. By the instrument of the later weeks alone:
    an element of another one is not compared."""
    by = unit.instrument_on(today - timedelta(weeks=1))
    if element not in by.keys:
        return BeforeAfter(None, None, Change(None))
    begun = period_of("week", started)
    before = shown_weeks.names(previous(begun))
    since = [name for name in _until(today) if name > begun.name]
    sides = [
        element_estimate(shown_weeks.of_unit(connection, unit.id, weeks, by), element)
        for weeks in (before, since)
    ]
    return BeforeAfter(
        _side(sides[0], by), _side(sides[1], by), estimate_change(sides[1], sides[0])
    )


def _until(today: date) -> list[str]:
    return shown_weeks.names(period_of("week", today - timedelta(weeks=1)))


def _side(estimate: Estimate | None, by: Instrument) -> Side | None:
    if estimate is None:
        return None
    low, high = Fraction(by.lowest), Fraction(by.scale)
    return Side(estimate, interval_of(estimate, None, low, high))
