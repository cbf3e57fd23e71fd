"""Periods, their neighbours, and what day it is in three zones."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.periods import Kind, local_date, parse, period_of, previous, zone

KINDS: list[Kind] = ["month", "quarter", "semester", "year", "week"]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-S1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-S2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
    ],
)
def test_first_and_last_day(name: str, first: date, last: date) -> None:
    period = parse(name)
    assert (period.name, period.first, period.last) == (name, first, last)


def test_lower_case_and_spaces_mean_the_same() -> None:
    assert parse(" 2026-w47 ") == parse("2026-W47")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "26",
        "2026-S3",
        "2026-Q0",
        "2026-13",
        "2026-00",
        "2026-1",
        "2026-W00",
        "2025-W53",
        "2026-W7",
        "2026-11-01",
        "2026Q4",
        "0000",
        "２０２６",
        "2026-",
        "2026-Q4 2",
        "kemarin",
    ],
)
def test_no_such_period(name: str) -> None:
    with pytest.raises(ValueError, match=r"There is no period .* Write a year \(2026\)"):
        parse(name)


@given(st.sampled_from(KINDS), st.dates(date(1990, 1, 1), date(2200, 12, 31)))
def test_a_day_lies_in_its_period_and_periods_join(kind: Kind, day: date) -> None:
    period = period_of(kind, day)
    assert period.kind == kind
    assert period.first <= day <= period.last
    assert parse(period.name) == period
    assert period_of(kind, period.first) == period_of(kind, period.last) == period
    assert previous(period).last == period.first - timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("2026", "2025"),
        ("2026-S1", "2025-S2"),
        ("2026-Q1", "2025-Q4"),
        ("2026-01", "2025-12"),
        ("2027-W01", "2026-W53"),
        ("2026-W01", "2025-W52"),
    ],
)
def test_previous(name: str, before: str) -> None:
    assert previous(parse(name)) == parse(before)


def test_zones_of_indonesia() -> None:
    """22:30 UTC: 05:30 the next day in Jakarta, 06:30 in Makassar, 07:30 in Jayapura."""
    at = datetime(2026, 11, 15, 22, 30, tzinfo=UTC)
    hours = [at.astimezone(zone(name)).hour for name in ("WIB", "wita", "WIT")]
    assert hours == [5, 6, 7]
    assert zone("Asia/Pontianak").key == "Asia/Pontianak"


@pytest.mark.parametrize("name", ["", "WIBB", "Asia", "../etc/passwd", "/etc/passwd", "Asia/Ambon"])
def test_no_such_zone(name: str) -> None:
    with pytest.raises(ValueError, match=r"There is no time zone .* WIB, WITA, WIT"):
        zone(name)


def test_local_date_turns_at_local_midnight() -> None:
    """Midnight of 16 November in Makassar is 16:00 UTC of the 15th."""
    midnight = datetime(2026, 11, 15, 16, 0, tzinfo=UTC).timestamp()
    assert local_date(midnight - 0.001, "WITA") == date(2026, 11, 15)
    assert local_date(midnight, "WITA") == date(2026, 11, 16)
    assert local_date(midnight, "WIB") == date(2026, 11, 15)
