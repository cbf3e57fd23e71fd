"""Real processes, a real Bot API server, real answers: the index is what the citizens tapped."""

import asyncio
import csv
import json
import random
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.support.citizen import Citizen
from tests.support.paths import DATA
from tests.support.published import published_folder
from tests.support.skm_process import environment, forked, forked_once, skm, skm_once
from tests.support.telegram_server import Telegram

pytestmark = pytest.mark.e2e

UNITS = """code,name,agency,region,timezone,services,population
DPMPTSP-PP,DPMPTSP Pulang Pisau,Pemkab Pulang Pisau,Kalteng,WIB,Izin usaha;Izin bangunan,1000
"""
SMALL = DATA / "answers-small.csv"
AT_ONCE = 48  # citizens who answer side by side

# Runs a command to its end: `skm_once` as a person does, `forked_once` without its imports.
Once = Callable[..., "CompletedProcess[str]"]


def answers() -> tuple[list[list[str]], int, str, str]:
    """Rows of answers ("" = not applicable), and the n, IKM and grade they must give.

    The real ones give what shared `index.json` says of 2019-Q4; a clone without them replays its
    own eight rows, whose index is worked out by hand in tests/reports/test_index.py.
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
    while "Lewati semua" not in citizen.buttons:  # why a score is low; a comment
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


async def test_citizens_by_polling_on_sqlite(telegram: Telegram, empty_sqlite_url, tmp_path):
    rows, *expected = answers()
    env = environment(
        empty_sqlite_url, telegram_token=telegram.token, telegram_api_url=telegram.url,
        telegram_bot=telegram.username, http_port=str(free_port()),
    )  # fmt: skip
    await office(env, tmp_path)
    with skm("run", env=env, folder=tmp_path) as process:
        await telegram.listening()
        await answer_all(telegram, rows)
        await head_and_admin(telegram, env, tmp_path)
        assert process.stop() == 0, process.said
    assert quiet(process.said)
    assert await index(env, tmp_path) == tuple(expected)


async def head_and_admin(telegram: Telegram, env: dict[str, str], folder: Path) -> None:
    """Both come by their links; what the admin adds is asked of the next citizen."""
    ratna, joko, budi, sari = (telegram.citizen() for _ in range(4))
    await half_way(budi)
    links = await asyncio.gather(
        command(env, folder, "invite", "head", "DPMPTSP-PP"),
        command(env, folder, "invite", "admin", "*"),
    )
    for link, person, role in zip(links, (ratna, joko), ("kepala DPMPTSP", "admin"), strict=True):
        address, _, payload = link.partition("?start=")
        assert address == f"https://t.me/{telegram.username}"
        await person.send(f"/start {payload}")
        assert f"Anda terdaftar sebagai {role}" in person.text
    await joko.send("/pertanyaan")
    await joko.tap("Tambah")
    await joko.send("Apakah loket disabilitas mudah ditemukan?")
    await joko.tap("Skala 1–4")
    await joko.tap("Selalu")
    assert "Begini warga akan melihatnya" in joko.text
    await joko.tap("Terbitkan")
    assert "Terbit sebagai versi 2" in joko.text
    await half_way(sari)
    assert "10/10 · Pertanyaan tambahan" in sari.text
    assert "loket disabilitas" in sari.text
    assert "Ada yang perlu diperbaiki" in budi.text  # on the version that he began with


async def half_way(citizen: Citizen) -> None:
    """The nine questions, and whatever comes after them."""
    await citizen.send("/start DPMPTSP-PP")
    await citizen.tap("Setuju, mulai")
    await citizen.tap("Izin usaha")
    for _ in range(9):
        await citizen.send("3")


async def test_citizens_by_webhook_on_postgres(telegram: Telegram, empty_postgres_url, tmp_path):
    rows, *expected = answers()
    port = free_port()
    env = environment(
        empty_postgres_url, telegram_token=telegram.token, telegram_api_url=telegram.url,
        public_url=f"http://127.0.0.1:{port}", http_port=str(port),
        webhook_secret="rahasia-webhook_1",
    )  # fmt: skip
    await office(env, tmp_path, forked_once)
    with forked("serve", env=env, folder=tmp_path) as process:
        await telegram.listening()
        await answer_all(telegram, rows)
        assert process.stop() == 0, process.said
    assert quiet(process.said)
    assert await index(env, tmp_path, forked_once) == tuple(expected)


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
