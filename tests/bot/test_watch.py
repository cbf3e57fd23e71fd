"""An event that waits too long is said once, at /ready for as long as it lasts; a stop ends."""

import asyncio
from threading import Event

import httpx

import bot.core.turns.turn_worker
from bot.core.turns.turn_worker import Turns
from bot.core.watch.queue_watch import LIMIT, Watch
from bot.web.app import watched
from storage import units
from storage.finding.directory import Directory
from tests.support.offices import OPEN, VAULT, Chance, office, queued, unit_row


async def ready(watch: Watch) -> tuple[int, str]:
    async def checks() -> dict[str, str]:
        return {"events": watch.fault()}

    transport = httpx.ASGITransport(watched(checks))
    async with httpx.AsyncClient(transport=transport, base_url="http://skm") as client:
        answer = await client.get("/ready")
        assert (await client.get("/health")).json() == {"status": "alive"}
    return answer.status_code, answer.json()["checks"]["events"]


async def test_an_event_that_waits_is_said_once_and_at_ready(sqlite_url, caplog):
    now, held, free = [0.0], Event(), Event()
    take = bot.core.turns.turn_worker.take

    def slow(*given):
        held.set()
        free.wait()
        return take(*given)

    with office(sqlite_url, unit_row("SMST-BTM")) as engine:
        turns = Turns(engine, VAULT, Chance(), timer=lambda: now[0])
        watch = Watch(turns.waited)
        bot.core.turns.turn_worker.take = slow
        try:
            turns.start()
            (task,) = await queued(turns, ("tg:1", OPEN))
            await asyncio.to_thread(held.wait)
            assert await ready(watch) == (200, "ok")
            now[0] = LIMIT + 15.0
            assert await ready(watch) == (503, "an event has waited for 75 s")
            watch.look()
            watch.look()
            turns.stop(0.01)  # does not wait for ever
            assert [r.levelname for r in caplog.records] == ["ERROR", "ERROR"]
            assert "an event has waited" in caplog.text
            assert "a turn does not end" in caplog.text
        finally:
            bot.core.turns.turn_worker.take = take
            free.set()
        await task
        assert await ready(watch) == (200, "ok")
        watch.look()
        assert not watch.said
        turns.stop()


def test_once_started_names_are_read_beside_whoever_searches(sqlite_url):
    with office(sqlite_url, unit_row("A1", name="Samsat Batam")) as engine:
        mine = Directory()
        mine.start(engine)
        with engine.begin() as connection:
            units.save(connection, [unit_row("B1", name="Samsat Sekupang")])
            former = mine.now(connection)
            assert [place.code for place in former.all] == ["A1"]
        with engine.connect() as connection:
            while len(mine.now(connection).all) == 1:
                assert mine.reading is not None
                mine.reading.join()
            assert {place.code for place in mine.now(connection).all} == {"A1", "B1"}
