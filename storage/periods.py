"""Periods by name, and days in the zones of Indonesia.

Names: `2026`, `2026-S2` (semester), `2026-Q4`, `2026-11`, `2026-W47` (ISO 8601 week, Monday to
Sunday; its year is the one that holds its Thursday).
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, cast
from zoneinfo import ZoneInfo

from flows.operator_words import tr

Kind = Literal["month", "quarter", "semester", "year", "week"]

CAPITAL = "Asia/Jakarta"  # whose clock counts for all; a day ends there last
ZONES = {"WIB": CAPITAL, "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}

MONTHS: Mapping[Kind, int] = {"year": 12, "semester": 6, "quarter": 3, "month": 1}
_NAMES = {
    "year": "{0:04}",
    "semester": "{0:04}-S{1}",
    "quarter": "{0:04}-Q{1}",
    "month": "{0:04}-{1:02}",
    "week": "{0:04}-W{1:02}",
}
_NAME = re.compile(
    r"([12][0-9]{3})"
    r"(-(S(?P<semester>[12])|Q(?P<quarter>[1-4])|W(?P<week>[0-9]{2})|(?P<month>[0-9]{2})))?"
)


@dataclass(frozen=True)
class Period:
    """`first` and `last` are days, both in the period."""

    name: str
    first: date
    last: date
    kind: Kind

    def overlaps(self, first: date, last: date) -> bool:
        """Whether one of these days, both included, lies in it."""
        return self.first <= last and first <= self.last


def parse(name: str) -> Period:
    """The period of that name. ValueError with a sentence: no such period."""
    match = _NAME.fullmatch(name.strip().upper())
    if match:
        found = [(kind, part) for kind, part in match.groupdict().items() if part]
        kind, number = found[0] if found else ("year", "1")
        try:
            return _period(cast(Kind, kind), int(match[1]), int(number))
        except ValueError:  # month 13, week 53 of a year that has 52
            pass
    raise ValueError(
        tr(
            "There is no period “{0}”. Write a year (2026), semester (2026-S2), quarter (2026-Q4), "
            "month (2026-11) or ISO week (2026-W47).",
            name,
        )
    )


def period_of(kind: Kind, day: date) -> Period:
    """The period of that kind in which the day lies."""
    if kind == "week":
        year, week, _ = day.isocalendar()
        return _period(kind, year, week)
    return _period(kind, day.year, (day.month - 1) // MONTHS[kind] + 1)


def previous(period: Period) -> Period:
    """The period of the same kind that ends the day before."""
    return period_of(period.kind, period.first - timedelta(days=1))


def zone(name: str) -> ZoneInfo:
    """WIB, WITA, WIT or an IANA name. ValueError with a sentence: no such zone."""
    try:
        return ZoneInfo(ZONES.get(name.strip().upper(), name.strip()))
    except (KeyError, ValueError, OSError):  # unknown, no relative path, a folder of zones
        raise ValueError(
            f"There is no time zone “{name}”. Write WIB, WITA, WIT or an IANA name such as "
            "Asia/Makassar."
        ) from None


def zone_name(key: str) -> str:
    """WIB, WITA or WIT, or the IANA name of another zone."""
    return next((name for name, each in ZONES.items() if each == key), key)


def local_time(at: float, timezone: str) -> datetime:
    """What the clocks of a time zone say at a Unix time in seconds."""
    return datetime.fromtimestamp(at, zone(timezone))


def local_date(at: float, timezone: str) -> date:
    """The day that it is there."""
    return local_time(at, timezone).date()


def _period(kind: Kind, year: int, number: int) -> Period:
    name = _NAMES[kind].format(year, number)
    if kind == "week":
        first = date.fromisocalendar(year, number, 1)
        return Period(name, first, first + timedelta(days=6), kind)
    last_month = number * MONTHS[kind]
    first = date(year, last_month - MONTHS[kind] + 1, 1)
    last = date(year, last_month, monthrange(year, last_month)[1])
    return Period(name, first, last, kind)
