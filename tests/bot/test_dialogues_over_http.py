"""Every dialogue reads the same, word for word, in a real chat, each other one by another library.

The libraries are one wire beneath the adapter (tests/bot/test_telegram_wire.py holds both to the
same), so each dialogue by both would try little twice. Updates are polled from a Bot API server,
screens sent to it over HTTP.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.telegram.settings import Library
from tests.support.conformance import of
from tests.support.dialogue_files import FILES, units_of
from tests.support.dialogue_over_http import DialogueOverHttp
from tests.support.talking_bot import LIBRARIES, talking
from tests.support.telegram_server import Telegram, telegram_server

SHARED = [file for file in FILES if file.stem not in of("telegram").differs]
WAYS = [(file, LIBRARIES[at % len(LIBRARIES)]) for at, file in enumerate(SHARED)]


@pytest.fixture(scope="module")
def server() -> Iterator[Telegram]:
    """One for all: every phone in it is somebody new."""
    with telegram_server() as server:
        yield server


@pytest.mark.parametrize(("file", "library"), WAYS, ids=lambda each: getattr(each, "stem", each))
async def test_dialogue(file: Path, library: Library, server: Telegram, sqlite_url: str):
    script = file.read_text(encoding="utf-8")  # noqa: ASYNC240
    async with talking(server, sqlite_url, *units_of(file), library=library, seed=0) as bot:
        loop = asyncio.get_running_loop()
        dialogue = DialogueOverHttp(bot.engine, bot.turns, bot=bot, loop=loop)
        now = await asyncio.to_thread(dialogue.replay, script)
        # Something to pass over, lest the next bot be brought this one's last update again.
        await server.confirmed(await server.inject({"unknown": {}}))
    assert now.splitlines() == script.splitlines()
