"""Events are kept before they are answered: in order, together, once, whatever breaks."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, text

from bot.turns import BATCH, TRIES, NotKept, Turns
from flows.events import Typed
from flows.screen import Screen
from storage.database import open_engine
from tests.offices import NOON, VAULT, Chance, Person, count, office, unit_row

pytestmark = pytest.mark.filterwarnings("error")


@contextmanager
def working(engine: Engine, start: bool = True, seed: int = 1) -> Iterator[Turns]:
    turns = Turns(engine, VAULT, Chance(seed))
    if start:
        turns.start()
    try:
        yield turns
    finally:
        turns.stop()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM"), unit_row("DUKCAPIL")) as engine:
        yield engine


async def test_a_survey_leaves_one_response_one_voice_and_a_receipt(engine):
    with working(engine) as turns:
        thanks = await Person(turns, "tg:1").survey("SMST-BTM", value=4)
    assert thanks.body[0].key == "survey.thanks"
    assert count(engine, "response") == 1
    assert count(engine, "voice") == 1
    assert count(engine, "conversation", "status = 'finished'") == 1
