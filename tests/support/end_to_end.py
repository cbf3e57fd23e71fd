"""An office by its commands alone, and citizens who answer side by side."""

import asyncio
import csv
import json
import random
import socket
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess

from sqlalchemy import Engine, select

from storage.database.upsert import table_of
from storage.tables import Response
from tests.support.citizen import Citizen
from tests.support.paths import DATA
from tests.support.skm_process import skm_once
from tests.support.telegram_server import Telegram

UNITS = """code,name,agency,region,timezone,services,population
DPMPTSP-PP,DPMPTSP Pulang Pisau,Pemkab Pulang Pisau,Kalteng,WIB,Izin usaha;Izin bangunan,1000
"""


SMALL = DATA / "answers-small.csv"


AT_ONCE = 48  # citizens who answer side by side


Once = Callable[..., "CompletedProcess[str]"]


def read(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8") as lines:
        return [list(row.values()) for row in csv.DictReader(lines)]


async def answer(citizen: Citizen, row: list[str]) -> None:
    """One citizen, from the QR at the counter to the thanks."""
    await citizen.send("/start DPMPTSP-PP")
    await citizen.tap("Setuju, mulai")
    await citizen.tap("Izin usaha")
    for value in row:
        labels = [label for label in citizen.buttons if label.startswith(value or "Tidak berlaku")]
        await citizen.tap(labels[0])
    while "Lewati semua" not in citizen.buttons:  # why a score is low; a comment
        await citizen.tap("Lewati")
    await citizen.tap("Lewati semua")
    await citizen.tap("Kirim")
    assert "tanda terima" in citizen.text


async def answer_all(telegram: Telegram, rows: list[list[str]]) -> None:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(row: list[str]) -> None:
        async with places:
            await answer(telegram.citizen(), row)

    await asyncio.gather(*(one(row) for row in rows))


async def office(env: dict[str, str], folder: Path, once: Once = skm_once) -> None:
    """One unit, by the command line."""
    (folder / "units.csv").write_text(UNITS)
    await command(env, folder, "db", "upgrade", once=once)
    await command(env, folder, "import", "units", "units.csv", once=once)


async def index(env: dict[str, str], folder: Path, once: Once = skm_once) -> tuple[object, ...]:
    """n, IKM and grade as the command line says them, verified."""
    data, _ = await asyncio.gather(
        command(env, folder, "index", "--unit", "DPMPTSP-PP", "--json", once=once),
        command(env, folder, "verify", once=once),
    )
    read = json.loads(data)
    return read["n"], read["ikm"], read["grade"]


async def command(env: dict[str, str], folder: Path, *args: str, once: Once = skm_once) -> str:
    """What a command prints, run beside whatever else is running."""
    done = await asyncio.to_thread(once, *args, env=env, folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def quiet(said: str) -> bool:
    """Whether nothing but what is usual was said."""
    return not [line for line in said.splitlines() if " INFO " not in line]


def free_port() -> int:
    """A port that nobody has; below 32768, where the system finds ports for outgoing connections:
    one of those may be taken again before skm listens on it."""
    for port in random.SystemRandom().sample(range(10_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port between 10000 and 32000")


def kept(engine: Engine) -> Counter[tuple[str, ...]]:
    """The answers of citizens in the database, as the rows of the file."""
    of, query = table_of(Response).c, select(table_of(Response).c.answers)
    with engine.begin() as connection:
        found = connection.execute(query.where(of.source != "imported")).scalars().all()
    return Counter(tuple("" if v is None else str(v) for v in each.values()) for each in found)
