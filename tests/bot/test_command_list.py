"""Telegram's menu button: everybody's commands set at the start, a chat's own when its roles begin
and end, by either library; and it never stands in anybody's way."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.channels.telegram.menu_button import offer
from bot.channels.telegram.platform import open_wire
from bot.core.watch.hearing import Hearing
from bot.dialogues import DIALOGUES
from bot.office.menu import listed
from flows.intents import invitation_payload
from flows.loader import words
from storage.office import roles
from storage.office.permissions import ALLOWED
from tests.support.offices import NOON, Chance, scoped
from tests.support.talking_bot import LIBRARIES, TalkingBot, talking
from tests.support.telegram_server import Telegram

MENU, EVERYBODY = DIALOGUES.menu, DIALOGUES.everybody
PLAIN = [each[1:] for each in EVERYBODY]
HEADS = [each[1:] for each, action in MENU.items() if not action or "head" in ALLOWED[action]]


@pytest.fixture(params=LIBRARIES)
async def bot(request, telegram: Telegram, sqlite_url: str) -> AsyncIterator[TalkingBot]:
    async with talking(telegram, sqlite_url, library=request.param) as bot:
        yield bot


def set_so_far(telegram: Telegram) -> Iterator[tuple[str, Any, str, list[str]]]:
    for call in telegram.calls:
        if call.method.endswith("MyCommands"):
            names = [each["command"] for each in call.params.get("commands", [])]
            language = call.params.get("language_code", "")
            yield call.method, call.params["scope"], language, names
            assert call.status == 200


async def sent(bot: TalkingBot) -> list[tuple[str, Any, str, list[str]]]:
    """What was set by now, once the post had its turn."""
    before = len(list(set_so_far(bot.telegram)))
    await bot.post.round()
    return list(set_so_far(bot.telegram))[before:]


@pytest.mark.parametrize("library", LIBRARIES)
async def test_at_the_start_everybody_is_offered_what_everybody_may(telegram, library):
    wire = open_wire(library, telegram.token, telegram.url)
    await offer(wire, Hearing("Telegram"))
    private = {"type": "all_private_chats"}
    assert list(set_so_far(telegram)) == [
        ("setMyCommands", private, "", PLAIN),
        ("setMyCommands", private, "en", PLAIN),
    ]
    said = [call.params["commands"][1]["description"] for call in telegram.calls]
    assert said == ["periksa tanda terima jawaban", "check an answer's receipt"]
    for status in (400, 401):  # refused: logged, and the start goes on
        telegram.refuse("setMyCommands", status, times=2)
        await offer(wire, Hearing("Telegram"))
    await wire.close()


async def test_a_chat_has_its_own_list_for_as_long_as_it_has_roles(bot):
    sari = bot.telegram.citizen()
    with bot.engine.begin() as connection:
        token = roles.invite(connection, "head", scoped("SMST-BTM"), NOON, Chance("head"))
    mine = {"type": "chat", "chat_id": sari.id}
    await sari.send(f"/start {invitation_payload(token)}")
    assert list(set_so_far(bot.telegram)) == []  # not on the way of the tap
    assert await sent(bot) == [("setMyCommands", mine, "", [*HEADS, *PLAIN])]
    await sari.send("/keluar")
    await sari.tap("Ya, keluar")
    assert await sent(bot) == [("deleteMyCommands", mine, "", [])]
    assert bot.later() == []


def test_every_command_fits_and_does_something():
    """1–32 of a–z, 0–9 and _; a description of 1–256; at most 100:
    https://core.telegram.org/bots/api#botcommand"""
    assert all(DIALOGUES.heard("1", NOON, each) for each in (*MENU, *EVERYBODY))
    for language in ("id", "en"):
        commands = listed((*MENU, *EVERYBODY), words(language))
        assert len(commands) == len({name for name, _ in commands}) < 100
        for name, does in commands:
            assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
            assert 1 <= len(does) <= 256
