"""How long the turn thread was held by any one batch, while long work goes on beside it.

Citizens answer; meanwhile a head looks at the sheet of a quarter with 10,000 answers and closes it,
and an admin writes to 5,000 heads. All in one process on SQLite, where it is hardest.
"""

import asyncio
import os
import statistics
import time
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import Engine, insert, text

from bot.core.post import Post
from bot.core.turn_worker import Turns
from flows.engine.events import Opened, Tapped, Typed
from flows.engine.screen import Screen
from storage.database.connect import open_engine
from storage.database.upsert import table_of
from storage.tables import Role
from storage.vault import Vault
from tests.bench import nation
from tests.bench.ours import sqlite_files
from tests.support.fake_channel import Fake
from tests.support.offices import Person
from tests.support.publishing import LATER

UNITS, RESPONSES = 5_000, 40_000
CITIZENS, AT_ONCE = 160, 8
UNIT, AIM = "U00001", 20  # milliseconds


@dataclass(slots=True)
class Timed(Turns):
    held: list[float] = field(default_factory=list)  # seconds, of each batch

    def _settle(self, batch) -> None:  # type: ignore[no-untyped-def]
        began = time.perf_counter()
        Turns._settle(self, batch)
        self.held.append(time.perf_counter() - began)


def show() -> None:
    print(f"How long the turn thread was held, {UNITS:,} units, 10,000 answers a quarter, SQLite")
    with sqlite_files() as files:
        engine = _filled(files())
        alone, beside = asyncio.run(_run(engine, long=False)), asyncio.run(_run(engine, long=True))
        engine.dispose()
    for name, held in (("citizens alone", alone), ("beside long work", beside)):
        longest, median = 1000 * max(held), 1000 * statistics.median(held)
        print(f"  {name:<32}longest {longest:>7.1f} ms  median {median:>6.2f} ms  (aim {AIM} ms)")
    print()


def _filled(url: str) -> Engine:
    nation.fill(url, 0, UNITS)
    rows = nation._responses(RESPONSES, 1)
    nation._into_sqlite(url, iter(lambda: list(islice(rows, 20_000)), []))
    engine = open_engine(url)
    held = [(f"tg:{900_000 + n}", "head", f"U{n:05}") for n in range(1, UNITS + 1)]
    held += [("tg:1", "head", UNIT), ("tg:2", "admin", "*")]
    named = [dict(zip(("address", "role", "scope"), each, strict=True)) for each in held]
    with engine.begin() as connection:
        connection.execute(insert(table_of(Role)), [{**each, "since": 1} for each in named])
        connection.execute(text("UPDATE unit SET population = 9000000"))
    return engine


async def _run(engine: Engine, *, long: bool) -> list[float]:
    turns = Timed(engine, Vault("rahasia" * 8), os.urandom)
    turns.start()
    post = Post(engine, {"tg": Fake()}, lambda: LATER + 100, "bench", context_of=turns.context)
    beside = [asyncio.create_task(_long(turns, post))] if long else []
    lines = (_citizens(turns, number, long) for number in range(AT_ONCE))
    await asyncio.gather(*lines, *beside)
    turns.stop()
    return turns.held


async def _citizens(turns: Turns, line: int, long: bool) -> None:
    for number in range(line, CITIZENS, AT_ONCE):
        person = Person(turns, f"tg:{10_000 * (2 + long) + number}", at=LATER)
        await person.survey(f"U{100 + number:05}", value=4)


async def _long(turns: Turns, post: Post) -> None:
    at, numbers = LATER + 90, iter(range(1, 100))

    async def tap(address: str, shown: Screen | str, step: str, choice: str) -> Screen:
        talk = shown if isinstance(shown, str) else shown.conversation
        return await turns.do(address, Tapped(next(numbers), at, talk, step, choice))

    async def brought() -> str:
        channel = post.channels["tg"]
        assert isinstance(channel, Fake)
        await post.long_round()
        return channel.got[-1][2]

    await turns.do("tg:1", Opened(next(numbers), at, f"/periode {UNIT}"))
    shown = await brought()
    await tap("tg:1", shown, "do", "2026-Q2")
    shown = await brought()
    await tap("tg:1", shown, "publish", "publish")
    await brought()
    await turns.do("tg:2", Opened(next(numbers), at, "/siarkan *"))
    await turns.do("tg:2", Typed(next(numbers), at, "Rapat besok"))
    await tap("tg:2", await brought(), "confirm", "send")
    await brought()


if __name__ == "__main__":
    show()
