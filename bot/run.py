"""The running system: channels, web, scheduler and post in one process, or its two halves."""

import asyncio
import gc
import logging
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import Any

from sqlalchemy import Engine

from bot import logs
from bot.channels.web.chooser import chooser
from bot.core.platform import Opened
from bot.core.sending.post import Post, keep_for_later
from bot.core.turns.turn_context import Forms
from bot.core.turns.turn_worker import Turns
from bot.core.watch.clock_check import RightTime
from bot.core.watch.each_minute import each_minute, require_newest
from bot.core.watch.outage import Outage
from bot.core.watch.queue_watch import Watch
from bot.core.watch.readiness import Readiness, places
from bot.dialogues import DIALOGUES
from bot.schedule import scheduler
from bot.settings import Settings, slips
from bot.start import Addresses
from bot.web.app import application, watched
from bot.web.console.app import mount
from bot.web.serving import server
from bot.web.site import PublicSite
from bot.web.visit_links import VisitLinks
from flows.loader import offered
from storage.answers import votes
from storage.database import database_url
from storage.database.connect import (
    DatabaseAway,
    open_engine,
    require_current,
    require_whole,
    said,
    shown,
)
from storage.database.in_use import BeingMigrated, Place, kept_for_this_process
from storage.database.postgres import LONG, this_process
from storage.database.release import VERSION
from storage.database.rollback_check import file_of, require_not_lost
from storage.vault import Vault

AGAIN = 1  # seconds until a database that is away is tried again
SWITCH = 0.0005  # seconds; Python's own is ten times that
GARBAGE = 700  # objects more than before, until Python looks for garbage: as CPython 3.11 does
HELD = 5  # seconds between two looks whether this process has its place on the database
STOPPING = 5  # seconds for each thing that a stop waits for

log = logging.getLogger(__name__)


def run(settings: Settings, addresses: Addresses, *, talks: bool, works: bool) -> None:
    """Until a signal. `talks`: channels and web; `works`: scheduler and outbox.

    A database that is away at the start is waited for. Raises DatabaseUnfit, SecretUnfit,
    SettingsUnfit, ChannelRefused.
    """
    logs.begin(_secrets(settings), settings.log)
    engine = open_engine(settings.database_url)
    _say_start(settings, shown(engine), talks)
    try:
        vault = settings.vault
        with kept_for_this_process(engine) as place:
            asyncio.run(_run(settings, addresses, engine, vault, place, talks, works))
    finally:
        engine.dispose()


def _secrets(settings: Settings) -> list[str]:
    own = (secret for each in settings.platforms for secret in each.own.secrets)
    return [*settings.secrets, *own, *database_url.secrets(settings.database_url)]


def _say_start(settings: Settings, database: str, talks: bool) -> None:
    def address(host: str, port: int, wanted: bool = True) -> str:
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{port}" if port and wanted else "none"

    more = {
        "channels": ",".join(settings.channels),
        "events": ("webhook" if settings.public_url else "polling") if talks else "none",
        "public": settings.public_url or "none",
        "web": address(settings.http_host, settings.http_port, talks),
        "watch": address(settings.watch_host, settings.watch_port),
        "database": database,
    }
    log.info("skm %s starts", VERSION, extra=more)
    if wrong := " ".join(slips()):
        log.warning("settings: %s", wrong)


async def _require(
    settings: Settings, engine: Engine, vault: Vault, place: Place, outage: Outage
) -> None:
    """Wait until the database is there, and as it should be. Raises DatabaseUnfit, SecretUnfit."""

    def look() -> None:
        with said(engine):
            place.renew()
            require_not_lost(engine, file_of(engine, settings.state_dir))
            require_current(engine)
            require_whole(engine)
            require_newest(engine, file_of(engine, settings.state_dir))
            with engine.begin() as connection:
                votes.are_open(connection, vault)

    while True:
        try:
            await asyncio.to_thread(look)
        except (DatabaseAway, BeingMigrated) as fault:
            outage.failed(fault)
            await asyncio.sleep(AGAIN)
        else:
            outage.worked()
            return


def clock() -> int:
    return int(time.time())


def share_the_interpreter() -> None:
    """A turn asks for Python's lock after each statement: a thread that makes a report gives it up
    after `SWITCH`, and what the program consists of is not searched for garbage (0.2 s each time).
    """
    sys.setswitchinterval(SWITCH)
    gc.set_threshold(GARBAGE)
    gc.collect()
    gc.freeze()


async def _run(
    settings: Settings,
    addresses: Addresses,
    engine: Engine,
    vault: Vault,
    place: Place,
    talks: bool,
    works: bool,
) -> None:
    stopped = _stop_signals()
    web = settings.public_url or f"http://{settings.http_host}:{settings.http_port}"
    name, outage = f"{this_process()} {secrets.token_hex(4)}", Outage()
    links, forms = settings.links, Forms(DIALOGUES, offered(settings.languages))
    turns = Turns(
        engine,
        vault,
        secrets.token_bytes,
        links,
        web,
        forms,
        name,
        outage=outage,
        source=settings.source,
        channels={each.channel: each.capabilities for each in settings.platforms},
    )
    later = keep_for_later(engine, clock)
    opened = {each.channel: each.open(turns, later, clock) for each in settings.platforms}
    watch = Watch(turns.waited)
    async with AsyncExitStack() as parts:
        for each in opened.values():
            parts.push_async_callback(each.close)
        readiness = Readiness(
            engine,
            clock,
            places(settings.database_url, settings.state_dir),
            settings.disk_limit,
            {name: each.hearing for name, each in opened.items() if each.hearing},
            watch.fault,
            works,
        )
        if addresses.watch:
            _serve(watched(readiness.checks, turns.is_alive), addresses.watch, parts)
        found = asyncio.create_task(_require(settings, engine, vault, place, outage))
        parts.push_async_callback(_cancel, [found])
        await _first(stopped, [found])
        if stopped.is_set():
            return
        share_the_interpreter()
        tasks = [asyncio.create_task(_keep(place, engine, outage))]
        if addresses.public:
            turns.start()
            parts.callback(turns.stop, STOPPING)
            for each in opened.values():
                parts.push_async_callback(each.delivery.drain, STOPPING)
            app = application(
                [
                    *(route for each in opened.values() for route in each.routes),
                    *chooser(engine, settings.platforms),
                    VisitLinks(engine, vault, clock, secrets.token_bytes, links).route,
                ]
            )
            secure = settings.public_url.startswith("https:")
            mount(app, engine, vault, clock, secrets.token_bytes, secure, links, forms)
            site = settings.site(file_of(engine, settings.state_dir))
            app.routes.append(PublicSite(engine, site, clock).route)
            _serve(app, addresses.public, parts)
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
            file = file_of(engine, settings.state_dir)
            outlets = settings.outlets(file)
            running = scheduler(patient, clock, right.is_right, outage, settings.keep, outlets)
            running.start()
            parts.push_async_callback(asyncio.to_thread, running.shutdown)
            clocks = [each.clock for each in settings.platforms if each.clock]
            minutes = each_minute(engine, running, right, outage, clocks, file)
            tasks.append(asyncio.create_task(minutes))
        parts.push_async_callback(_cancel, tasks)
        said = asyncio.create_task(_say_running(opened.values()))
        parts.push_async_callback(_cancel, [said])
        await _first(stopped, tasks)


async def _keep(place: Place, engine: Engine, outage: Outage) -> None:
    """Until cancelled: no upgrade may come between. Raises DatabaseUnfit where one did."""

    def renew() -> None:
        try:
            with said(engine):
                if place.renew():
                    require_current(engine)
        except DatabaseAway as fault:
            outage.failed(fault)

    while True:
        await asyncio.sleep(HELD)
        await asyncio.to_thread(renew)


async def _say_running(opened: Iterable[Opened]) -> None:
    """Once it is known of each channel that events come."""
    for each in opened:
        if each.hearing is not None:
            await each.hearing.first.wait()
    log.info("skm is running; stop it with Ctrl-C")


def _patient(settings: Settings, engine: Engine, parts: AsyncExitStack) -> Engine:
    """For what may take long. Writers to a SQLite file queue within one engine, so there is one."""
    if engine.name == "sqlite":
        return engine
    patient = open_engine(settings.database_url, LONG)
    parts.callback(patient.dispose)
    return patient


def _serve(app: Any, listening: socket.socket, parts: AsyncExitStack) -> None:
    """Until `parts` are closed."""
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
