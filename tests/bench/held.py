"""How long the turn thread was held by any one batch, while long work goes on beside it.

Citizens answer; meanwhile a head looks at the sheet of a quarter with 10,000 answers and closes it,
and an admin writes to 5,000 heads. All in one process on SQLite, where it is hardest.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Engine, insert, text

from bot.core.sending.post import Post
from bot.core.turns.turn_worker import Turns
from bot.run import share_the_interpreter
from flows.engine.events import Opened, PersonEvent, Tapped, Typed
from reports.transparency.appending import append
from storage.database.connect import open_engine
from storage.database.upsert import table_of
from storage.scope import EVERYTHING, Scope, columns
from storage.tables import Role
from storage.vault import Vault
from tests.bench import nation
from tests.bench.ours import sqlite_files
from tests.support.fake_channel import Fake
from tests.support.offices import Person
from tests.support.publishing import LATER

AT_ONCE = 8  # citizens
UNIT, AIM = "U00001", 20  # milliseconds


class Size(NamedTuple):
    units: int  # each with one head
    responses: int  # of one unit, over four quarters
    citizens: int  # who answer beside the long work


SIZE = Size(5_000, 40_000, 160)


@dataclass(slots=True)
class Timed(Turns):
    held: list[float] = field(default_factory=list)  # seconds, of each batch

    def _settle(self, batch) -> None:  # type: ignore[no-untyped-def]
        began = time.perf_counter()
        Turns._settle(self, batch)
        self.held.append(time.perf_counter() - began)


def measured(url: str, size: Size) -> tuple[list[float], list[float]]:
    """Seconds of each batch: while citizens are alone, and beside long work."""
    engine = _filled(url, size)
    alone = asyncio.run(_run(engine, size, long=False))
    beside = asyncio.run(_run(engine, size, long=True))
    engine.dispose()
    return alone, beside


def show() -> None:
    quarter = SIZE.responses // 4
    print(
        f"How long the turn thread was held, {SIZE.units:,} units, {quarter:,} answers a quarter,"
    )
    share_the_interpreter()
    with sqlite_files() as files:
        alone, beside = measured(files(), SIZE)
    for name, held in (("citizens alone", alone), ("beside long work", beside)):
        longest, median = 1000 * max(held), 1000 * statistics.median(held)
        print(f"  {name:<32}longest {longest:>7.1f} ms  median {median:>6.2f} ms  (aim {AIM} ms)")
    print()


def _filled(url: str, size: Size) -> Engine:
    nation.fill(url, 0, size.units)
    rows = nation._responses(size.responses, 1)
    nation._into_sqlite(url, iter(lambda: list(islice(rows, 20_000)), []))
    engine = open_engine(url)
    heads = [(f"tg:{900_000 + n}", Scope("unit", f"U{n:05}")) for n in range(1, size.units + 1)]
    held = [(address, "head", scope) for address, scope in [*heads, ("tg:1", heads[0][1])]]
    rows_of_roles = [
        {"address": address, "role": role, **columns(scope), "since": 1, "language": "id"}
        for address, role, scope in [*held, ("tg:2", "admin", EVERYTHING)]
    ]
    with engine.begin() as connection:
        connection.execute(insert(table_of(Role)), rows_of_roles)
        connection.execute(text("UPDATE unit SET population = 9000000"))
    append(engine, LATER)  # as every night: a sheet finds the leaves of days that are over there
    return engine


async def _run(engine: Engine, size: Size, *, long: bool) -> list[float]:
    turns = Timed(engine, Vault("rahasia" * 8), os.urandom)
    turns.start()
    post = Post(engine, {"tg": Fake()}, lambda: LATER + 100, "bench", context_of=turns.context)
    beside = [asyncio.create_task(_long(turns, post))] if long else []
    lines = (_citizens(turns, line, size, long) for line in range(AT_ONCE))
    await asyncio.gather(*lines, *beside)
    turns.stop()
    return turns.held


async def _citizens(turns: Turns, line: int, size: Size, long: bool) -> None:
    for number in range(line, size.citizens, AT_ONCE):
        person = Person(turns, f"tg:{10_000 * (2 + long) + number}", at=LATER)
        await person.survey(f"U{1 + number % size.units:05}", value=4)


async def _long(turns: Turns, post: Post) -> None:
    at, numbers = LATER + 90, map(str, range(1, 100))

    async def do(address: str, kind: Callable[..., PersonEvent], *of: str) -> str:
        """The conversation that is shown: at once, or by the post where it takes long."""
        answer = await turns.do(address, kind(next(numbers), at, *of))
        channel = post.channels["tg"]
        assert isinstance(channel, Fake)
        channel.got.clear()
        await post.long_round()
        return channel.got[-1][2] if channel.got else answer.conversation

    shown = await do("tg:1", Opened, f"/periode {UNIT}")
    shown = await do("tg:1", Tapped, shown, "do", "2026-Q2")
    await do("tg:1", Tapped, shown, "publish", "publish")
    await do("tg:2", Opened, "/siarkan *")
    shown = await do("tg:2", Typed, "Rapat besok")
    await do("tg:2", Tapped, shown, "confirm", "send")


if __name__ == "__main__":
    show()
