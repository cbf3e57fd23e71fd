"""Turns when something breaks: another process, the database, our own code."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import Engine, event, text

import bot.core.turns.turn_worker
from bot.core.turns.job import NotKept, Unkeepable
from bot.core.turns.turn_worker import TRIES
from flows.engine.events import Typed
from storage.chat import conversations
from storage.database.connect import open_engine
from tests.support.offices import NOON, OPEN, count, kept, office, queued, run, unit_row, working
from tests.support.postgres import terminate_others


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM")) as engine:
        yield engine


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    with office(postgres_url, unit_row("SMST-BTM")) as engine:
        yield engine


class Meddler:
    """Another process that changes the conversation each time after it was read."""

    def __init__(self, engine: Engine, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
        self.loads, self._times = 0, times
        self._engine, self._load = engine, conversations.load
        monkeypatch.setattr(bot.core.turns.turn_worker.conversations, "load", self.load)

    def load(self, connection, addresses):
        found = self._load(connection, addresses)
        self.loads += 1
        if self.loads <= self._times:
            with self._engine.begin() as other:
                other.execute(text("UPDATE conversation SET revision = revision + 1"))
        return found


async def test_a_turn_that_meets_another_process_begins_again(postgres, monkeypatch):
    with working(postgres) as turns:
        await turns.do("tg:1", OPEN)
        meddler = Meddler(postgres, monkeypatch, times=TRIES)
        await turns.do("tg:1", Typed("2", NOON, "iya"))
    assert meddler.loads == 1 + TRIES  # once in the batch, then alone
    assert kept(postgres, "tg:1").answers["consent"] == "agreed"


async def test_after_five_tries_alone_the_platform_is_asked_to_send_again(postgres, monkeypatch):
    with working(postgres) as turns:
        await turns.do("tg:1", OPEN)
        meddler = Meddler(postgres, monkeypatch, times=99)
        with pytest.raises(NotKept) as refused:
            await turns.do("tg:1", Typed("2", NOON, "iya"))
        assert not isinstance(refused.value, Unkeepable)  # it is no fault of the event's
        assert meddler.loads == 1 + TRIES
    assert "consent" not in kept(postgres, "tg:1").answers


async def test_a_turn_that_raises_harms_nobody_else(engine, monkeypatch, caplog):
    def fragile(context, found, event):
        if context.address == "tg:2":
            raise ValueError("a fault of ours")
        return take(context, found, event)

    take = bot.core.turns.turn_worker.take
    monkeypatch.setattr(bot.core.turns.turn_worker, "take", fragile)
    with working(engine, start=False) as turns:
        tasks = await queued(turns, *((f"tg:{n}", OPEN) for n in (1, 2, 3)))
        turns.start()
        done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(result, Unkeepable) for result in done] == [False, True, False]
    assert count(engine, "conversation") == 2
    assert "a fault of ours" in caplog.text
    assert "tg:2" not in caplog.text


async def test_two_processes_save_in_one_order_so_that_neither_waits_for_the_other(
    postgres, postgres_url, monkeypatch
):
    """Each holds its first row while the other begins: in two orders they would deadlock."""
    save_all, both, addresses = conversations.save_all, Barrier(2), ["tg:1", "tg:2"]

    def slowly(connection, rows):
        for row in rows:
            save_all(connection, [row])
            with suppress(BrokenBarrierError):
                both.wait(0.2)

    other = open_engine(postgres_url)
    with working(postgres, start=False) as one, working(other, start=False) as two:
        opened = await queued(one, *((address, OPEN) for address in addresses))
        one.start()
        await asyncio.gather(*opened)
        one.stop()
        monkeypatch.setattr(bot.core.turns.turn_worker.conversations, "save_all", slowly)
        said = [(address, Typed("2", NOON, "halo")) for address in addresses]
        tasks = [*await queued(one, *said), *await queued(two, *said[::-1])]
        one.start()
        two.start()
        await asyncio.gather(*tasks)
    other.dispose()
    assert deadlocks(postgres) == 0


def deadlocks(engine: Engine) -> int:
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


def refuse_commits(engine: Engine) -> None:
    """From now on a transaction that begins a conversation fails, and only at its COMMIT."""
    statements = [
        "CREATE TABLE late (unit integer REFERENCES unit(id) DEFERRABLE INITIALLY DEFERRED)"
    ]
    if engine.name == "sqlite":
        statements += [
            "CREATE TRIGGER late AFTER INSERT ON conversation "
            "BEGIN INSERT INTO late VALUES (99); END"
        ]
    else:
        statements += [
            "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN INSERT INTO late VALUES (99); RETURN NULL; END'",
            "CREATE TRIGGER late AFTER INSERT ON conversation "
            "FOR EACH STATEMENT EXECUTE FUNCTION late()",
        ]
    run(engine, *statements)


async def test_a_failing_commit_fails_its_whole_batch_and_the_next_one_is_kept(engine):
    with working(engine) as turns:
        await turns.do("tg:1", OPEN)
    refuse_commits(engine)
    with working(engine, start=False, seed=2) as turns:
        tasks = await queued(
            turns, ("tg:1", Typed("2", NOON, "iya")), ("tg:2", OPEN), ("tg:3", OPEN)
        )
        turns.start()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(result) for result in done] == [NotKept, NotKept, NotKept]
        assert count(engine, "conversation") == 1
        assert "consent" not in kept(engine, "tg:1").answers
        on = " ON conversation" if engine.name == "postgresql" else ""
        run(engine, f"DROP TRIGGER late{on}")
        await turns.do("tg:1", Typed("2", NOON, "iya"))
        await turns.do("tg:2", OPEN)
    assert kept(engine, "tg:1").answers["consent"] == "agreed"
    assert count(engine, "conversation") == 2


async def test_a_connection_lost_between_turns_or_within_one_is_taken_up_again(
    postgres, postgres_url, monkeypatch
):
    load, killer = conversations.load, open_engine(postgres_url)

    def interrupted(connection, addresses):
        found = load(connection, addresses)
        monkeypatch.setattr(bot.core.turns.turn_worker.conversations, "load", load)
        terminate_others(killer)
        return found

    with working(postgres) as turns:
        await turns.do("tg:1", OPEN)
        terminate_others(killer)
        await turns.do("tg:1", Typed("2", NOON, "iya"))
        monkeypatch.setattr(bot.core.turns.turn_worker.conversations, "load", interrupted)
        await turns.do("tg:1", Typed("3", NOON, "1"))
    killer.dispose()
    assert kept(postgres, "tg:1").answers == {"consent": "agreed", "service": "pajak"}


@pytest.mark.parametrize("url", ["sqlite:////nowhere/skm.db", "postgresql://x@/x?host=/nowhere"])
async def test_an_unreachable_database_refuses_turns_and_the_thread_goes_on(url, caplog):
    engine = open_engine(url)
    with working(engine) as turns:
        for _ in range(2):
            with pytest.raises(NotKept):
                await turns.do("tg:1", OPEN)
        assert turns.thread is not None
        assert turns.thread.is_alive()
    engine.dispose()
    assert "tg:1" not in caplog.text


async def test_a_locked_database_is_waited_for_once_a_batch(sqlite_url, caplog):
    with office(sqlite_url, unit_row("SMST-BTM")) as other:
        engine = open_engine(sqlite_url)
        event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA busy_timeout=20"))
        with working(engine, start=False) as turns, other.begin():
            tasks = await queued(turns, *((f"tg:{n}", OPEN) for n in range(3)))
            turns.start()
            done = await asyncio.gather(*tasks, return_exceptions=True)
        engine.dispose()
    assert [type(result) for result in done] == [NotKept] * 3
    assert caplog.messages == [
        "the database cannot be used: database is locked; what comes is taken later"
    ]
