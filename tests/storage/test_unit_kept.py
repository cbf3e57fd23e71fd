"""What a unit keeps besides its name: users of each period, services that were, days without a
survey."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import Connection, Engine

from bot.core.turns.turn_context import Forms, TurnContext
from bot.dialogues import DIALOGUES
from flows.engine.events import Opened
from flows.engine.form import Line
from reports.sheets.publish import made, publish
from reports.stored.figures import population_of
from storage import units
from storage.answers import visits, votes
from storage.answers.votes import Keys
from storage.chat.conversations import Conflict
from storage.files.refused import FileRefused
from storage.periods import parse
from tests.support.offices import (
    NOON,
    VAULT,
    Chance,
    draft,
    office,
    respond,
    unit_of,
    unit_row,
)
from tests.support.postgres import one_waits

Q3, Q4 = parse("2026-Q3"), parse("2026-Q4")
AFTER = int(NOON + 60 * 86_400)
DAY = date(2026, 11, 19)  # of NOON in Jakarta


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM"), unit_row("DUKCAPIL")) as engine:
        yield engine


def test_the_users_of_a_period_stand_before_those_of_any(engine: Engine):
    with engine.begin() as connection:
        unit = units.locked(connection, "smst-btm")
        assert unit is not None
        units.change(connection, unit, users={"2026-Q4": 357})
        unit = unit_of(connection, "SMST-BTM")
        assert (unit.users_in(Q3), unit.users_in(Q4)) == (1000, 357)
        assert population_of(unit, Q4.first, Q4.last) == 357
        assert population_of(unit, Q3.first, Q3.last) == 1000
        assert population_of(unit, Q4.first, date(2026, 11, 30)) is None
        respond(connection, "SMST-BTM", Chance(), draft())
        assert made(connection, unit, Q4, AFTER).content["population"] == 357


def test_a_service_that_a_later_file_leaves_out_is_retired_and_comes_back(engine: Engine):
    pajak, stnk = unit_row("SMST-BTM")["services"]
    with engine.begin() as connection:
        units.save(connection, [unit_row("SMST-BTM", services=[pajak])])
        unit = unit_of(connection, "SMST-BTM")
        assert (unit.services, unit.retired) == ([pajak], [stnk])
        assert unit.service("stnk") is None
        assert unit.service_ever("STNK") == stnk
        assert unit_of(connection, "DUKCAPIL").retired == []
        units.save(connection, [unit_row("SMST-BTM", services=[stnk])])
        unit = unit_of(connection, "SMST-BTM")
        assert (unit.services, unit.retired) == ([stnk], [pajak])


@pytest.mark.parametrize(
    ("until", "key"),
    [
        (date(2026, 11, 20), "survey.closed.until"),
        (date(2026, 11, 19), None),
        (date.max, "survey.closed"),
    ],
)
def test_no_survey_begins_while_it_is_closed(engine: Engine, until: date, key: str | None):
    """NOON is on 19 November in Jakarta."""
    with engine.begin() as connection:
        unit = units.locked(connection, "SMST-BTM")
        assert unit is not None
        units.change(connection, unit, closed_until=until)
        context = TurnContext(
            connection, VAULT, Forms(DIALOGUES), Chance(), address="tg:1", at=NOON
        )
        for opening in ("SMST-BTM", "SMST-BTM_stnk"):
            begun = DIALOGUES.resolve(context, Opened("1", NOON, opening))
            assert (begun.key if isinstance(begun, Line) else None) == key
        assert not isinstance(DIALOGUES.resolve(context, Opened("1", NOON, "DUKCAPIL")), Line)


def test_units_are_found_by_their_codes_in_any_number(engine: Engine):
    codes = [f"nowhere-{n}" for n in range(1200)]
    with engine.begin() as connection:
        found = units.known(connection, [*codes, "dukcapil"])
    assert list(found) == ["dukcapil"]


@pytest.mark.parametrize("way", ["file", "change"])
def test_the_kind_of_period_stays_while_answers_or_voices_of_one_are_kept(engine: Engine, way: str):
    def month(connection: Connection, code: str) -> None:
        if way == "file":
            units.save(connection, [unit_row("NEW-1"), unit_row(code, period="month")])
        else:
            units.change(connection, unit_of(connection, code), period="month")

    with engine.begin() as connection:
        month(connection, "DUKCAPIL")  # of which nobody said anything
        assert unit_of(connection, "DUKCAPIL").period == "month"
        respond(connection, "SMST-BTM", Chance(), draft())
    with (
        pytest.raises(
            FileRefused, match=r"SMST-BTM: period stays quarter: .* Write quarter in column"
        ),
        engine.begin() as c,
    ):
        month(c, "SMST-BTM")
    with engine.begin() as connection:  # all of it is published, and its key gone
        unit = unit_of(connection, "SMST-BTM")
        publish(connection, unit, Q4, AFTER)
        vault_key = votes.Person("tg:1", unit.id, "stnk")
        votes.count(Keys(connection, VAULT), vault_key, parse("2027-Q1"), Chance(5), DAY)
    with pytest.raises(FileRefused), engine.begin() as connection:
        month(connection, "SMST-BTM")
    with engine.begin() as connection:
        votes.destroy_keys(connection, date(2027, 4, 15))
        month(connection, "SMST-BTM")
        assert unit_of(connection, "SMST-BTM").period == "month"


def test_one_visit_is_one_voice_whatever_a_table_says_of_the_period(engine: Engine):
    with engine.begin() as connection:
        unit = unit_of(connection, "SMST-BTM")
        token = visits.make(VAULT, unit, "", date(2026, 11, 19), Chance(3))
        visit = visits.read(VAULT, token)
        assert visit is not None
        assert votes.count(Keys(connection, VAULT), visit, visit.period(unit), Chance(4), DAY)
    for kind in ("month", "semester", "year"):
        with pytest.raises(FileRefused), engine.begin() as connection:
            units.save(connection, [unit_row("SMST-BTM", period=kind)])
        with engine.begin() as connection:
            unit = unit_of(connection, "SMST-BTM")
            assert not votes.count(
                Keys(connection, VAULT), visit, visit.period(unit), Chance(4), DAY
            )


@pytest.mark.parametrize("way", ["file", "change"])
def test_the_clock_stays_while_voices_of_a_period_are_kept(engine: Engine, way: str):
    """Beside the end of a period one person would have a voice on either side of it."""

    def east(connection: Connection, code: str) -> None:
        if way == "file":
            units.save(connection, [unit_row(code, "WIT")])
        else:
            units.change(connection, unit_of(connection, code), timezone="Asia/Jayapura")

    with engine.begin() as connection:
        unit = unit_of(connection, "SMST-BTM")
        voter = votes.Person("tg:1", unit.id, "stnk")
        votes.count(Keys(connection, VAULT), voter, Q4, Chance(), DAY)
        east(connection, "DUKCAPIL")
        assert unit_of(connection, "DUKCAPIL").timezone == "Asia/Jayapura"
    with pytest.raises(FileRefused, match=r"timezone stays WIB: .* Write WIB"), engine.begin() as c:
        east(c, "SMST-BTM")
    with engine.begin() as connection:
        votes.destroy_keys(connection, date(2027, 1, 15))
        east(connection, "SMST-BTM")


def test_a_voice_not_committed_yet_is_waited_for(postgres_url: str):
    with office(postgres_url, unit_row("SMST-BTM")) as engine, ThreadPoolExecutor() as pool:
        with engine.connect() as citizen:
            citizen.begin()
            voter = votes.Person("tg:1", unit_of(citizen, "SMST-BTM").id, "stnk")
            assert votes.count(Keys(citizen, VAULT), voter, Q4, Chance(), DAY)
            changing = pool.submit(to_months, engine)
            assert one_waits(engine)
            citizen.commit()
        with pytest.raises(FileRefused):
            changing.result()


def test_a_voice_under_a_kind_that_was_just_changed_begins_anew(postgres_url: str):
    """The turn read the unit before the table was applied."""
    with office(postgres_url, unit_row("SMST-BTM")) as engine:
        with engine.connect() as citizen:
            voter = votes.Person("tg:1", unit_of(citizen, "SMST-BTM").id, "stnk")
            to_months(engine)
            with pytest.raises(Conflict):
                votes.count(Keys(citizen, VAULT), voter, Q4, Chance(), DAY)
        with engine.begin() as connection:
            assert votes.count(Keys(connection, VAULT), voter, parse("2026-11"), Chance(), DAY)


def to_months(engine: Engine) -> None:
    with engine.begin() as connection:
        units.save(connection, [unit_row("SMST-BTM", period="month")])
