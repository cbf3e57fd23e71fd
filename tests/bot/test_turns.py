"""Events are kept before they are answered: in order, together, once, whatever breaks."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event

from bot.core.turns.job import NotKept
from bot.core.turns.turn_worker import BATCH, Turns
from flows.engine.events import Typed
from storage.database.connect import open_engine
from tests.support.offices import (
    ITEMS,
    NOON,
    OPEN,
    VAULT,
    Chance,
    Person,
    count,
    kept,
    office,
    queued,
    unit_row,
    working,
)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM")) as engine:
        yield engine


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    with office(postgres_url, unit_row("SMST-BTM")) as engine:
        yield engine


def commits(engine: Engine) -> list[None]:
    """Grows by one with every commit."""
    seen: list[None] = []
    event.listen(engine, "commit", lambda connection: seen.append(None))
    return seen


async def test_a_survey_leaves_one_response_one_voice_and_a_receipt(engine):
    with working(engine) as turns:
        thanks = await Person(turns, "tg:1").survey("SMST-BTM", value=4)
    assert thanks.body[0].key == "survey.thanks"
    assert count(engine, "response") == 1
    assert count(engine, "voice") == 1
    assert count(engine, "conversation", "status = 'finished'") == 1


async def test_a_batch_holds_one_event_of_each_person_in_their_order(engine):
    people = ["tg:3", "tg:1", "tg:2"]
    told = [OPEN, *(Typed(str(2 + n), NOON, said) for n, said in enumerate(["ya", *"1234"]))]
    made = commits(engine)
    with working(engine, start=False) as turns:
        tasks = await queued(turns, *((who, event) for event in told for who in people))
        turns.start()
        await asyncio.gather(*tasks)
    assert len(made) == len(told)
    for who in people:
        answers = kept(engine, who).answers
        assert [answers[item] for item in ITEMS[:3]] == ["2", "3", "4"]


async def test_sixty_four_people_at_once_share_a_commit_and_the_next_waits(engine):
    made = commits(engine)
    with working(engine, start=False) as turns:
        tasks = await queued(turns, *((f"tg:{n}", OPEN) for n in range(BATCH + 1)))
        turns.start()
        await asyncio.gather(*tasks)
        assert len(made) == 2
        people = [Person(turns, f"tg:{n + 100}") for n in range(BATCH)]
        thanks = await asyncio.gather(*(who.survey("SMST-BTM") for who in people))
    assert {screen.body[0].key for screen in thanks} == {"survey.thanks"}
    assert count(engine, "response") == count(engine, "voice") == BATCH


async def test_stop_finishes_what_is_queued(engine):
    turns = Turns(engine, VAULT, Chance())
    tasks = await queued(turns, *((f"tg:{n % 20}", OPEN) for n in range(3 * BATCH)))
    turns.start()
    turns.stop()
    await asyncio.gather(*tasks)
    assert count(engine, "conversation") == 20


async def test_two_processes_lose_no_update(postgres):
    """Every event that was acknowledged is remembered; the platform repeats the others."""
    addresses = [f"tg:{n}" for n in range(16)]
    events = [Typed(str(n), NOON + n, "halo") for n in range(2, 30)]

    async def deliver(turns: Turns, address: str, event: Typed) -> None:
        while True:
            try:
                await turns.do(address, event)
                return
            except NotKept:
                continue

    other = open_engine(postgres.url.render_as_string(hide_password=False))
    with working(postgres) as one, working(other, seed=2) as two:
        await asyncio.gather(*(one.do(address, OPEN) for address in addresses))
        jobs = [(turns, a, e) for e in events for turns, order in
                ((one, addresses), (two, addresses[::-1])) for a in order]  # fmt: skip
        await asyncio.gather(
            *(deliver(*job) for job in jobs if int(job[2].id) % 2 == (job[0] is two))
        )
    other.dispose()
    for address in addresses:
        assert sorted(kept(postgres, address).seen, key=int) == [str(n) for n in range(1, 30)]


async def test_a_submit_delivered_twice_at_once_by_two_processes_counts_once(engine):
    other = open_engine(engine.url.render_as_string(hide_password=False))
    with working(engine) as one, working(other, seed=2) as two:
        people = [Person(one, f"tg:{n}") for n in range(8)]
        await asyncio.gather(*(who.survey("SMST-BTM", stop="review") for who in people))
        last = [(who.address, who.tapped("send")) for who in people]
        shown = await asyncio.gather(*(turns.do(*tap) for tap in last for turns in (one, two)))
    other.dispose()
    assert {screen.body[0].key for screen in shown} == {"survey.thanks"}
    assert count(engine, "response") == count(engine, "voice") == len(people)


async def test_a_submit_delivered_again_later_shows_the_same_receipt(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        thanks = await rini.survey("SMST-BTM")
        assert await turns.do("tg:1", rini.told[-1]) == thanks
    assert count(engine, "response") == 1


async def test_a_second_survey_of_the_same_visit_is_not_counted(engine):
    with working(engine) as turns:
        await Person(turns, "tg:1").survey("SMST-BTM")
        again = await Person(turns, "tg:1", event=100).survey("SMST-BTM")
    assert again.body[0].key == "survey.counted"
    assert count(engine, "response") == 1


async def test_what_asyncio_may_log_of_a_turn_names_nobody(engine):
    with working(engine, start=False) as turns:
        tasks = await queued(turns, ("tg:4711", Typed("1", NOON, "rahasia")))
        job = turns.queue.get_nowait()
        assert "4711" not in repr(job) + repr(tasks)
        assert "rahasia" not in repr(job) + repr(tasks)
        tasks[0].cancel()
