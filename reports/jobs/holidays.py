"""Public holidays and joint leave days (cuti bersama) of Indonesia, as the ministers decree them.

The days come from the library `holidays`, which follows the yearly decree of three ministers (SKB
Tiga Menteri); those after the last decree are computed and may move. A new decree comes with its
next release.
"""

from datetime import date, timedelta
from functools import cache

_SATURDAY = 5


def is_holiday(day: date) -> bool:
    return day in _holidays(day.year)


def working_day(day: date) -> date:
    """That day, or if it is a holiday the next one that is none and no Saturday or Sunday."""
    if not is_holiday(day):
        return day
    while is_holiday(day) or day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day


@cache
def _holidays(year: int) -> frozenset[date]:
    from holidays.countries.indonesia import Indonesia  # slow to import

    # The categories one by one: the library leaves out a day that is in both.
    return frozenset(
        day for kind in ("public", "government") for day in Indonesia(years=year, categories=kind)
    )


def working_days(first: date, last: date) -> int:
    """How many there are, both days included, Monday to Friday."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sum(day.weekday() < _SATURDAY and not is_holiday(day) for day in days)
