"""The figures of any units and days: folded months where they are whole, rows for days beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from flows.files import CURRENT, instrument
from flows.instrument import Instrument
from reports.fold import counted, decoded
from reports.index import Index, Method, index_of
from reports.statistics import Sample, interval, sample
from reports.tally import Tally
from storage import tallies
from storage.periods import period_of
from storage.units import Unit

_DAY = timedelta(days=1)
EVER = (date.min, date.max)


@dataclass(frozen=True, slots=True)
class Figures:
    """An index with its 95 % interval (IKM points) and, for a known population, its sample."""

    index: Index
    ci95: tuple[float, float] | None
    sample: Sample | None


def figures(
    tally: Tally,
    population: int | None = None,
    method: Method = "exact",
    by: Instrument | None = None,
) -> Figures:
    """`population`: the users of exactly this period; `by`: the instrument, if not the newest SKM.
    ValueError as `reports.index.index_of`."""
    index = index_of(tally, method=method, instrument=by)
    counted = sample(tally.n, population) if tally.n else None
    return Figures(index, interval(tally, population, method=method, instrument=by), counted)


def figures_of(
    connection: Connection, unit: Unit | None, first: date, last: date, asked: str = CURRENT
) -> Figures:
    """The figures of a unit, or of all units pooled (None); days and `asked` as `tally_of`."""
    tally = tally_of(connection, [unit.id] if unit else None, first, last, asked)
    return figures(tally, _population(unit, first, last), by=instrument(asked))


def tally_of(
    connection: Connection,
    units: Sequence[int] | None,
    first: date,
    last: date,
    asked: str = CURRENT,
) -> Tally:
    """Responses to the instrument `asked` of the local days `first` to `last`, both included.

    `units`: their ids, None for all. Folded responses only where a whole month lies between the
    days: fold first (`reports.fold.fold`).
    """
    begin, end = _whole_months(first, last)
    if begin > end:
        return _of_rows(connection, units, [(first, last)], asked)
    months = tallies.cells(connection, asked, units, _month(begin), _month(end))
    rest = _of_rows(connection, units, _beside(first, last, begin, end), asked)
    return sum((decoded(data) for _, data in months), rest)


def _population(unit: Unit | None, first: date, last: date) -> int | None:
    """The users of these days: known only for exactly one SKM period of one unit."""
    if unit is None or (first, last) == EVER:
        return None
    period = period_of(unit.period, first)
    return unit.population if (period.first, period.last) == (first, last) else None


def _whole_months(first: date, last: date) -> tuple[date, date]:
    """First and last day of the months that lie whole in these days; begin > end: none does."""
    month = period_of("month", first)
    begin = first if first == month.first else month.last + _DAY
    month = period_of("month", last)
    end = last if last == month.last else month.first - _DAY
    return begin, end


def _beside(first: date, last: date, begin: date, end: date) -> list[tuple[date, date]]:
    days = []
    if first < begin:
        days.append((first, begin - _DAY))
    if end < last:
        days.append((end + _DAY, last))
    return days


def _of_rows(
    connection: Connection,
    units: Sequence[int] | None,
    days: Iterable[tuple[date, date]],
    asked: str,
) -> Tally:
    rows = [
        counted(row)
        for first, last in days
        for row in tallies.rows_between(connection, asked, units, first, last)
    ]
    return Tally.of(instrument(asked).keys, rows, instrument(asked).lowest)


def _month(day: date) -> str:
    return day.isoformat()[:7]
