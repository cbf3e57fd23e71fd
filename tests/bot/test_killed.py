"""Killed at random points and started again: no acknowledged answer lost, no response twice."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.support.end_to_end import free_port, kept, read
from tests.support.offices import office, unit_row
from tests.support.paths import DATA
from tests.support.skm_process import environment, forked, skm_once
from tests.support.telegram_server import Telegram
from tests.support.wanderer import Wanderer

pytestmark = pytest.mark.e2e

SMALL = DATA / "answers-small.csv"
CITIZENS = 20
KILLS = 5  # many more: make soak
SEED = 14_2017
IMPATIENCE = 1.0  # seconds after which a person taps again


async def kill_and_start(
    telegram: Telegram, env: dict[str, str], folder: Path, started: list[int]
) -> None:
    """Run skm, killing it now and then amid its work; the last one runs until it is cancelled."""
    chance = random.Random(SEED)
    for _ in range(KILLS):
        with forked("run", env=env, folder=folder) as process:
            started.append(process.pid)
            enough = len(telegram.calls) + chance.randint(5, 80)
            while len(telegram.calls) < enough:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            await asyncio.sleep(chance.uniform(0, 0.02))
            process.kill()
    with forked("run", env=env, folder=folder) as process:
        started.append(process.pid)
        await asyncio.Event().wait()


@pytest.mark.parametrize("way", ["polling on sqlite", "webhook on postgres"])
async def test_nothing_acknowledged_is_lost(request, telegram: Telegram, tmp_path, way):
    url = request.getfixturevalue("sqlite_url" if "sqlite" in way else "postgres_url")
    port = str(free_port())
    env = environment(
        url, telegram_token=telegram.token, telegram_api_url=telegram.url, http_port=port
    )
    if "webhook" in way:
        hook = {
            "SKM_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SKM_WEBHOOK_SECRET": "rahasia-webhook_1",
        }
        env = {**env, **hook}
    rows = (read(SMALL) * CITIZENS)[:CITIZENS]
    with office(url, unit_row("SMST-BTM")) as engine:
        started: list[int] = []
        killing = asyncio.create_task(kill_and_start(telegram, env, tmp_path, started))
        crowd = [
            Wanderer(telegram.citizen(), random.Random(SEED), IMPATIENCE, dict(enumerate(row, 1)))
            for row in rows
        ]
        await asyncio.gather(*(each.go("SMST-BTM") for each in crowd))
        assert len(started) == KILLS + 1
        killing.cancel()

        assert len({receipt for each in crowd for receipt in each.receipts}) == CITIZENS
        assert kept(engine) == Counter(tuple(row) for row in rows)
    verified = skm_once("verify", env=env, folder=tmp_path)
    assert verified.returncode == 0, verified.stdout + verified.stderr
