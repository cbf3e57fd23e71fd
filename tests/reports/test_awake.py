"""By night nobody is written to unasked: the hours of each zone, and what a broadcast says of them.

2026-11-19 12:00 in Jakarta is 13:00 in Makassar and 14:00 in Jayapura.
"""

import pytest

from bot.office.people.broadcast import night
from reports.jobs.quiet_hours import awake_at
from tests.support.offices import NOON

HOUR = 3_600
WIB, WIT = "Asia/Jakarta", "Asia/Jayapura"


@pytest.mark.parametrize(
    ("timezone", "hour", "waits"),
    [
        (WIB, 6, 1),
        (WIB, 7, 0),
        (WIB, 20, 0),
        (WIB, 21, 10),
        (WIB, 24, 7),  # midnight: the same morning
        (WIT, 18, 0),
        (WIT, 19, 10),  # 21:00 there
        (WIT, 4, 1),  # 06:00 there
    ],
)
def test_what_is_said_at_night_waits_for_the_morning(timezone, hour, waits):
    at = NOON + (hour - 12) * HOUR
    assert awake_at(timezone, at) == at + waits * HOUR


@pytest.mark.parametrize(
    ("hour", "zones", "said"),
    [
        (12, (WIB, WIT), ""),
        (20, (WIB,), ""),
        (20, (WIB, WIT), "some"),
        (21, (WIB, WIT), "tomorrow"),
        (23, (WIB, WIT), "some"),  # 01:00 there: today, here: tomorrow
        (26, (WIB, WIT), "today"),
    ],
)
def test_what_a_broadcast_says_of_thenight(hour, zones, said):
    assert night(zones, NOON + (hour - 12) * HOUR) == said
