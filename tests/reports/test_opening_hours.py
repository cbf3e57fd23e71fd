"""Opening hours: what offices write, the minutes at their edges, and what is refused."""

import re
from datetime import datetime

import pytest

from reports.opening_hours import OpeningHours, Span, parse

MONDAY = 16  # of November 2026
WEEKDAYS = ((Span(480, 900),),) * 5


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """`day`: 0 is Monday."""
    return datetime(2026, 11, MONDAY + day, hour, minute)


def hours(text: str) -> OpeningHours:
    found = parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Mon-Fri 08:00-15:00; Sat 08:00-12:00",
        "Senin–Jumat 08.00–15.00; Sabtu 08.00–12.00",
        "senin s/d jum'at: 08.00 - 15.00, SABTU 8:00-12:00",
        "Monday, Tue, Rabu dan Kamis-Jum’at 08:00—15:00; Sab 08:00 sampai 12:00; Minggu tutup",
    ],
)
def test_what_offices_write(text: str) -> None:
    assert hours(text).days == (*WEEKDAYS, (Span(480, 720),), ())


def test_a_break_at_noon_and_days_round_the_end_of_the_week() -> None:
    found = hours("Sat-Mon 13:00-15:00, 08:00-12:00")
    both = (Span(480, 720), Span(780, 900))
    assert found.days == (both, (), (), (), (), both, both)


def test_an_emergency_room_never_closes() -> None:
    assert hours("Setiap hari 24 jam").days == ((Span(0, 1440),),) * 7
    assert hours("Setiap hari 24 jam").is_open(at(6, 23, 59))


def test_nothing_written_is_nothing_known() -> None:
    assert parse("") is None
    assert parse("  ") is None


@pytest.mark.parametrize(
    ("moment", "open"),
    [
        (at(0, 7, 59), False),
        (at(0, 8), True),
        (at(4, 15), True),
        (at(4, 15, 1), False),
        (at(5, 12), True),
        (at(5, 12, 1), False),
        (at(6, 10), False),
    ],
)
def test_the_minutes_at_the_edges(moment: datetime, open: bool) -> None:
    assert hours("Mon-Fri 08:00-15:00; Sat 08:00-12:00").is_open(moment) is open


@pytest.mark.parametrize(
    ("moment", "open"),
    [
        (at(0, 7), True),
        (at(0, 6, 59), False),
        (at(0, 16), True),
        (at(0, 16, 1), False),
        # Sunday closes at 23:30, so that its hour of grace ends on Monday, round the week's end.
        (at(0, 0, 30), True),
        (at(0, 0, 31), False),
    ],
)
def test_an_hour_of_grace_on_both_sides(moment: datetime, open: bool) -> None:
    assert hours("Mon 08:00-15:00; Sun 20:00-23:30").is_open(moment, grace=60) is open


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("08:00-15:00", "“08:00-15:00” stands without a day before it"),
        ("tutup", "“tutup” stands without a day before it"),
        ("Senin-Jumat", "Senin has no times; write them, or “tutup”"),
        ("Senin; Selasa 08:00-15:00", "Senin has no times"),
        ("Senin-Jumat 08:00-15:00; Jumat 08:00-11:00", "Jumat is there twice"),
        ("Senen 08:00-15:00", "“senen” is no day of the week"),
        ("Senin 08:00-15:60", "“15:60” is no time of day"),
        ("Senin 08:00-24:01", "“24:01” is no time of day"),
        ("Senin 20:00-04:00", "“20:00-04:00” ends before it begins"),
        ("Senin 08:00-08:00", "“08:00-08:00” ends before it begins"),
        ("Senin 08:00-12:00, 11:00-15:00", "Two times of one day overlap"),
        ("Senin 08:00", "“08:00” cannot be read"),
        ("Senin 8-15", "“8-15” cannot be read"),
        ("Senin 08:00-15:00 WIB", "Leave out “WIB”"),
        ("Senin 08:00-12:00-15:00", "“08:00-12:00-15:00” cannot be read"),
        ("Senin-Rabu-Jumat 08:00-15:00", "“senin-rabu-jumat 08:” cannot be read"),
    ],
)
def test_what_is_refused_and_why(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=re.escape(fault)):
        parse(text)
