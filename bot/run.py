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

from bot.console.app import mount
from bot.each_minute import each_minute, require_newest
from bot.health import Health
from bot.outage import Outage
from bot.post import Post, keep_for_later
from bot.right_time import RightTime
from bot.schedule import scheduler
from bot.settings import Settings, SettingsUnfit
from bot.telegram.channel import Telegram
from bot.telegram.menu_button import offer
from bot.telegram.poll import Poll, brought, known
from bot.telegram.updates import CHANNEL
from bot.telegram.wire import open_wire
from bot.turns import Turns
from bot.web import TELEGRAM_PATH, application
from storage import voices
from storage.database import (
    DatabaseAway,
    DatabaseUnfit,
    kept_for_this_process,
    open_engine,
    require_current,
    require_whole,
    said,
)
from storage.postgres import LONG
from storage.progress import file_of
from storage.vault import Vault

AGAIN = 1  # seconds until a database that is away is tried again
STOPPING = 5  # seconds for each thing that a stop waits for

log = logging.getLogger(__name__)


def run(settings: Settings, *, talks: bool, works: bool) -> None:
    """Until a signal. `talks`: channels and web; `works`: scheduler and outbox.

    A database that is away at the start is waited for. Raises DatabaseUnfit, SecretUnfit,
    SettingsUnfit, TokenRefused.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for noisy in ("apscheduler", "alembic", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
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
                    voices.are_open(connection, vault)
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
    outage = Outage()
    turns = Turns(engine, vault, secrets.token_bytes, settings.telegram_bot, web, outage=outage)
    token = settings.telegram_token.get_secret_value()
    wire = open_wire(settings.telegram_library, token, settings.telegram_api_url)
    telegram = Telegram(wire, turns, keep_for_later(engine, clock), clock)
    async with AsyncExitStack() as parts:
        parts.push_async_callback(wire.close)
        tasks: list[asyncio.Task[None]] = []
        if talks:
            turns.start()
            parts.callback(turns.stop)
            parts.push_async_callback(telegram.drain, STOPPING)
            _serve(settings, telegram, engine, vault, parts)
            parts.push_async_callback(_cancel, [asyncio.create_task(offer(wire))])
        tasks.append(asyncio.create_task(_updates(settings, telegram) if talks else known(wire)))
        if works:
            name, bot = _name_of_this_process(), settings.telegram_bot
            post = Post(engine, {CHANNEL: telegram}, clock, name, bot, outage=outage)
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
    settings: Settings, telegram: Telegram, engine: Engine, vault: Vault, parts: AsyncExitStack
) -> None:
    """The web, until `parts` are closed. Raises SettingsUnfit."""
    listening = listen(settings.http_host, settings.http_port)
    receiver = telegram if settings.public_url else None
    health = Health(engine, clock)
    app = application(receiver, settings.webhook_secret.get_secret_value(), health.fault)
    secure = settings.public_url.startswith("https:")
    mount(app, engine, vault, clock, secrets.token_bytes, secure, settings.telegram_bot)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=STOPPING
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve([listening]))

    async def close() -> None:
        server.should_exit = True
        await serving

    parts.push_async_callback(close)


def listen(host: str, port: int) -> socket.socket:
    """Raises SettingsUnfit where the address is taken, or none of this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as fault:
        reason = str(fault.strerror).partition(" (while")[0]
        raise SettingsUnfit(
            f"The web cannot listen at {host}, port {port} ({reason}). "
            "Stop what else uses it, or set SKM_HTTP_PORT or SKM_HTTP_HOST."
        ) from None


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
    """What does not end in time is cut off: its rows are leased, so it is sent again."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=STOPPING)


def _name_of_this_process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
