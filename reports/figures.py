"""The tally of any units and days: folded months where they are whole, rows for the days beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from flows.files import CURRENT, instrument
from reports.fold import counted, decoded
from reports.tally import Tally
from storage import tallies
from storage.periods import period_of

_DAY = timedelta(days=1)
EVER = (date.min, date.max)


def tally_of(
    connection: Connection, units: Sequence[int] | None, first: date, last: date
) -> Tally:
    """Responses to the newest instrument of the local days `first` to `last`, both included.

    `units`: their ids, None for all. Folded responses only where a whole month lies between the
    days: fold first (`reports.fold.fold`).
    """
    begin, end = _whole_months(first, last)
    if begin > end:
        return _of_rows(connection, units, [(first, last)])
    months = tallies.cells(connection, CURRENT, units, _month(begin), _month(end))
    rest = _of_rows(connection, units, _beside(first, last, begin, end))
    return sum((decoded(data) for _, data in months), rest)


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
    connection: Connection, units: Sequence[int] | None, days: Iterable[tuple[date, date]]
) -> Tally:
    rows = [
        counted(row)
        for first, last in days
        for row in tallies.rows_between(connection, CURRENT, units, first, last)
    ]
    return Tally.of(instrument(CURRENT).keys, rows)


def _month(day: date) -> str:
    return day.isoformat()[:7]
