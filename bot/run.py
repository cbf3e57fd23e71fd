"""The running system: channels, web, scheduler and post in one process, or its two halves."""

import asyncio
import logging
import os
import secrets
import signal
import socket
import time
from collections.abc import Iterable
from contextlib import AsyncExitStack

from sqlalchemy import Engine

from bot import logs
from bot.core.channel import Opened
from bot.core.clock_check import RightTime
from bot.core.each_minute import each_minute, require_newest
from bot.core.links import Links
from bot.core.outage import Outage
from bot.core.post import Post, keep_for_later
from bot.core.queue_watch import Watch
from bot.core.turn_context import Forms
from bot.core.turn_worker import Turns
from bot.dialogues import DIALOGUES
from bot.schedule import scheduler
from bot.settings import Settings
from bot.web.app import application
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
from storage.database.rollback_check import file_of, require_not_lost
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
        vault = settings.vault
        with kept_for_this_process(engine):
            _require(settings, engine, vault)
            asyncio.run(_run(settings, engine, vault, talks, works))
    finally:
        engine.dispose()


def _secrets(settings: Settings) -> list[str]:
    own = (secret for each in settings.platforms for secret in each.own.secrets)
    return [*settings.secrets, *own, *database_url.secrets(settings.database_url)]


def _require(settings: Settings, engine: Engine, vault: Vault) -> None:
    """Wait until the database is there, and as it should be. Raises DatabaseUnfit, SecretUnfit."""
    outage = Outage()
    while True:
        try:
            with said(engine):
                require_not_lost(engine, file_of(engine, settings.state_dir))
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
    name, outage = _name_of_this_process(), Outage()
    links, forms = settings.links, Forms(DIALOGUES)
    turns = Turns(engine, vault, secrets.token_bytes, links, web, forms, name, outage=outage)
    later = keep_for_later(engine, clock)
    opened = {each.name: each.open(turns, later, clock) for each in settings.platforms}
    async with AsyncExitStack() as parts:
        for each in opened.values():
            parts.push_async_callback(each.close)
        tasks: list[asyncio.Task[None]] = []
        if talks:
            turns.start()
            parts.callback(turns.stop, STOPPING)
            for each in opened.values():
                parts.push_async_callback(each.delivery.drain, STOPPING)
            watch = Watch(turns.waited)
            _serve(settings, opened.values(), engine, vault, watch, links, parts)
            tasks.append(asyncio.create_task(watch.run()))
            begun = [asyncio.create_task(each.begin()) for each in opened.values()]
            parts.push_async_callback(_cancel, begun)
        for each in opened.values():
            tasks.append(asyncio.create_task(each.hear() if talks else each.only_send()))
        if works:
            post = Post(
                engine,
                {key: each.delivery for key, each in opened.items()},
                clock,
                name,
                links,
                forms,
                context_of=turns.context,
                outage=outage,
            )
            tasks.append(asyncio.create_task(post.run()))
            right, patient = RightTime(clock), _patient(settings, engine, parts)
            running = scheduler(patient, clock, right.is_right, outage, settings.keep)
            running.start()
            parts.push_async_callback(asyncio.to_thread, running.shutdown)
            file = file_of(engine, settings.state_dir)
            clocks = [each.clock for each in settings.platforms if each.clock]
            minutes = each_minute(engine, running, right, outage, clocks, file)
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


def _serve(
    settings: Settings,
    opened: Iterable[Opened],
    engine: Engine,
    vault: Vault,
    watch: Watch,
    links: Links,
    parts: AsyncExitStack,
) -> None:
    """The web, until `parts` are closed. Raises SettingsUnfit."""
    listening = listen(settings.http_host, settings.http_port)
    health = Health(engine, clock, watch.fault)
    app = application((route for each in opened for route in each.routes), health.fault)
    secure = settings.public_url.startswith("https:")
    mount(app, engine, vault, clock, secrets.token_bytes, secure, links)
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
