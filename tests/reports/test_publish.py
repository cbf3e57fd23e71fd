"""A period is closed once, when it is over, and whole."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine

from flows.engine.conversation import Conversation
from flows.engine.events import Asked
from flows.engine.say import say
from flows.loader import words
from reports.jobs.due import expiries
from reports.sheets.check import differences
from reports.sheets.publish import PublishRefused, made, publish
from storage import units
from storage.chat import conversations
from storage.chat.conversations import Kept
from storage.database.connect import open_engine
from storage.index import sheets
from storage.office import roles
from storage.periods import parse
from tests.support.offices import (
    NOON,
    Chance,
    Person,
    count,
    office,
    scoped,
    unit_of,
    unit_row,
    working,
)
from tests.support.publishing import COST_BLANK, DAY, LATER, answered, closed, run_in


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    rows = (
        unit_row("SMST", population=100),
        unit_row("SORONG", "WIT"),
        unit_row("BULANAN", period="month"),
    )
    with office(database_url, *rows) as engine:
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
    assert sheet["sums"]["cost"] == {"n": 10, "own": 10, "sum": 34}
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
    assert "SMST has no answers of 2026-Q4" in refusal(connection, "SMST")


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
    assert ({**content, "log": None} == ready.content) == (between == "nothing")
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
    said = refusal(connection, "SMST")
    assert "SMST has 5 responses in 2026-Q4, but 4 users." in said
    assert "skm import units FILE, or /periode in the chat" in said


def test_users_of_this_period_alone_that_no_table_of_units_changes(connection):
    answered(connection, "SMST", 5)
    unit = unit_of(connection, "SMST")
    units.change(connection, unit, users={"2026-Q4": 4})
    said = refusal(connection, "SMST")
    assert "5 responses in 2026-Q4, but 4 users." in said
    assert said.endswith(": /periode in the chat")
    units.change(connection, unit, users={"2026-Q4": 5})  # which is the cure
    assert closed(connection, "SMST")["population"] == 5


def test_one_that_is_published_is_so_whatever_its_unit_surveys_by_since(connection):
    answered(connection, "BULANAN", 1)
    closed(connection, "BULANAN", "2026-11")
    run_in(connection, "UPDATE unit SET period = 'quarter' WHERE code = 'BULANAN'")
    assert "2026-11 of BULANAN is published already" in refusal(connection, "BULANAN", "2026-11")


def test_without_an_answer_there_is_nothing_to_wait_for(connection):
    talk(connection, "a", LATER - 4 * DAY, LATER - 4 * DAY)
    assert "no answers of 2026-Q4" in refusal(connection, "SMST")


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
    assert said.startswith("Surveys of SMST begun in 2026-Q4 are still open: 2. They end by ")
    assert "by 2027-01-07 12:00 (Asia/Jakarta). Publish then." in said
    with pytest.raises(PublishRefused) as looked:
        made(connection, unit_of(connection, "SMST"), parse("2026-Q4"), LATER)
    assert str(looked.value) == said
    chat = words("id").line(looked.value.why)
    assert "2 survei dari periode itu masih diisi warga" in chat
    assert "7 Jan 2027 pukul 12.00" in chat
    run_in(connection, "UPDATE conversation SET status = 'finished' WHERE id IN ('a', 'b')")
    assert closed(connection, "SMST")["number"] == 1


STAFF = {
    "/unit SMST": ("hours",),
    "/standar SMST": (),
    "/poster SMST": (),
    "/periode SMST": (),
    "/tindaklanjut SMST": (),
    "SMST": ("agreed",),  # a head's: a preview
}


@pytest.mark.parametrize("opening", STAFF)
async def test_no_form_of_the_staff_and_no_preview_holds_it_up(engine, opening):
    with engine.begin() as connection:
        answered(connection, "SMST", 1)
        for role in ("head", "admin"):
            token = roles.invite(connection, role, scoped("SMST"), NOON, Chance(role))
            roles.join(connection, token, "tg:1", NOON)
    with working(engine) as turns:
        sari = Person(turns, "tg:1", at=LATER - 5 * DAY)  # on 30 December
        await sari.open(opening)
        for choice in STAFF[opening]:
            await sari.tap(choice)
    assert count(engine, "conversation", "status = 'open'") == 1
    with engine.begin() as connection:
        assert closed(connection, "SMST")["number"] == 1


async def test_whoever_comes_back_every_six_days_holds_nothing_up(engine):
    """From 23 December on; nobody has ended it yet."""
    with working(engine) as turns:
        rini = Person(turns, "tg:1", at=LATER - 12 * DAY)
        await rini.survey("SMST", stop="procedure")
        tap = rini.tapped("3")
        rini.at = LATER - 6 * DAY
        shown = await rini.type("halo")
        assert (shown.choices[0].step, count(engine, "conversation")) == ("procedure", 1)
        with engine.begin() as connection:
            answered(connection, "SMST", 1)
            assert closed(connection, "SMST")["number"] == 1
        rini.at = LATER
        shown = await rini.send(replace(tap, id="late", at=LATER))
        assert (shown.body[0].key, count(engine, "conversation")) == ("over", 0)


@pytest.mark.parametrize("ended", [False, True], ids=["before the scheduler ran", "after"])
@pytest.mark.parametrize("way", ["tap", "type", "link", "cancel"])
async def test_whoever_comes_back_after_a_week_is_told_kindly(engine, ended, way):
    with working(engine) as turns:
        rini = Person(turns, "tg:1", at=LATER)
        await rini.survey("SMST", stop="procedure")
        tap = rini.tapped("3")
        rini.at += 7 * DAY
        if ended:
            expiries(engine, rini.at)
        assert count(engine, "conversation") == 1 - ended
        shown = await {
            "tap": lambda: rini.send(replace(tap, id="late", at=rini.at)),
            "type": lambda: rini.type("halo"),
            "link": lambda: rini.open("SMST"),
            "cancel": lambda: rini.send(Asked("late", rini.at, "cancel")),
        }[way]()
    before, after = {
        "tap": ("over", "ended.gone"),
        "type": ("over", "find.query"),
        "link": ("survey.consent", "survey.consent"),
        "cancel": ("over", "nothing_open"),
    }[way]
    assert shown.body[-1].key == (after if ended else before)
    assert count(engine, "dropout") == 1
    assert "/start" in say(shown, words("id")).text or shown.choices


async def test_an_answer_counts_on_the_day_on_which_it_is_sent(engine):
    """Begun ten minutes before the new year, sent ten minutes after it."""
    new_year = int(datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp())
    with engine.begin() as connection:
        answered(connection, "SMST", 1)
    with working(engine) as turns:
        rini = Person(turns, "tg:1", at=new_year - 600)
        await rini.survey("SMST", stop="review")
        rini.at = new_year + 600
        assert (await rini.tap("send")).body[0].key == "survey.thanks"
    assert count(engine, "voice", "period = '2027-Q1'") == count(engine, "voice") == 1
    assert count(engine, "response", "local_date = '2027-01-01'") == 1
    with engine.begin() as connection:
        assert closed(connection, "SMST")["n"] == 1


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
