"""A Bot API server for tests: lo-bot-api-emulator as a process, our front before it in a thread.

    with telegram_server() as telegram:
        … start a bot with telegram.token against telegram.url …
        rini = telegram.citizen()
        await rini.send("/start U-BTM")

The front has an event loop of its own, so blocking code in a test does not stop the server.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Thread
from typing import Any, TypeVar

from aiohttp import web

from tests.support.citizen import Citizen
from tests.support.emulator import emulator
from tests.support.telegram_chat import Call, Chat
from tests.support.telegram_faults import Fault
from tests.support.telegram_front import Front
from tests.support.waiting import PATIENCE

T = TypeVar("T")
TOKEN = "7:AAEmulatorTokenForTestsOnly0123456789"  # the emulator's bot has the id 7
USERNAME = "skm_uji_bot"


@dataclass
class Telegram:
    """The running server: where it is, what the bot did, what shall go wrong."""

    front: Front
    loop: asyncio.AbstractEventLoop
    token: str = TOKEN
    username: str = USERNAME
    _numbers: Iterator[int] = field(default_factory=lambda: count(5_000_000_001))

    @property
    def url(self) -> str:
        """SKM_TELEGRAM_API_URL: http://127.0.0.1:PORT."""
        return self.front.address

    @property
    def calls(self) -> list[Call]:
        """Every call of the bot but getUpdates, in the order of its answer, refused ones too."""
        return self.front.calls

    @property
    def deliveries(self) -> list[tuple[int, int]]:
        """Webhook deliveries tried: update id and HTTP status, 0 without an answer."""
        return self.front.webhook.attempts

    def chat(self, number: int) -> Chat:
        """What the bot showed and did in any chat, also a group's."""
        return self.front.chat(number)

    def citizen(
        self, number: int | None = None, *, name: str = "Warga", language: str = "id"
    ) -> Citizen:
        """Somebody new, or whoever has this chat id."""
        return Citizen(self.front, self.run, number or next(self._numbers), name, language)

    async def inject(self, update: dict[str, Any]) -> int:
        """Queue any update (`tests.support.telegram_updates` words them), of unknown kinds too; its
        id."""
        return await self.run(self.front.inject(update))

    async def confirmed(self, update: int, patience: float = PATIENCE) -> None:
        """Wait until the bot has confirmed an update: by its poll offset, or by a webhook's 2xx."""
        front = self.front
        await self.run(front.waiting.until(lambda: front.confirmed(update), patience))

    async def listening(self, patience: float = PATIENCE) -> None:
        """Wait until the bot polls or sets its webhook, counted from now."""
        before = self.front.listened
        await self.run(self.front.waiting.until(lambda: self.front.listened > before, patience))

    def refuse(
        self,
        method: str,
        status: int,
        *,
        retry_after: int | None = None,
        times: int = 1,
        chat: int | None = None,
    ) -> None:
        """Answer the next calls with 429 (and `retry_after`, default 1) or 5xx."""
        after = retry_after or 1
        self.front.faults.expect(Fault(method, times, chat, status=status, retry_after=after))

    def drop(
        self, method: str, *, done: bool = False, times: int = 1, chat: int | None = None
    ) -> None:
        """Close the connection of the next calls unanswered; `done`: after doing what they ask."""
        self.front.faults.expect(Fault(method, times, chat, drop="after" if done else "before"))

    def hold(self, method: str, *, times: int = 1, chat: int | None = None) -> Callable[[], None]:
        """Let the next calls wait, before they are done, until what is returned is called."""
        over = asyncio.Event()
        self.front.faults.expect(Fault(method, times, chat, over=over))

        def release() -> None:
            self.loop.call_soon_threadsafe(over.set)

        return release

    def no_more_faults(self) -> None:
        self.front.faults.clear()

    def repeat_updates(self, on: bool = True) -> None:
        """Bring every update twice from now on, with the same id."""
        self.front.twice = on

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run in the server's loop, wait in the caller's."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))


@contextmanager
def telegram_server() -> Iterator[Telegram]:
    """The server for the length of the `with`, on free ports of 127.0.0.1."""
    with emulator() as address, _front(address) as telegram:
        yield telegram


@contextmanager
def _front(emulator: str) -> Iterator[Telegram]:
    ready: Future[tuple[Telegram, asyncio.Event]] = Future()
    thread = Thread(target=lambda: asyncio.run(_serve(emulator, ready)), name="telegram front")
    thread.start()
    telegram, stop = ready.result(timeout=PATIENCE)
    try:
        yield telegram
    finally:
        telegram.loop.call_soon_threadsafe(stop.set)
        thread.join()


async def _serve(emulator: str, ready: Future[tuple[Telegram, asyncio.Event]]) -> None:
    front, stop = Front(emulator, TOKEN, USERNAME), asyncio.Event()
    runner = web.AppRunner(
        front.app(), handler_cancellation=True, access_log=None, shutdown_timeout=0.1
    )
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    front.address = site.name
    ready.set_result((Telegram(front, asyncio.get_running_loop()), stop))
    await stop.wait()
    await runner.cleanup()
    await front.close()
