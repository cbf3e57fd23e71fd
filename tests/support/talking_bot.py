"""The Telegram adapter at work in this process, before the Bot API server of a test.

async with talking(telegram, url) as bot:              # it polls, as `skm run` does
    rini = telegram.citizen()
    await rini.send("/start SMST-BTM")
    bot.clock.at += 5
    await bot.post.round()                             # what was kept for later
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, get_args

import pytest
from sqlalchemy import Engine

from bot.channels.telegram.channel import Telegram as Adapter
from bot.channels.telegram.links import links
from bot.channels.telegram.platform import open_wire
from bot.channels.telegram.poll import Poll
from bot.channels.telegram.settings import Library
from bot.core.sending.post import Post, keep_for_later
from bot.core.turns.turn_context import Made
from bot.core.turns.turn_worker import Turns
from bot.core.watch.hearing import Hearing
from flows.engine.events import PersonEvent
from flows.engine.screen import Screen
from tests.support.citizen import Citizen
from tests.support.fake_channel import Clock
from tests.support.offices import VAULT, Chance, office, unit_row, unsent
from tests.support.telegram_server import Telegram
from tests.support.waiting import PATIENCE, Waiting

UNIT = unit_row("SMST-BTM", services=[{"id": "pajak", "label": "Pajak tahunan"}])
NEVER = 3600.0
LIBRARIES: tuple[Library, ...] = get_args(Library)


@dataclass
class Held(Turns):
    """Turns that can be told to wait, or to refuse what some chats send."""

    free: asyncio.Event = field(default_factory=asyncio.Event)
    refuse: dict[str, Exception] = field(default_factory=dict)  # by address
    asked: list[str] = field(default_factory=list)  # addresses, as their events came
    done: list[str] = field(default_factory=list)  # … and as they were committed
    waiting: Waiting = field(default_factory=Waiting)

    async def do(self, address: str, event: PersonEvent, made: Made | None = None) -> Screen:
        self.asked.append(address)
        self.waiting.look()
        await self.free.wait()
        if fault := self.refuse.get(address):
            raise fault
        screen = await super().do(address, event, made)
        self.done.append(address)
        self.waiting.look()
        return screen

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until this holds, looked at as events come and are committed."""
        await self.waiting.until(holds, PATIENCE)


@dataclass
class TalkingBot:
    telegram: Telegram
    engine: Engine
    turns: Held
    adapter: Adapter
    clock: Clock
    post: Post
    polling: "list[asyncio.Task[None]]" = field(default_factory=list)
    _updates: Iterator[int] = field(default_factory=lambda: count(900_000))

    def poll(self) -> "asyncio.Task[None]":
        self.polling.append(asyncio.create_task(Poll(self.adapter, Hearing("Telegram")).run()))
        return self.polling[-1]

    async def bring(self, update: dict[str, Any], id: int = 0) -> int:
        """Hand over an update as a webhook would; returns when what it caused is sent."""
        number = id or next(self._updates)
        raw = json.dumps({"update_id": number, **update}).encode()
        said = await self.adapter.receive(raw)
        await self.telegram.run(self.telegram.front.said(said))
        await self.adapter.drain(NEVER)
        return number

    def later(self) -> list[Any]:
        return unsent(self.engine)


@asynccontextmanager
async def talking(
    telegram: Telegram,
    url: str,
    *units: dict[str, Any],
    library: Library = "aiogram",
    poll: bool = True,
    seed: int = 1,
) -> AsyncIterator[TalkingBot]:
    """With `poll` off, updates come by `bring` alone."""
    clock = Clock()
    with office(url, *(units or (UNIT,))) as engine:
        turns = Held(engine, VAULT, Chance(seed), links(""))
        turns.free.set()
        turns.start()
        wire = open_wire(library, telegram.token, telegram.url)
        adapter = Adapter(wire, turns, keep_for_later(engine, clock), clock)
        post = Post(engine, {"tg": adapter}, clock, "this process")
        bot = TalkingBot(telegram, engine, turns, adapter, clock, post)
        if poll:
            bot.poll()
        try:
            yield bot
        finally:
            for task in bot.polling:
                task.cancel()
            turns.free.set()
            await asyncio.gather(*bot.polling, return_exceptions=True)
            await adapter.drain(5)
            turns.stop()
            await wire.close()


async def begin(citizen: Citizen) -> None:
    """To the first of nine questions."""
    await citizen.send("/start SMST-BTM")
    await citizen.tap("Setuju, mulai")


@pytest.fixture(params=LIBRARIES)
async def bot(request, telegram: Telegram, sqlite_url: str) -> AsyncIterator[TalkingBot]:
    async with talking(telegram, sqlite_url, library=request.param) as bot:
        yield bot
