"""What is done to a running skm, and to what it stands on: a coroutine each, over when it ends.

Those in `ENDS` end the process: whoever runs it starts it again, as a supervisor would.
"""

import asyncio
import os
import resource
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from tests.support import postgres
from tests.support.skm_process import Process, forked_once
from tests.support.telegram_server import Telegram

HELD = 8  # seconds that a full disk, a missing file or a bad platform lasts
LOCKED = 60  # … a lock of another, or a database server that stands still
STOPPED = 30  # … a process that stands still
ROWS = 100_000  # of an import
SENDING = ("sendMessage", "editMessageText", "answerCallbackQuery")


@dataclass
class Scene:
    process: Process
    telegram: Telegram
    server: postgres.Server
    url: str
    env: dict[str, str]
    folder: Path

    @property
    def file(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))


async def killed(here: Scene) -> None:
    here.process.kill()


async def told_to_stop(here: Scene) -> None:
    assert await asyncio.to_thread(here.process.stop) == 0, here.process.said


async def stopped(here: Scene) -> None:
    os.kill(here.process.pid, signal.SIGSTOP)
    await asyncio.sleep(STOPPED)
    os.kill(here.process.pid, signal.SIGCONT)


async def bad_platform(here: Scene) -> None:
    """Every update twice; sends refused, cut off, slow and cut off after they were done."""
    told = here.telegram
    told.repeat_updates()
    for method in SENDING:
        told.refuse(method, 429, retry_after=1, times=5)
        told.refuse(method, 502, times=5)
        told.drop(method, times=5)
        told.drop(method, done=True, times=5)
    told.refuse("getUpdates", 409)
    told.refuse("getUpdates", 500, times=2)
    releases = [told.hold(method, times=5) for method in SENDING]
    await asyncio.sleep(HELD)
    for release in releases:
        release()
    told.repeat_updates(False)
    told.no_more_faults()


async def file_removed(here: Scene) -> None:
    away = here.file.with_name("away.db")
    here.file.rename(away)
    await asyncio.sleep(HELD)
    assert not here.file.exists(), "an empty file was made in its place"
    away.rename(here.file)


async def disk_full(here: Scene) -> None:
    """No file of the process grows any more, as on a full disk."""
    none, _ = resource.prlimit(here.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(here.process.pid, resource.RLIMIT_FSIZE, (4_096, none))
    await asyncio.sleep(HELD)
    resource.prlimit(here.process.pid, resource.RLIMIT_FSIZE, (none, none))


async def locked_by_another(here: Scene) -> None:
    with sqlite3.connect(here.file, isolation_level=None) as other:
        other.execute("PRAGMA busy_timeout=10000")
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(LOCKED)
        other.execute("ROLLBACK")
    other.close()


async def second_process(here: Scene) -> None:
    # Which is noticed first of a second `skm run`: its ports are those of the first.
    said = {("run",): "already in use", ("db", "upgrade"): "Another skm runs"}
    for words, why in said.items():
        done = await asyncio.to_thread(forked_once, *words, env=here.env, folder=here.folder)
        assert done.returncode == 1, done.stdout
        assert why in done.stdout, done.stdout


async def long_import(here: Scene) -> None:
    """A year's answers of another unit, by the command line beside the running skm."""
    file = here.folder / "year.csv"
    with file.open("w") as lines:
        lines.write("date," + ",".join(f"U{number}" for number in range(1, 10)) + "\n")
        yesterday = datetime.now(UTC).date() - timedelta(days=1)
        lines.writelines(f"{yesterday},3,3,4,3,4,3,4,3,{n % 4 + 1}\n" for n in range(ROWS))
    words = ("import", "responses", str(file), "--unit", "RSUD-PP")
    done = await asyncio.to_thread(forked_once, *words, env=here.env, folder=here.folder)
    assert done.returncode == 0, done.stdout
    assert f"{ROWS} responses imported" in done.stdout.replace(",", ""), done.stdout


async def restarted_fast(here: Scene) -> None:
    await asyncio.to_thread(here.server.control, "-m", "fast", "-w", "restart")


async def restarted_at_once(here: Scene) -> None:
    await asyncio.to_thread(here.server.control, "-m", "immediate", "-w", "restart")


async def backends_ended(here: Scene) -> None:
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    for _ in range(5):
        await asyncio.to_thread(here.server.run, others)
        await asyncio.sleep(0.5)


async def connections_exhausted(here: Scene) -> None:
    """skm's own are ended too, and all places taken before it is back."""
    mine = here.server.url("postgres")
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname <> 'postgres'"
    with ExitStack() as taken:
        first = taken.enter_context(psycopg.connect(mine, autocommit=True))
        for _ in range(HELD):
            first.execute(ended)
            with suppress(psycopg.OperationalError):
                while True:
                    taken.enter_context(psycopg.connect(mine))
            await asyncio.sleep(1)


async def row_locked(here: Scene) -> None:
    with psycopg.connect(here.url) as other:
        other.execute("SELECT * FROM conversation ORDER BY address LIMIT 1 FOR UPDATE")
        await asyncio.sleep(LOCKED)
        other.rollback()


async def server_stopped(here: Scene) -> None:
    processes = here.server.processes
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(LOCKED)
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


Fault = Callable[[Scene], Awaitable[None]]
EVERYWHERE: tuple[Fault, ...] = (killed, told_to_stop, stopped, bad_platform, long_import)
FAULTS: dict[str, tuple[Fault, ...]] = {
    "SQLite": (*EVERYWHERE, file_removed, disk_full, locked_by_another, second_process),
    "Postgres": (
        *EVERYWHERE,
        restarted_fast,
        restarted_at_once,
        backends_ended,
        connections_exhausted,
        row_locked,
        server_stopped,
    ),
}
ENDS = {killed, told_to_stop}
