"""A period is closed once, when it is over, and whole."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine

from flows.engine.conversation import Conversation
from reports.sheets.check import differences
from reports.sheets.publish import PublishRefused, made, publish
from storage.chat import conversations
from storage.chat.conversations import Kept
from storage.database.connect import open_engine
from storage.index import sheets
from storage.periods import parse
from tests.support.offices import NOON, office, unit_of, unit_row
from tests.support.publishing import COST_BLANK, DAY, LATER, answered, closed, run_in


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    units = (
        unit_row("SMST", population=100),
        unit_row("SORONG", "WIT"),
        unit_row("BULANAN", period="month"),
    )
    with office(database_url, *units) as engine:
        yield engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def refusal(connection: Connection, *wanted: Any) -> str:
    before = len(sheets.publishing(connection))
    with pytest.raises(PublishRefused) as refused:
        closed(connection, *wanted)
    assert len(sheets.publishing(connection)) == before
    return str(refused.value)


# What a sheet says. Figures by hand: 6 responses of 3 and 4 of 4 in every item.


def test_a_sheet_says_what_its_responses_add_up_to(connection):
    answered(connection, "SMST", 6, values=3)
    answered(connection, "SMST", 4, values=4)
    sheet = closed(connection, "SMST")
    assert (sheet["number"], sheet["previous"], sheet["corrects"]) == (1, None, None)
    assert sheet["n"] == 10
    assert sheet["sums"]["cost"] == {"n": 10, "sum": 34}
    index = sheet["index"]
    # 3.4 × 25 = 85.00; t(9) = 2.2622, z = ±, SE² = 10/9 · Σ (25 (x − 3.4) / 10)² = 16.667,
    # times (100 − 10) / 99: SE 3.8925, so 85 ± 8.81
    assert (index["skm"], index["ikm"], index["grade"]) == ("3.4000", "85.00", "B")
    assert index["ci95"] == ["76.19", "93.81"]
    assert index["alpha"] == "1.0000"  # every item says the same
    assert sheet["sample"] == {"needed": 80, "enough": False}
    assert sheet["published"] == "2027-01-04T12:00:00+07:00"
    assert sheet["leaves"]["number"] == 10
    assert (sheet["left_out"], sheet["withheld"]) == ([], [])


def test_each_sheet_holds_the_hash_of_the_one_before_in_its_unit(connection):
    answered(connection, "SMST", 1)
    for days, month in ((-30, "2026-10"), (0, "2026-11"), (30, "2026-12")):
        answered(connection, "BULANAN", 1, at=NOON + days * DAY)
        closed(connection, "BULANAN", month)
    closed(connection, "SMST")
    first, second, third = sheets.of_unit(connection, unit_of(connection, "BULANAN").id)
    assert [sheet.number for sheet in (first, second, third)] == [1, 2, 3]
    assert json.loads(second.content)["previous"] == first.hash.hex()
    assert json.loads(third.content)["previous"] == second.hash.hex()


def test_an_element_that_nobody_answered_is_named(connection):
    answered(connection, "SMST", 6, values=COST_BLANK)
    sheet = closed(connection, "SMST")
    assert sheet["left_out"] == ["cost"]
    assert sheet["index"]["elements"]["cost"] is None
    assert sheet["index"]["ikm"] == "75.00"


def test_a_period_without_any_answer_is_refused(connection):
    answered(connection, "SMST", 1, at=LATER)
    assert "Nobody answered in SMST in 2026-Q4" in refusal(connection, "SMST")


def test_responses_of_other_days_units_and_surveys_are_not_in_it(connection):
    answered(connection, "SMST", 5)
    answered(connection, "SMST", 5, at=LATER)
    answered(connection, "SORONG", 5)
    assert closed(connection, "SMST", at=LATER)["n"] == 5


@pytest.mark.parametrize("between", ["nothing", "an answer", "an erasing", "a sheet"])
def test_a_sheet_made_beforehand_is_made_anew_where_anything_came_between(connection, between):
    answered(connection, "BULANAN", 6)
    unit, november = unit_of(connection, "BULANAN"), parse("2026-11")
    ready = made(connection, unit, november, LATER)
    if between == "an answer":
        answered(connection, "BULANAN", 1, values=4)
    elif between == "an erasing":
        run_in(connection, "DELETE FROM response WHERE id = (SELECT min(id) FROM response)")
    elif between == "a sheet":
        answered(connection, "BULANAN", 1, at=NOON - 30 * DAY)
        closed(connection, "BULANAN", "2026-10")
    content = publish(connection, unit, november, LATER, ready)
    assert (content == ready.content) == (between == "nothing")
    assert content["n"] == {"an answer": 7, "an erasing": 5}.get(between, 6)
    assert list(differences(connection)) == []


# When it may be closed.


@pytest.mark.parametrize(
    ("code", "period", "said"),
    [
        ("SMST", "2026-11", "by the quarter, and 2026-11 is a month. Write --period 2026-Q4"),
        ("BULANAN", "2026-Q4", "by the month, and 2026-Q4 is a quarter. Write --period 2026-10"),
        ("SMST", "2027-Q2", "has not begun. It runs from 2027-04-01 to 2027-06-30."),
        ("SMST", "2027-Q1", "still running, until the end of 2027-03-31 in Asia/Jakarta"),
    ],
)
def test_only_a_period_of_its_own_that_has_ended(connection, code, period, said):
    assert said in refusal(connection, code, period)


def test_it_ends_by_the_units_own_clock(connection):
    """At 23:30 in Jakarta the new year has begun in Sorong (UTC+9)."""
    answered(connection, "SORONG", 1)
    at = int(datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp())
    assert "Publish it from 2027-01-01 on." in refusal(connection, "SMST", "2026-Q4", at)
    assert closed(connection, "SORONG", at=at)["number"] == 1


def test_not_twice_and_not_over_another(connection):
    answered(connection, "SMST", 1)
    answered(connection, "BULANAN", 1)
    closed(connection, "SMST")
    assert "published already, as sheet 1. See it: skm sheet SMST" in refusal(connection, "SMST")
    closed(connection, "BULANAN", "2026-11")
    run_in(connection, "UPDATE unit SET period = 'quarter' WHERE code = 'BULANAN'")
    assert "2026-Q4 of BULANAN overlaps 2026-11, which is published as sheet 1" in refusal(
        connection, "BULANAN"
    )


def test_a_population_smaller_than_the_responses(connection):
    run_in(connection, "UPDATE unit SET population = 4 WHERE code = 'SMST'")
    answered(connection, "SMST", 5)
    assert "SMST has 5 responses in 2026-Q4, but a population of 4 users." in refusal(
        connection, "SMST"
    )


def talk(connection: Connection, name: str, began: int, last: int, status: str = "open") -> None:
    about = {"unit": "SMST"}
    talking = Conversation(name, "survey", "x", "SMST", "id", began, last, about, status=status)
    conversations.insert_all(connection, [Kept(f"tg:{name}", 0, talking)])


def test_not_while_surveys_begun_in_it_are_open(connection):
    answered(connection, "SMST", 1)
    new_year = LATER - 3 * DAY
    talk(connection, "a", new_year - DAY, new_year + DAY)
    talk(connection, "b", new_year - 2 * DAY, new_year - DAY)
    talk(connection, "c", new_year - 2 * DAY, new_year, status="finished")
    talk(connection, "d", new_year + DAY, new_year + DAY)  # begun in the next period
    said = refusal(connection, "SMST")
    # Noon of 31 December, when the later one was begun, and seven days
    assert said.startswith("2 surveys of SMST that were begun in 2026-Q4 are still open")
    assert "until 2027-01-07 12:00 (Asia/Jakarta)" in said
    run_in(connection, "UPDATE conversation SET status = 'finished' WHERE id IN ('a', 'b')")
    assert closed(connection, "SMST")["number"] == 1


def test_two_who_close_a_period_at_once_make_one_sheet(postgres_url):
    """Both have made their sheet before either keeps it."""
    both = Barrier(2)

    def close(_: int) -> str:
        engine = open_engine(postgres_url)
        try:
            with engine.connect() as reading:
                unit = unit_of(reading, "SMST")
                ready = made(reading, unit, parse("2026-Q4"), LATER)
            both.wait(10)
            with engine.begin() as connection:
                publish(connection, unit, parse("2026-Q4"), LATER, ready)
            return "closed"
        except PublishRefused as refused:
            return str(refused)
        finally:
            engine.dispose()

    with office(postgres_url, unit_row("SMST")) as engine, ThreadPoolExecutor() as pool:
        with engine.begin() as connection:
            answered(connection, "SMST", 1)
        said = sorted(pool.map(close, range(2)))
    assert "published already, as sheet 1" in said[0]
    assert said[1] == "closed"
