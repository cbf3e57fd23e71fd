"""The console, a poster and the list of units by `skm run`: a process, a chat, HTTP."""

import asyncio
import re
from pathlib import Path

import pytest
from httpx import AsyncClient

from tests.support.end_to_end import free_port, office, quiet
from tests.support.skm_process import environment, forked, forked_once
from tests.support.telegram_chat import Message
from tests.support.telegram_server import Telegram

INVITE = ("invite", "admin", "*")


@pytest.mark.e2e
async def test_an_admin_at_a_desk(telegram: Telegram, empty_sqlite_url: str, tmp_path: Path):
    env = environment(
        empty_sqlite_url, telegram_token=telegram.token, telegram_api_url=telegram.url,
        telegram_bot=telegram.username, http_port=str(free_port()),
    )  # fmt: skip
    await office(env, tmp_path, forked_once)
    invited = await asyncio.to_thread(forked_once, *INVITE, env=env, folder=tmp_path)
    with forked("run", env=env, folder=tmp_path) as process:
        await telegram.listening()
        admin = telegram.citizen()
        await admin.send(f"/start {invited.stdout.partition('start=')[2].split()[0]}")
        await admin.send("/konsol")
        assert "hanya terbuka di komputer server" in admin.text  # SKM_PUBLIC_URL is not set
        await looks(re.findall(r"http\S+", admin.text)[0])
        await admin.send("/poster *")
        await admin.tap("A4, untuk dinding")
        await admin.wait(lambda: any(message.file for message in admin.messages), "a poster")
        await admin.send("/unit *")
        await admin.tap("Unduh daftar unit (.xlsx)")
        await admin.wait(lambda: len(files(admin.messages)) == 2, "a list")
        assert process.stop() == 0, process.said
    assert files(admin.messages) == {"1 poster A4": b"%PDF", "Daftar unit · 1": b"PK\x03\x04"}
    assert quiet(process.said)


def files(messages: list[Message]) -> dict[str, bytes]:
    return {message.text: message.file[:4] for message in messages if message.file}


async def looks(link: str) -> None:
    """In by the link, and the unit stands in the list."""
    async with AsyncClient() as browser:
        page = (await browser.get(link)).text
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        entered = await browser.post(link.partition("?")[0], data=fields)
        assert entered.status_code == 303
        assert entered.headers["location"].endswith("/console/")
        shown = await browser.get(link.replace("/login", "/units/list").partition("?")[0])
        assert "DPMPTSP" in shown.text
