"""Holidays against the decree of three ministers for 2026 (SKB 1497/2025, 2/2025, 5/2025)."""

from datetime import date, timedelta

import pytest

from reports.jobs.holidays import is_holiday, working_day

PUBLIC = "01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17"
PUBLIC += " 08-25 12-25"
JOINT = "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24"


def test_the_days_of_2026_are_those_of_the_decree():
    decreed = {date.fromisoformat(f"2026-{day}") for day in f"{PUBLIC} {JOINT}".split()}
    every_day = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    assert {day for day in every_day if is_holiday(day)} == decreed


@pytest.mark.parametrize(
    ("day", "then"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-08-17", "2026-08-18"),  # Monday, Independence Day
        ("2026-03-18", "2026-03-25"),  # Wednesday: Nyepi, Idul Fitri, a Sunday, joint leave
        ("2026-12-24", "2026-12-28"),  # Thursday, then Christmas and a weekend
        ("2026-11-22", "2026-11-22"),  # a Sunday that is no holiday may be chosen
    ],
)
def test_what_falls_on_a_holiday_waits_for_the_next_working_day(day, then):
    assert working_day(date.fromisoformat(day)) == date.fromisoformat(then)
