"""The running system: channels, web, scheduler and post in one process, or its two halves."""

import asyncio
import logging
import os
import secrets
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import uvicorn
from sqlalchemy import Engine

from bot.post import Post, keep_for_later
from bot.schedule import scheduler
from bot.settings import Settings
from bot.telegram import Telegram
from bot.telegram_poll import Poll, set_webhook
from bot.telegram_session import open_bot
from bot.telegram_updates import CHANNEL
from bot.turns import Turns
from bot.web import TELEGRAM_PATH, application
from storage.database import DatabaseUnfit, open_engine, require_current
from storage.vault import Vault

log = logging.getLogger(__name__)


def run(settings: Settings, *, talks: bool, works: bool) -> None:
    """Until a signal. `talks`: channels and web; `works`: scheduler and outbox.

    Raises DatabaseUnfit, SecretUnfit, TokenRefused.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for noisy in ("apscheduler", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    engine = open_engine(settings.database_url)
    try:
        if engine.name == "sqlite" and not (talks and works):
            raise DatabaseUnfit(
                "SQLite is for one process: start `skm run`. For `skm serve` and `skm work` set "
                "SKM_DATABASE_URL to a postgresql:// address."
            )
        require_current(engine)
        asyncio.run(
            _run(settings, engine, Vault(settings.secret_key.get_secret_value()), talks, works)
        )
    finally:
        engine.dispose()


def clock() -> int:
    return int(time.time())


async def _run(settings: Settings, engine: Engine, vault: Vault, talks: bool, works: bool) -> None:
    stopped = _stop_signals()
    turns = Turns(engine, vault, secrets.token_bytes)
    bot = open_bot(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
    telegram = Telegram(bot, turns, keep_for_later(engine, clock), clock)
    async with AsyncExitStack() as parts:
        parts.push_async_callback(bot.session.close)
        tasks: list[asyncio.Task[None]] = []
        if talks:
            turns.start()
            parts.callback(turns.stop)
            parts.push_async_callback(telegram.drain)
            tasks += await _talk(settings, telegram, parts)
        if works:
            post = Post(engine, {CHANNEL: telegram}, clock, _name_of_this_process())
            tasks.append(asyncio.create_task(post.run()))
            running = scheduler(engine, clock)
            running.start()
            parts.callback(running.shutdown)
        parts.push_async_callback(_cancel, tasks)
        log.info("skm is running; stop it with Ctrl-C")
        await _first(stopped, tasks)


async def _talk(
    settings: Settings, telegram: Telegram, parts: AsyncExitStack
) -> list[asyncio.Task[None]]:
    webhook = bool(settings.public_url)
    app = application(telegram if webhook else None, settings.webhook_secret.get_secret_value())
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port,
        log_level="warning",
        access_log=False,
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve())

    async def close() -> None:
        server.should_exit = True
        await serving

    parts.push_async_callback(close)
    if not webhook:
        return [asyncio.create_task(Poll(telegram).run())]
    url = settings.public_url.rstrip("/") + TELEGRAM_PATH
    await set_webhook(telegram, url, settings.webhook_secret.get_secret_value())
    return []


class Server(uvicorn.Server):
    """Leaves signals to `_stop_signals`: the web is one part among others."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _stop_signals() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


async def _first(stopped: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    """Wait for the stop, or for a part that fails: its exception is raised."""
    waiting = asyncio.create_task(stopped.wait())
    done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    for task in done:
        task.result()


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _name_of_this_process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
