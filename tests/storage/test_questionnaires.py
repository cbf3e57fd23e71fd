"""Questionnaires are kept by their content; a unit's next citizen gets the one in force."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine

from flows.extra_question import Extra
from flows.instrument import Questionnaire
from storage import publications, units
from storage.database.connect import open_engine
from storage.questionnaires import get, keep
from storage.scope import EVERYTHING
from tests.support.extra_questions import PARKING, QUEUE, in_force
from tests.support.instruments import CURRENT
from tests.support.offices import NOON, Person, ask, count, kept, office, unit_of, unit_row, working


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM"), unit_row("DUKCAPIL")) as engine:
        yield engine


def test_the_same_content_is_kept_once_and_comes_back_exactly(engine):
    asked = Questionnaire(CURRENT, (PARKING, QUEUE))
    with engine.begin() as connection:
        assert keep(connection, asked) == keep(connection, asked) == asked.id
        assert get(connection, asked.id) == asked
    assert count(engine, "questionnaire") == 2  # with the one that offices begin with


def test_a_published_question_is_in_force_in_its_units_and_numbered(engine):
    with engine.begin() as connection:
        both = units.in_scope(connection, EVERYTHING)
        assert ask(connection, both, PARKING) == [2, 2]
        assert ask(connection, both[:1], QUEUE) == [3]
    assert in_force(engine, "SMST-BTM").extras == (PARKING, QUEUE)
    assert in_force(engine, "DUKCAPIL").extras == (PARKING,)
    assert count(engine, "publication", "questionnaire <> 'skm-14-2017'") == 3


async def test_a_conversation_under_way_keeps_its_version_and_the_next_gets_the_new_one(engine):
    with working(engine) as turns:
        before, after = Person(turns, "tg:1"), Person(turns, "tg:2")
        await before.survey("SMST-BTM", stop="comment")
        with engine.begin() as connection:
            ask(connection, [unit_of(connection, "SMST-BTM")], PARKING)
        await after.survey("SMST-BTM", stop="comment", x_1a2b3c4d="2")
    assert "x_1a2b3c4d" not in kept(engine, "tg:1").answers
    assert kept(engine, "tg:2").answers["x_1a2b3c4d"] == "2"


def test_two_who_change_a_unit_at_once_both_see_their_question_asked(postgres_url):
    """Both have looked the unit up before either publishes."""
    both = Barrier(2)

    def publish(extra: Extra) -> None:
        engine = open_engine(postgres_url)
        with engine.begin() as connection:
            unit = unit_of(connection, "SMST-BTM")
            both.wait(10)
            ask(connection, [unit], extra)
        engine.dispose()

    with office(postgres_url, unit_row("SMST-BTM")) as engine, ThreadPoolExecutor() as pool:
        list(pool.map(publish, (PARKING, QUEUE)))
        assert set(in_force(engine, "SMST-BTM").extras) == {PARKING, QUEUE}
        with engine.begin() as connection:
            unit = unit_of(connection, "SMST-BTM")
            nothing_new = Questionnaire(CURRENT)
            assert publications.publish_one(connection, unit, nothing_new, NOON, "by") == 4


def test_two_who_begin_a_survey_in_a_unit_at_once_publish_it_once(postgres_url):
    both = Barrier(2)

    def publish(_: int) -> int | None:
        engine = open_engine(postgres_url)
        with engine.begin() as connection:
            unit = unit_of(connection, "SMST-BTM")
            both.wait(10)
            number = publications.publish_one(connection, unit, Questionnaire("spak-6"), NOON, "by")
        engine.dispose()
        return number

    with office(postgres_url, unit_row("SMST-BTM")), ThreadPoolExecutor() as pool:
        assert set(pool.map(publish, range(2))) == {2, None}
