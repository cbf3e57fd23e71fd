"""Real processes, a real Bot API server, real answers: the index is what the citizens tapped."""

import asyncio
import csv
import json
import socket
from pathlib import Path

import pytest

from tests.citizen import Citizen
from tests.published import published_folder
from tests.skm_process import environment, skm, skm_once
from tests.telegram_server import Telegram

pytestmark = pytest.mark.e2e

UNITS = """code,name,agency,region,timezone,services,population
DPMPTSP-PP,DPMPTSP Pulang Pisau,Pemkab Pulang Pisau,Kalteng,WIB,Izin usaha;Izin bangunan,1000
"""
SMALL = Path(__file__).parent / "data" / "answers-small.csv"
AT_ONCE = 24  # citizens who answer side by side


def answers() -> tuple[list[list[str]], int, str, str]:
    """Rows of answers ("" = not applicable), and the n, IKM and grade they must give.

    The real ones give what shared `index.json` says of 2019-Q4; a clone without them replays its
    own eight rows, whose index is worked out by hand in tests/test_index.py.
    """
    folder = published_folder()
    if folder is None:
        return read(SMALL), 8, "80.90", "B"
    return read(folder / "dpmptsp-pulang-pisau-2019-q4.csv"), 145, "81.88", "B"


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
    await citizen.tap("Lewati")
    await citizen.tap("Lewati semua")
    await citizen.tap("Kirim")
    assert "Tanda terima" in citizen.text


async def answer_all(telegram: Telegram, rows: list[list[str]]) -> None:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(row: list[str]) -> None:
        async with places:
            await answer(telegram.citizen(), row)

    await asyncio.gather(*(one(row) for row in rows))


def office(env: dict[str, str], folder: Path) -> None:
    """One unit, by the command line."""
    (folder / "units.csv").write_text(UNITS)
    for args in (("db", "upgrade"), ("import", "units", "units.csv")):
        done = skm_once(*args, env=env, folder=folder)
        assert done.returncode == 0, done.stderr


def check_index(env: dict[str, str], folder: Path, n: int, ikm: str, grade: str) -> None:
    done = skm_once("index", "--unit", "DPMPTSP-PP", "--json", env=env, folder=folder)
    index = json.loads(done.stdout)
    assert (index["n"], index["ikm"], index["grade"]) == (n, ikm, grade)
    verified = skm_once("verify", env=env, folder=folder)
    assert verified.returncode == 0, verified.stdout + verified.stderr


async def test_citizens_by_polling_on_sqlite(telegram: Telegram, empty_sqlite_url, tmp_path):
    rows, n, ikm, grade = answers()
    env = environment(
        empty_sqlite_url, telegram_token=telegram.token, telegram_api_url=telegram.url,
        http_port=str(free_port()),
    )  # fmt: skip
    office(env, tmp_path)
    with skm("run", env=env, folder=tmp_path) as process:
        await telegram.listening()
        await answer_all(telegram, rows)
        assert process.stop() == 0, process.said
    check_index(env, tmp_path, n, ikm, grade)


async def test_citizens_by_webhook_on_postgres(telegram: Telegram, empty_postgres_url, tmp_path):
    rows, n, ikm, grade = answers()
    port = free_port()
    env = environment(
        empty_postgres_url, telegram_token=telegram.token, telegram_api_url=telegram.url,
        public_url=f"http://127.0.0.1:{port}", http_port=str(port), webhook_secret="rahasia",
    )  # fmt: skip
    office(env, tmp_path)
    with skm("serve", env=env, folder=tmp_path) as process:
        await telegram.listening()
        await answer_all(telegram, rows)
        assert process.stop() == 0, process.said
    check_index(env, tmp_path, n, ikm, grade)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
