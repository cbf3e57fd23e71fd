"""The running system: channels, web, scheduler and post in one process, or its two halves."""

import asyncio
import logging
import os
import secrets
import signal
import socket
import time
from contextlib import AsyncExitStack

from sqlalchemy import Engine

from bot import logs
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.menu_button import offer
from bot.channels.telegram.poll import Poll, brought, known
from bot.channels.telegram.updates import CHANNEL
from bot.channels.telegram.wire import open_wire
from bot.core.clock_check import RightTime
from bot.core.each_minute import each_minute, require_newest
from bot.core.outage import Outage
from bot.core.post import Post, keep_for_later
from bot.core.queue_watch import Watch
from bot.core.turn_worker import Turns
from bot.schedule import scheduler
from bot.settings import Settings
from bot.web.app import TELEGRAM_PATH, application
from bot.web.console.app import mount
from bot.web.health import Health
from bot.web.serving import listen, server
from storage.answers import votes
from storage.database import database_url
from storage.database.connect import (
    DatabaseAway,
    kept_for_this_process,
    open_engine,
    require_current,
    require_whole,
    said,
)
from storage.database.database_url import DatabaseUnfit
from storage.database.postgres import LONG
from storage.database.rollback_check import file_of
from storage.vault import Vault

AGAIN = 1  # seconds until a database that is away is tried again
STOPPING = 5  # seconds for each thing that a stop waits for

log = logging.getLogger(__name__)


def run(settings: Settings, *, talks: bool, works: bool) -> None:
    """Until a signal. `talks`: channels and web; `works`: scheduler and outbox.

    A database that is away at the start is waited for. Raises DatabaseUnfit, SecretUnfit,
    SettingsUnfit, TokenRefused.
    """
    logs.begin(_secrets(settings))
    engine = open_engine(settings.database_url)
    try:
        if engine.name == "sqlite" and not (talks and works):
            raise DatabaseUnfit(
                "SQLite is for one process: start `skm run`. For `skm serve` and `skm work` set "
                "SKM_DATABASE_URL to a postgresql:// address."
            )
        vault = Vault(settings.secret_key.get_secret_value())
        with kept_for_this_process(engine):
            _require(settings, engine, vault)
            asyncio.run(_run(settings, engine, vault, talks, works))
    finally:
        engine.dispose()


def _secrets(settings: Settings) -> list[str]:
    kept = (settings.secret_key, settings.telegram_token, settings.webhook_secret)
    plain = [each.get_secret_value() for each in kept]
    return [*plain, *database_url.secrets(settings.database_url)]


def _require(settings: Settings, engine: Engine, vault: Vault) -> None:
    """Wait until the database is there, and as it should be. Raises DatabaseUnfit, SecretUnfit."""
    outage = Outage()
    while True:
        try:
            with said(engine):
                require_current(engine)
                require_whole(engine)
                require_newest(engine, file_of(engine, settings.state_dir))
                with engine.begin() as connection:
                    votes.are_open(connection, vault)
        except DatabaseAway as fault:
            outage.failed(fault)
            time.sleep(AGAIN)
        else:
            outage.worked()
            return


def clock() -> int:
    return int(time.time())


async def _run(settings: Settings, engine: Engine, vault: Vault, talks: bool, works: bool) -> None:
    stopped = _stop_signals()
    web = settings.public_url or f"http://{settings.http_host}:{settings.http_port}"
    name, bot, outage = _name_of_this_process(), settings.telegram_bot, Outage()
    turns = Turns(engine, vault, secrets.token_bytes, bot, web, name=name, outage=outage)
    token = settings.telegram_token.get_secret_value()
    wire = open_wire(settings.telegram_library, token, settings.telegram_api_url)
    number = token.partition(":")[0]
    telegram = Telegram(wire, turns, keep_for_later(engine, clock), clock, number)
    async with AsyncExitStack() as parts:
        parts.push_async_callback(wire.close)
        tasks: list[asyncio.Task[None]] = []
        if talks:
            turns.start()
            parts.callback(turns.stop, STOPPING)
            parts.push_async_callback(telegram.drain, STOPPING)
            watch = Watch(turns.waited)
            _serve(settings, telegram, engine, vault, watch, parts)
            tasks.append(asyncio.create_task(watch.run()))
            parts.push_async_callback(_cancel, [asyncio.create_task(offer(wire))])
        tasks.append(asyncio.create_task(_updates(settings, telegram) if talks else known(wire)))
        if works:
            post = Post(
                engine,
                {CHANNEL: telegram},
                clock,
                name,
                bot,
                context_of=turns.context,
                outage=outage,
            )
            tasks.append(asyncio.create_task(post.run()))
            right, patient = RightTime(clock), _patient(settings, engine, parts)
            running = scheduler(patient, clock, right.is_right, outage)
            running.start()
            parts.push_async_callback(asyncio.to_thread, running.shutdown)
            file = file_of(engine, settings.state_dir)
            minutes = each_minute(engine, running, right, outage, settings.telegram_api_url, file)
            tasks.append(asyncio.create_task(minutes))
        parts.push_async_callback(_cancel, tasks)
        log.info("skm is running; stop it with Ctrl-C")
        await _first(stopped, tasks)


def _patient(settings: Settings, engine: Engine, parts: AsyncExitStack) -> Engine:
    """For what may take long. Writers to a SQLite file queue within one engine, so there is one."""
    if engine.name == "sqlite":
        return engine
    patient = open_engine(settings.database_url, LONG)
    parts.callback(patient.dispose)
    return patient


async def _updates(settings: Settings, telegram: Telegram) -> None:
    """Until cancelled, by webhook where there is a public address. Raises TokenRefused, …"""
    if settings.public_url:
        secret = settings.webhook_secret.get_secret_value()
        await brought(telegram.wire, settings.public_url + TELEGRAM_PATH, secret)
    else:
        await Poll(telegram).run()


def _serve(
    settings: Settings,
    telegram: Telegram,
    engine: Engine,
    vault: Vault,
    watch: Watch,
    parts: AsyncExitStack,
) -> None:
    """The web, until `parts` are closed. Raises SettingsUnfit."""
    listening = listen(settings.http_host, settings.http_port)
    receiver = telegram if settings.public_url else None
    health = Health(engine, clock, watch.fault)
    app = application(receiver, settings.webhook_secret.get_secret_value(), health.fault)
    secure = settings.public_url.startswith("https:")
    mount(app, engine, vault, clock, secrets.token_bytes, secure, settings.telegram_bot)
    web = server(app, STOPPING)
    serving = asyncio.create_task(web.serve([listening]))

    async def close() -> None:
        web.should_exit = True
        await serving

    parts.push_async_callback(close)


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
    """What does not end in time is cut off: its rows are leased, so it is sent again."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=STOPPING)


def _name_of_this_process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
