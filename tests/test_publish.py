"""A period is closed once, when it is over, and whole; what it shows tells nothing of a few."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine

from flows.conversation import Conversation
from reports.publish import PublishRefused, publish
from reports.unit_week import weekly
from storage import conversations, sheets
from storage.conversations import Kept
from storage.periods import parse
from tests.offices import NOON, Chance, draft, office, respond, unit_of, unit_row

DAY, WEEK = 86_400, 7 * 86_400
AUTUMN = parse("2026-Q4")
# Four days into the new year, noon in Jakarta.
LATER = int(datetime(2027, 1, 4, 12, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp())


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


def answered(connection: Connection, code: str, number: int, at: int = NOON, **more: Any) -> None:
    chance = Chance(f"{code} {at} {number} {more}")
    for _ in range(number):
        respond(connection, code, chance, draft(at, **more))


def closed(connection: Connection, code: str, period: str = "2026-Q4", at: int = LATER) -> Any:
    return publish(connection, unit_of(connection, code), parse(period), at)


def run_in(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


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
    made = closed(connection, "SMST")
    assert (made["number"], made["previous"], made["corrects"]) == (1, None, None)
    assert made["n"] == 10
    assert made["sums"]["cost"] == {"n": 10, "sum": 34}
    index = made["index"]
    # 3.4 × 25 = 85.00; t(9) = 2.2622, z = ±, SE² = 10/9 · Σ (25 (x − 3.4) / 10)² = 16.667,
    # times (100 − 10) / 99: SE 3.8925, so 85 ± 8.81
    assert (index["skm"], index["ikm"], index["grade"]) == ("3.4000", "85.00", "B")
    assert index["ci95"] == ["76.19", "93.81"]
    assert index["alpha"] == "1.0000"  # every item says the same
    assert made["sample"] == {"needed": 80, "enough": False}
    assert made["published"] == "2027-01-04T12:00:00+07:00"
    assert made["leaves"]["number"] == 10
    assert (made["left_out"], made["withheld"]) == ([], [])


def test_each_sheet_holds_the_hash_of_the_one_before_in_its_unit(connection):
    for month in ("2026-10", "2026-11", "2026-12"):
        closed(connection, "BULANAN", month)
    closed(connection, "SMST")
    first, second, third = sheets.of_unit(connection, unit_of(connection, "BULANAN").id)
    assert [sheet.number for sheet in (first, second, third)] == [1, 2, 3]
    assert json.loads(second.content)["previous"] == first.hash.hex()
    assert json.loads(third.content)["previous"] == second.hash.hex()


def test_an_element_that_nobody_answered_is_named(connection):
    answered(connection, "SMST", 6, values=[3, 3, 3, None, 3, 3, 3, 3, 3])
    made = closed(connection, "SMST")
    assert made["left_out"] == ["cost"]
    assert made["index"]["elements"]["cost"] is None
    assert made["index"]["ikm"] == "75.00"


def test_a_period_without_responses_is_published_as_such(connection):
    made = closed(connection, "SMST")
    assert made["n"] == 0
    assert made["index"]["ikm"] is None
    assert made["leaves"]["number"] == 0


def test_responses_of_other_days_units_and_surveys_are_not_in_it(connection):
    answered(connection, "SMST", 5)
    answered(connection, "SMST", 5, at=LATER)
    answered(connection, "SORONG", 5)
    assert closed(connection, "SMST", at=LATER)["n"] == 5


# When it may be closed.


@pytest.mark.parametrize(
    ("code", "period", "said"),
    [
        ("SMST", "2026-11", "by the quarter, and 2026-11 is a month. Write --period 2026-Q4"),
        ("BULANAN", "2026-Q4", "by the month, and 2026-Q4 is a quarter. Write --period 2026-10"),
        ("SMST", "2027-Q1", "still running, until the end of 2027-03-31 in Asia/Jakarta"),
    ],
)
def test_only_a_period_of_its_own_that_has_ended(connection, code, period, said):
    assert said in refusal(connection, code, period)


def test_it_ends_by_the_units_own_clock(connection):
    """At 23:30 in Jakarta the new year has begun in Sorong (UTC+9)."""
    at = int(datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp())
    assert "Publish it from 2027-01-01 on." in refusal(connection, "SMST", "2026-Q4", at)
    assert closed(connection, "SORONG", at=at)["number"] == 1


def test_not_twice_and_not_over_another(connection):
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
    new_year = LATER - 3 * DAY
    talk(connection, "a", new_year - DAY, new_year + DAY)
    talk(connection, "b", new_year - 2 * DAY, new_year - DAY)
    talk(connection, "c", new_year - 2 * DAY, new_year, status="finished")
    talk(connection, "d", new_year + DAY, new_year + DAY)  # begun in the next period
    said = refusal(connection, "SMST")
    # Noon of 2 January, and seven days
    assert said.startswith("2 surveys of SMST that were begun in 2026-Q4 are still open")
    assert "until 2027-01-09 12:00 (Asia/Jakarta)" in said
    run_in(connection, "UPDATE conversation SET status = 'finished' WHERE id IN ('a', 'b')")
    assert closed(connection, "SMST")["number"] == 1


# The release rule: what a sheet shows beside what was shown before.


@pytest.mark.parametrize("n", [1, 4])
def test_of_fewer_than_five_only_the_number_is_shown(connection, n):
    answered(connection, "SMST", n)
    made = closed(connection, "SMST")
    assert made["n"] == n
    assert "figures" in made["withheld"]
    assert shows_nothing(made)


def shows_nothing(made: Any) -> bool:
    sums = [each["sum"] for each in made["sums"].values()]
    figures = [made["index"][name] for name in ("skm", "ikm", "grade", "label", "ci95", "alpha")]
    parts = [part["ikm"] for part in (*made["sources"].values(), made["verified"])]
    means = list(made["index"]["elements"].values())
    return {*sums, *figures, *parts, *means} == {None}


COST_BLANK = [3, 3, 3, None, 3, 3, 3, 3, 3]


def test_an_item_few_answered_is_hidden_with_a_second_one(connection):
    answered(connection, "SMST", 3, values=4)
    answered(connection, "SMST", 7, values=COST_BLANK)
    made = closed(connection, "SMST")
    hidden = [name for name in made["withheld"] if name.startswith("items.")]
    assert len(hidden) == 2
    assert "items.cost" in hidden
    assert [made["sums"][name.removeprefix("items.")]["sum"] for name in hidden] == [None, None]
    assert made["index"]["ikm"] is not None


def show_week(connection: Connection, code: str, name: str) -> None:
    """Release the digest of a week, as its head gets it."""
    weekly(connection, unit_of(connection, code), parse(name), LATER)


def test_a_week_that_was_hidden_is_not_told_by_its_period(connection):
    answered(connection, "SMST", 10)
    answered(connection, "SMST", 3, at=NOON - WEEK)
    for name in ("2026-W46", "2026-W47"):
        show_week(connection, "SMST", name)
    made = closed(connection, "SMST")
    assert made["n"] == 13
    assert shows_nothing(made)


@pytest.mark.parametrize("more", [0, 5])
def test_weeks_that_leave_none_or_five_hide_nothing(connection, more):
    answered(connection, "SMST", 10)
    answered(connection, "SMST", more, at=NOON - WEEK)
    show_week(connection, "SMST", "2026-W47")
    assert closed(connection, "SMST")["withheld"] == []


def test_an_answer_erased_after_its_week_was_shown_is_not_told(connection):
    answered(connection, "SMST", 10)
    show_week(connection, "SMST", "2026-W47")
    one = "(SELECT min(id) FROM response)"
    run_in(connection, f"DELETE FROM response WHERE id = {one}")
    assert shows_nothing(closed(connection, "SMST"))


def test_the_first_days_of_the_next_period_are_not_told_by_the_week_between(connection):
    """28 December to 3 January was shown: 6 of the old year, and 2 of the new."""
    answered(connection, "SMST", 6, at=LATER - 5 * DAY)
    answered(connection, "SMST", 2, at=LATER - 2 * DAY)
    show_week(connection, "SMST", "2026-W53")
    assert shows_nothing(closed(connection, "SMST"))


def test_two_periods_together_do_not_tell_what_each_hides(connection):
    """The week from 26 October to 1 November lies in both, and only together they hold it."""
    october = NOON - 22 * DAY  # the 28th
    answered(connection, "BULANAN", 5, at=october)
    answered(connection, "BULANAN", 5, at=october + 4 * DAY)
    answered(connection, "BULANAN", 3, at=NOON)
    show_week(connection, "BULANAN", "2026-W44")
    assert closed(connection, "BULANAN", "2026-10")["withheld"] == []
    assert shows_nothing(closed(connection, "BULANAN", "2026-11"))


def test_of_an_item_that_few_answered_beside_the_weeks_no_mean_is_shown(connection):
    answered(connection, "SMST", 10)
    answered(connection, "SMST", 2, at=NOON - WEEK)
    answered(connection, "SMST", 4, at=NOON - WEEK, values=COST_BLANK)
    show_week(connection, "SMST", "2026-W47")
    made = closed(connection, "SMST")
    assert {each["sum"] for each in made["sums"].values()} == {None}
    assert made["index"]["ikm"] == "75.00"


def test_sources_and_verified_visits_stand_beside(connection):
    answered(connection, "SMST", 6, values=3, verified=True)
    answered(connection, "SMST", 5, values=4, source="assisted")
    made = closed(connection, "SMST")
    chat, assisted = made["sources"]["chat"], made["sources"]["assisted"]
    assert (chat["n"], chat["verified"], chat["ikm"]) == (6, 6, "75.00")
    assert (assisted["n"], assisted["verified"], assisted["ikm"]) == (5, 0, "100.00")
    assert (made["verified"]["n"], made["verified"]["ikm"]) == (6, "75.00")


def test_no_source_is_shown_where_one_has_few(connection):
    answered(connection, "SMST", 6, values=3)
    answered(connection, "SMST", 3, values=4, source="imported")
    made = closed(connection, "SMST")
    assert made["withheld"] == ["parts"]
    assert [part["ikm"] for part in made["sources"].values()] == [None, None]
    assert made["sources"]["imported"]["n"] == 3  # the number is no secret
    assert made["index"]["ikm"] is not None


def test_no_source_is_told_by_a_week_that_holds_few_of_it(connection):
    answered(connection, "SMST", 6, values=3)
    answered(connection, "SMST", 1, values=4, source="assisted")
    answered(connection, "SMST", 6, values=4, source="assisted", at=NOON - WEEK)
    show_week(connection, "SMST", "2026-W47")
    assert closed(connection, "SMST")["withheld"] == ["parts"]
