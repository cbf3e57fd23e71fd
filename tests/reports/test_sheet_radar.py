"""Beside the index that counts everyone stands that without the marked, if it tells of no few."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from reports.jobs.due import radars
from reports.stored.fold import fold
from reports.stored.verify import verify
from tests.support.offices import NOON, Chance, draft, office, respond, unit_row
from tests.support.publishing import DAY, LATER, WEEK, closed, corrected, erase_some, show_week


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST"), unit_row("DUKCAPIL")) as engine:
        yield engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def varied(connection: Connection, code: str, number: int, at: int = NOON, **more: Any) -> None:
    """So many that the radar finds nothing in: by turns, far apart. In pairs their IKM is 75."""
    ways = ([2, 3, 4, 2, 3, 4, 2, 3, 4], [4, 3, 2, 4, 3, 2, 4, 3, 2])
    chance = Chance(f"varied {code} {number} {at} {more}")
    for n in range(number):
        respond(connection, code, chance, draft(at + 900 * n, ways[n % 2], **more))


def burst(connection: Connection, number: int, at: int = NOON + DAY, **more: Any) -> None:
    """So many at once, all 4: 10 in 10 minutes are a burst, whom "without marked" leaves out."""
    chance = Chance(f"burst {number} {at} {more}")
    for n in range(number):
        respond(connection, "SMST", chance, draft(at + n, 4, **more))


def test_the_index_stands_with_and_without_the_marked(connection):
    varied(connection, "SMST", 8)
    burst(connection, 12)
    made = closed(connection, "SMST")
    # (8 · 3 + 12 · 4) / 20 × 25 = 90; without the twelve 3 × 25
    assert (made["n"], made["index"]["ikm"]) == (20, "90.00")
    without = made["radar"]["without_marked"]
    assert (without["n"], without["ikm"], without["grade"]) == (8, "75.00", "C")
    assert made["radar"]["marks"]["burst"] == {"n": 12, "checked": 20}
    assert made["radar"]["limits"] == "radar-3"
    assert made["withheld"] == []


def test_where_few_are_not_marked_neither_is_told(connection):
    varied(connection, "SMST", 3)
    burst(connection, 12)
    made = closed(connection, "SMST")
    assert made["radar"]["without_marked"] == {
        "n": None, "skm": None, "ikm": None, "grade": None, "label": None,
    }  # fmt: skip
    assert made["radar"]["marks"]["burst"] is None
    assert made["withheld"] == ["without_marked"]


def test_where_few_of_a_source_are_marked_only_the_sources_are_shown(connection):
    varied(connection, "SMST", 8)
    varied(connection, "SMST", 6, source="assisted", at=NOON + 60)
    burst(connection, 9)
    burst(connection, 3, source="assisted")
    made = closed(connection, "SMST")
    assert made["sources"]["assisted"]["n"] == 9
    assert made["sources"]["assisted"]["ikm"] is not None
    assert made["withheld"] == ["without_marked"]


def test_where_few_of_a_shown_week_are_marked_nothing_is_told_without_them(connection):
    varied(connection, "SMST", 8)
    burst(connection, 3, at=NOON - WEEK)
    burst(connection, 9, at=NOON - WEEK + 100)
    varied(connection, "SMST", 3, at=NOON - WEEK + DAY)
    show_week(connection, "SMST", "2026-W46")
    made = closed(connection, "SMST")
    assert made["withheld"] == ["without_marked"]


def test_a_period_published_late_shows_what_the_radar_kept(engine):
    with engine.begin() as connection:
        varied(connection, "SMST", 8)
        burst(connection, 12)
        varied(connection, "DUKCAPIL", 8)
    assert radars(engine, LATER) == 2
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE response SET submitted_at = NULL")
        made = closed(connection, "SMST", at=LATER + 30 * DAY)
        assert made["radar"]["without_marked"]["ikm"] == "75.00"
        respond(connection, "DUKCAPIL", Chance(1), draft())
        assert closed(connection, "DUKCAPIL", at=LATER + 30 * DAY)["radar"] is None


def test_late_the_marked_are_not_told_beside_sources(engine):
    """Without ids nobody knows who of a source was marked."""
    with engine.begin() as connection:
        varied(connection, "SMST", 8)
        burst(connection, 12, source="assisted")
    radars(engine, LATER)
    with engine.begin() as connection:
        made = closed(connection, "SMST", at=LATER + 30 * DAY)
    assert made["withheld"] == ["without_marked"]


def test_no_correction_while_it_might_tell_of_few_beside_the_marked(engine):
    """Of 30, 12 are marked. Were 10 of those erased, 2 of them would be left, to be told."""
    with engine.begin() as connection:
        varied(connection, "SMST", 18)
        burst(connection, 12)
        closed(connection, "SMST")
    fold(engine)
    unmarked = "CAST(answers AS TEXT) LIKE '%2%'"
    for erased, made in ((5, 1), (5, 0)):
        erase_some(engine, erased, unmarked)
        assert corrected(engine) == made, erased
    assert verify(engine) == []
