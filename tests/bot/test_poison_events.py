"""An event that ends the process is passed over after three ends; nobody else loses anything."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

import bot.core.turns.poison_events
import bot.core.turns.turn_worker
import storage.database.postgres
from bot.core.turns.job import NotKept
from bot.core.turns.poison_events import CAREFUL, ENDS, SORRY, BegunEvents
from bot.core.turns.turn_worker import Turns
from flows.engine.events import Typed
from storage.database.connect import open_engine
from storage.database.in_use import Place
from storage.database.upsert import table_of
from storage.tables import Begun
from tests.support.end_to_end import free_port
from tests.support.offices import (
    NOON,
    OPEN,
    VAULT,
    Chance,
    count,
    kept,
    office,
    queued,
    run,
    unit_row,
)
from tests.support.skm_process import environment, forked
from tests.support.skm_process import run as run_skm
from tests.support.telegram_server import Telegram

POISON = "racun"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM")) as engine:
        yield engine


class Ended(BaseException):
    """The process ends here: nothing after it is done."""


class Process:
    """A process as far as turns go, whose thread is the test's: it can end amid a turn."""

    def __init__(self, engine: Engine, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.turns = Turns(engine, VAULT, Chance(name), name=name, timer=lambda: self.now)
        self.turns.directory.start(engine)
        self.turns.begun.start()
        monkeypatch.setattr(bot.core.turns.turn_worker, "take", poisoned)

    async def takes(self, *jobs: tuple[str, Any]) -> list[Any]:
        tasks = await queued(self.turns, *jobs)
        self.turns.queue.put(None)
        try:
            self.turns._work()
        except Ended:
            for task in tasks:
                task.cancel()
            raise
        return await asyncio.gather(*tasks, return_exceptions=True)


def poisoned(context, found, event):
    if getattr(event, "text", "") == POISON:
        raise Ended
    return _take(context, found, event)


_take = bot.core.turns.turn_worker.take


async def test_ordinary_events_are_not_written_down(engine, monkeypatch):
    statements: list[str] = []
    with engine.begin():
        pass
    process = Process(engine, "one", monkeypatch)
    from sqlalchemy import event

    event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    await process.takes(("tg:1", OPEN))
    assert [each for each in statements if "begun" in each] == []


async def test_after_three_ends_it_is_passed_over_and_the_others_are_answered(
    engine, monkeypatch, caplog
):
    poison, other = ("tg:1", Typed("2", NOON, POISON)), ("tg:2", OPEN)
    for number in range(ENDS):
        with pytest.raises(Ended):
            await Process(engine, f"run {number}", monkeypatch).takes(poison, other)
    last = Process(engine, "last", monkeypatch)
    screens = await last.takes(poison, other, ("tg:1", Typed("3", NOON, "halo")))
    assert screens[0] == SORRY
    assert screens[1].conversation
    assert screens[2].conversation  # of the same person what comes next
    assert kept(engine, "tg:2").is_open
    assert "passed over: skm was ended 3 times amid it (1 such" in caplog.text


async def test_whoever_came_in_the_same_batch_is_not_blamed(engine, monkeypatch):
    poison = ("tg:9", Typed("2", NOON, POISON))
    others = [(f"tg:{number}", OPEN) for number in range(5)]
    for number in range(2):
        with pytest.raises(Ended):
            await Process(engine, f"run {number}", monkeypatch).takes(poison, *others)
    with pytest.raises(Ended):  # each alone now, in order of address: the poison is the last
        await Process(engine, "run 2", monkeypatch).takes(poison, *others)
    for address, _ in others:
        assert kept(engine, address).is_open
    assert ends(engine) == {"event tg:9 2": 2}


async def test_after_an_hour_nothing_is_written_down_any_more(engine, monkeypatch):
    with pytest.raises(Ended):
        await Process(engine, "a", monkeypatch).takes(("tg:1", Typed("2", NOON, POISON)))
    process = Process(engine, "b", monkeypatch)
    await process.takes(("tg:2", OPEN))
    assert process.turns.begun.left == ["run a"]
    process.now = CAREFUL
    await process.takes(("tg:3", OPEN))
    assert process.turns.begun.left == []
    assert count(engine, "begun") == 1  # that b runs
    process.turns.begun.stop()
    assert count(engine, "begun") == 0


def test_a_second_process_beside_one_that_runs_is_not_warned(postgres_url, monkeypatch, caplog):
    """Two serve on one Postgres: nothing ended. Once the first has, with its row left, it did."""
    engine = open_engine(postgres_url)
    monkeypatch.setattr(storage.database.postgres, "this_process", lambda: "skm here 7")
    first = open_engine(postgres_url)
    place = Place(first)
    place.renew()
    monkeypatch.undo()
    BegunEvents(engine, "skm here 7 a1").start()
    second = BegunEvents(engine, "skm here 8 b2")
    second.start()
    assert (second.left, caplog.text) == ([], "")
    place.leave()
    third = BegunEvents(engine, "skm here 9 c3")
    third.start()
    assert "run skm here 7 a1" in third.left
    assert "ended amid its work" in caplog.text
    first.dispose()
    engine.dispose()


async def test_what_cannot_be_written_down_is_not_begun(engine, monkeypatch):
    Process(engine, "a", monkeypatch)
    process = Process(engine, "b", monkeypatch)
    run(engine, "DROP TABLE begun")
    (result,) = await process.takes(("tg:1", OPEN))
    assert isinstance(result, NotKept)
    assert count(engine, "conversation") == 0


def ends(engine: Engine) -> dict[str, int]:
    rows = table_of(Begun)
    with engine.connect() as connection:
        found = connection.execute(rows.select().where(rows.c.key.like("event%")))
        return {row.key: row.ends for row in found}


def dies_of_it(args: tuple[str, ...], env: dict[str, str], folder: Path, said: Path) -> None:
    """skm, as it is, but for a turn that ends the process as a fault in C does."""

    def take(context, found, event):
        if getattr(event, "text", "") == POISON:
            os.kill(os.getpid(), signal.SIGABRT)
        return _take(context, found, event)

    bot.core.turns.turn_worker.take = take
    run_skm(args, env, folder, said)


WAYS = [("sqlite", "polling", "aiogram"), ("postgres", "webhook", "ptb")]


@pytest.mark.e2e
@pytest.mark.parametrize(("kind", "way", "library"), WAYS)
async def test_real_processes_end_three_times_and_then_go_on(
    request, telegram: Telegram, tmp_path, kind, way, library
):
    url, port = request.getfixturevalue(f"{kind}_url"), str(free_port())
    api = {"telegram_token": telegram.token, "telegram_api_url": telegram.url}
    env = environment(url, http_port=port, telegram_library=library, **api)
    if way == "webhook":
        hook = {
            "SKM_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SKM_WEBHOOK_SECRET": "rahasia-webhook-uji",
        }
        env = {**env, **hook}
    rini, budi = telegram.citizen(), telegram.citizen()
    with office(url, unit_row("SMST-BTM")):
        for number in range(ENDS):
            with forked("run", env=env, folder=tmp_path, does=dies_of_it) as process:
                if number == 0:
                    await rini.send("/start SMST-BTM")
                    await rini.send(POISON, wait=False)
                await asyncio.to_thread(process.running.join, 60)
                assert process.running.exitcode == -signal.SIGABRT, process.said
        with forked("run", env=env, folder=tmp_path, does=dies_of_it) as process:
            await rini.sees("ada gangguan di pihak kami")
            await budi.send("/start SMST-BTM")
            await budi.sees("Setuju berarti")
            await rini.send("/start")
            assert "passed over: skm was ended 3 times" in process.said
            assert process.stop() == 0
