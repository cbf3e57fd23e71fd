"""What stands beside a unit's figures: its agency's means and its place, only of what was shown."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from reports.digest.composed import Place
from reports.digest.unit_week import weekly
from reports.sheets.publish import publish
from reports.statistics.inference import Estimate, interval_of, variance_of
from storage.periods import parse
from tests.support.offices import Chance, draft, keep_all, office, unit_of, unit_row

NAMES = ("AA", "BB", "CC", "DD")
LATER = int(datetime(2026, 11, 23, 2, tzinfo=UTC).timestamp())


@pytest.fixture
def connection(sqlite_url: str) -> Iterator[Connection]:
    units = [unit_row(name, population=None) for name in NAMES]
    with office(sqlite_url, *units) as engine, engine.begin() as connection:
        yield connection


def come(connection: Connection, code: str, day: date, *values: int, times: int = 1) -> None:
    drafts = [draft(day, value) for value in values for _ in range(times)]  # type: ignore[arg-type]
    keep_all(connection, unit_of(connection, code), drafts, Chance(f"{code}{day}"))


def week(connection: Connection, code: str, name: str):
    return weekly(connection, unit_of(connection, code), parse(name), LATER)


def dots(connection: Connection, code: str) -> set[str | None]:
    return {each.agency for each in week(connection, code, "2026-W47").elements}


def test_the_agencys_dot_is_the_mean_of_what_three_units_showed_the_week_before(connection):
    before = date(2026, 11, 11)
    for code, value in zip(NAMES, (2, 3, 4, 4), strict=True):
        come(connection, code, before, value, times=6 if code != "DD" else 4)
        come(connection, code, date(2026, 11, 18), 3, times=6)
        week(connection, code, "2026-W46")
    # Of DD only four came: (2 + 3 + 4) / 3, whoever asks.
    assert dots(connection, "AA") == dots(connection, "DD") == {"3.00"}


def test_of_two_units_there_is_no_dot(connection):
    for code in NAMES[:2]:
        come(connection, code, date(2026, 11, 11), 3, times=6)
        come(connection, code, date(2026, 11, 18), 3, times=6)
        week(connection, code, "2026-W46")
    assert dots(connection, "AA") == {None}


def test_the_place_is_by_published_sheets_of_the_period_before(connection):
    day = date(2026, 8, 5)
    # Forty each; surely apart: 1.5, 2.5 (twice, nearly) and 3.5 on average.
    given = {"AA": (1, 2), "BB": (2, 3), "CC": (2, 3), "DD": (3, 4)}
    for code, values in given.items():
        come(connection, code, day, *values, times=20)
        come(connection, code, date(2026, 11, 18), 3, times=6)
        if code != "CC":
            publish(connection, unit_of(connection, code), parse("2026-Q3"), LATER)
    assert week(connection, "AA", "2026-W47").standing == Place("2026-Q3", 3, 3, 3)
    assert week(connection, "DD", "2026-W47").standing == Place("2026-Q3", 1, 1, 3)
    # What is not published is not told, not even to itself.
    assert week(connection, "CC", "2026-W47").standing is None
    publish(connection, unit_of(connection, "CC"), parse("2026-Q3"), LATER)
    assert week(connection, "BB", "2026-W46").standing == Place("2026-Q3", 2, 3, 4)


@given(st.floats(0.01, 4), st.integers(5, 400), st.none() | st.integers(401, 10_000))
def test_the_error_is_found_back_from_a_printed_interval(variance, n, population):
    estimate = Estimate(Fraction(70), variance, n)
    ends = interval_of(estimate, population, Fraction(25), Fraction(100))
    assert ends is not None
    if ends[0] > 25 and ends[1] < 100:
        half_width = (ends[1] - ends[0]) / 2
        assert variance_of(half_width, n, population) == pytest.approx(variance)
