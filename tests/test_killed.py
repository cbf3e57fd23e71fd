"""Killed at random points and started again: no acknowledged answer lost, no response twice."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.database import open_engine
from storage.once import table_of
from storage.tables import Response
from tests.citizen import Citizen
from tests.skm_process import environment, skm, skm_once
from tests.telegram_server import Telegram
from tests.test_end_to_end import free_port, office, read

pytestmark = pytest.mark.e2e

SMALL = Path(__file__).parent / "data" / "answers-small.csv"
CITIZENS = 40
KILLS = 4
SEED = 14_2017
IMPATIENCE = 3  # seconds after which a person taps again


async def until_it_moves(citizen: Citizen, label: str) -> None:
    """Tap as people do: if nothing happens, once more on the same button."""
    before, on = citizen.text, citizen.messages[-1]
    for _ in range(20):
        await citizen.tap(label, on=on, wait=False)
        try:
            await citizen.wait(lambda: citizen.text != before, "the next screen", IMPATIENCE)
            return
        except AssertionError:
            continue
    raise AssertionError(f"“{label}” leads nowhere; still: {before}")


async def answer(citizen: Citizen, row: list[str]) -> str:
    """One survey through whatever happens; the receipt."""
    while not citizen.messages:
        await citizen.send("/start DPMPTSP-PP", wait=False)
        try:
            await citizen.sees("setuju ikut?", IMPATIENCE)
        except AssertionError:
            continue
    await until_it_moves(citizen, "Setuju, mulai")
    await until_it_moves(citizen, "Izin usaha")
    for value in row:
        label = next(b for b in citizen.buttons if b.startswith(value or "Tidak berlaku"))
        await until_it_moves(citizen, label)
    for label in ("Lewati", "Lewati semua", "Kirim"):
        await until_it_moves(citizen, label)
    assert "Tanda terima" in citizen.text, citizen.text
    return citizen.text.split("Tanda terima ")[1][:24]


async def kill_and_start(env: dict[str, str], folder: Path, done: asyncio.Event) -> int:
    """Run skm, killing it at random moments, until the citizens are done; the kills."""
    chance = random.Random(SEED)
    kills = 0
    while True:
        with skm("run", env=env, folder=folder) as process:
            left = chance.uniform(0.1, 1.5) if kills < KILLS else None
            while "skm is running" not in process.said:
                await asyncio.sleep(0.05)
            try:
                await asyncio.wait_for(done.wait(), left)
                return kills
            except TimeoutError:
                process.kill()
                kills += 1


async def test_nothing_acknowledged_is_lost(telegram: Telegram, empty_sqlite_url, tmp_path):
    env = environment(
        empty_sqlite_url, telegram_token=telegram.token, telegram_api_url=telegram.url,
        http_port=str(free_port()),
    )  # fmt: skip
    office(env, tmp_path)
    rows = (read(SMALL) * CITIZENS)[:CITIZENS]
    done = asyncio.Event()
    killing = asyncio.create_task(kill_and_start(env, tmp_path, done))
    receipts = await asyncio.gather(*(answer(telegram.citizen(), row) for row in rows))
    done.set()
    assert await killing == KILLS

    assert len(set(receipts)) == CITIZENS
    assert kept(empty_sqlite_url) == Counter(tuple(row) for row in rows)
    assert skm_once("aggregate", env=env, folder=tmp_path).returncode == 0
    assert skm_once("verify", env=env, folder=tmp_path).returncode == 0


def kept(url: str) -> Counter[tuple[str, ...]]:
    """The answers in the database, as the rows of the file."""
    engine = open_engine(url)
    with engine.begin() as connection:
        found = connection.execute(select(table_of(Response).c.answers)).scalars().all()
    engine.dispose()
    return Counter(tuple("" if v is None else str(v) for v in each.values()) for each in found)
