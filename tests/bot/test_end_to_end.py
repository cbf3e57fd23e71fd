"""Real processes, a real Bot API server, real answers: the index is what the citizens tapped."""

import asyncio
from pathlib import Path

import pytest

from tests.support.citizen import Citizen
from tests.support.deep import DEEP
from tests.support.end_to_end import (
    SMALL,
    answer_all,
    command,
    free_port,
    index,
    office,
    quiet,
    read,
)
from tests.support.published import published_folder
from tests.support.skm_process import environment, forked, forked_once, skm
from tests.support.telegram_server import Telegram

pytestmark = pytest.mark.e2e


# Runs a command to its end: `skm_once` as a person does, `forked_once` without its imports.


def answers(*, few: bool) -> tuple[list[list[str]], int, str, str]:
    """Rows of answers ("" = not applicable), and the n, IKM and grade they must give.

    The real ones give what shared `index.json` says of 2019-Q4. Few, as in a clone without them,
    are our own eight rows, whose index is worked out by hand in tests/reports/test_index.py.
    """
    folder = published_folder()
    if few or folder is None:
        return read(SMALL), 8, "80.90", "B"
    return read(folder / "dpmptsp-pulang-pisau-2019-q4.csv"), 145, "81.88", "B"


async def test_citizens_by_polling_on_sqlite(telegram: Telegram, empty_sqlite_url, tmp_path):
    rows, *expected = answers(few=not DEEP)
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
    assert "skm is running" in process.said
    assert " WARNING " not in process.said
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
    await joko.tap("Tidak mudah … Sangat mudah")
    await joko.tap("Selalu")
    await joko.tap("Boleh dilewati")
    assert "Begini warga akan melihatnya" in joko.text
    await joko.tap("Terbitkan")
    assert "Terbit sebagai versi 2" in joko.text
    await half_way(sari)
    assert "10 dari 10" in sari.text
    assert "loket disabilitas" in sari.text
    assert "Apa yang perlu diperbaiki" in budi.text  # on the version that he began with


async def half_way(citizen: Citizen) -> None:
    """The nine questions, and whatever comes after them."""
    await citizen.send("/start DPMPTSP-PP")
    await citizen.tap("Setuju, mulai")
    await citizen.tap("Izin usaha")
    for _ in range(9):
        await citizen.send("3")


async def test_citizens_by_webhook_on_postgres(telegram: Telegram, empty_postgres_url, tmp_path):
    rows, *expected = answers(few=False)
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
