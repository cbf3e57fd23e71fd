"""What it costs to start, and the memory of a process with many open conversations.

`python -m tests.bench.start [CONVERSATIONS]`: processor seconds of commands, and of `skm run` until
its web answers; its memory then, once so many conversations lie open, and after surveys beside
them.
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import text

from storage.database.connect import open_engine
from tests.bench.crowd import Crowd
from tests.bench.measure import FIRST_CHAT
from tests.bench.ours import _prepared, sqlite_files, subject
from tests.bench.webhook import opened, processor
from tests.support.skm_process import SKM, Process, environment, skm

CONVERSATIONS, SURVEYS = 100_000, 64
LIBRARIES = "import sqlmodel, typer, rich.console, pydantic_settings"
OF_RUN = """
import apscheduler.schedulers.background, bot.channels.telegram.aiogram_wire, jinja2, msgspec, numpy
import cryptography.hazmat.primitives.ciphers.aead, phonenumbers, prometheus_client, sqlite3, typer
import pydantic_settings, rapidfuzz.distance, rapidfuzz.process, sqlalchemy.dialects.sqlite, uvicorn
import sqlmodel, starlette.applications, starlette_admin
print(open("/proc/self/status").read())"""


def lines(
    url: str, conversations: int = CONVERSATIONS, surveys: int = SURVEYS, rounds: int = 3
) -> Iterator[str]:
    url = _prepared(url)
    env = environment(url)
    commands: dict[str, Sequence[str | Path]] = {
        "skm --help": [SKM, "--help"],
        "skm index": [SKM, "index"],
        "of it libraries, imported alone": [sys.executable, "-c", LIBRARIES],
    }
    for name, command in commands.items():
        used = min(_cpu(command, env) for _ in range(rounds))
        yield f"  {name:<44}{used:>10.2f} s"
    with tempfile.TemporaryDirectory(prefix="skm-bench-") as folder:
        yield from asyncio.run(_running(url, Path(folder), conversations, surveys))


def _cpu(command: Sequence[str | Path], env: dict[str, str]) -> float:
    def used() -> float:
        of = resource.getrusage(resource.RUSAGE_CHILDREN)
        return of.ru_utime + of.ru_stime

    before = used()
    subprocess.run(command, env=env, check=True, capture_output=True)
    return used() - before


async def _running(url: str, folder: Path, conversations: int, surveys: int) -> list[str]:
    ours = subject("run", lambda: url)
    async with opened(url, 1, folder, "run", skm) as (api, receive, (process,)):
        found = [f"  {'skm run, until its web answers':<44}{processor(process.pid):>10.2f} s"]
        crowd = Crowd(ours, receive, api)
        await crowd.survey(FIRST_CHAT - 2)
        await crowd.survey(FIRST_CHAT - 1, taps=3)
        await crowd.settle()
        found.append(_memory("its memory after a first survey", _status(process)))
        found.append(_memory("of it libraries, imported alone", await asyncio.to_thread(_alone)))
        await _answer(crowd, FIRST_CHAT, surveys)
        found.append(_memory(f"… after {surveys} more", _status(process)))
        await asyncio.to_thread(_fill, url, conversations)
        await _answer(crowd, FIRST_CHAT + surveys, surveys)
        found.append(_memory(f"… and as many beside {conversations:,} open ones", _status(process)))
    return found


async def _answer(crowd: Crowd, first: int, surveys: int) -> None:
    """Eight at a time."""
    for begin in range(first, first + surveys, 8):
        await asyncio.gather(*map(crowd.survey, range(begin, min(begin + 8, first + surveys))))
    await crowd.settle()


def _status(process: Process) -> str:
    return Path(f"/proc/{process.pid}/status").read_text()


def _alone() -> str:
    command = [sys.executable, "-c", OF_RUN]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _memory(name: str, status: str) -> str:
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]
    return f"  {name:<44}{int(kilobytes) / 1000:>10.0f} MB"


def _fill(url: str, number: int) -> None:
    """As many conversations like the open one there is, of other people."""
    engine = open_engine(url)
    with engine.begin() as connection:
        kept = connection.execute(
            text("SELECT * FROM conversation WHERE status = 'open' LIMIT 1")
        ).one()
        names = kept._fields
        marks = ", ".join(f":{name}" for name in names)
        rows = (
            {**kept._mapping, "id": f"copy{n}", "address": f"tg:{10**10 + n}"}
            for n in range(number)
        )
        put = text(f"INSERT INTO conversation ({', '.join(names)}) VALUES ({marks})")
        connection.execute(put, list(rows))
    engine.dispose()


def main() -> None:
    print("To start, and in memory (SQLite)")
    with sqlite_files() as files:
        for line in lines(files(), *map(int, sys.argv[1:])):
            print(line, flush=True)


if __name__ == "__main__":
    main()
