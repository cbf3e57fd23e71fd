"""Whatever is sent to the bot: answered kindly or passed over, and never taken for an answer."""

import logging
from collections.abc import AsyncIterator

import pytest

from tests.support import telegram_updates as updates
from tests.support.offices import count, kept
from tests.support.talking_bot import LIBRARIES, TalkingBot, begin, talking
from tests.support.telegram_server import Telegram


@pytest.fixture
async def bot(telegram: Telegram, sqlite_url: str) -> AsyncIterator[TalkingBot]:
    async with talking(telegram, sqlite_url) as bot:
        yield bot


def strange(me: dict, other: str) -> dict[str, dict]:
    """Updates that no survey asks for, by a name; `other` is somebody else's button."""
    sticker = {"file_id": "s", "file_unique_id": "u", "type": "regular", "width": 9, "height": 9}
    old = updates.tap(me, 1, "x")
    old["callback_query"]["message"] = {"chat": {"id": me["id"], "type": "private"}, "date": 0}
    inline = updates.tap(me, 1, "a:b:c")
    del inline["callback_query"]["message"]
    return {
        "a photo": updates.photo(me, "judul"),
        "a sticker": updates.message(me, sticker=sticker),
        "5,000 characters": updates.message(me, text="panjang " * 625),
        "emoji": updates.message(me, text="👍🏽👨‍👩‍👧"),
        "marks that turn the direction": updates.message(me, text="\u202e\u2066\u200f"),
        "a null character": updates.message(me, text="\x00"),
        "nothing": updates.message(me, text=""),
        "an unknown command": updates.message(me, text="/rm -rf /"),
        "a command of many slashes": updates.message(me, text="//start"),
        "a payload of garbage": updates.message(me, text="/start " + "%\x00é😀'\";--" * 5),
        "64 bytes of garbage behind a button": updates.tap(me, 1, "é\x00:;'\"" * 9),
        "a button with too many parts": updates.tap(me, 1, ":" * 64),
        "an empty button": updates.tap(me, 1, ""),
        "a button of somebody else": updates.tap(me, 1, other),
        "a button under a message out of reach": old,
        "a button of inline mode": inline,
    }


IN_A_GROUP = updates.tap(updates.person(6), 1, "a:b:c")
IN_A_GROUP["callback_query"]["message"]["chat"] = {"id": -5, "type": "supergroup", "title": "x"}
SILENT = {
    "a tap in a group": IN_A_GROUP,
    "an unknown kind": {"quantum_leap": {"far": True, "chat": {"id": 1}}},
    "a group": updates.group_message(updates.person(6), "/start SMST-BTM"),
    "a channel": {"channel_post": {"message_id": 1, "chat": {"id": -5, "type": "channel"}}},
    "a channel as a message": {"message": {"chat": {"id": -5, "type": "channel"}, "text": "4"}},
    "an edited message": {"edited_message": {"chat": {"id": 6, "type": "private"}, "text": "4"}},
    "a member": updates.membership(updates.person(6), "kicked"),
    "a poll": {"poll": {"id": "1", "options": []}},
}


async def test_whatever_comes_is_answered_and_nothing_of_it_is_an_answer(telegram, bot, caplog):
    rini, budi = telegram.citizen(), telegram.citizen()
    await begin(rini)
    await begin(budi)
    for name, update in strange(budi._me, rini.messages[0].buttons[2].data or "").items():
        before = budi.shown
        await bot.bring(update)
        assert budi.shown > before, name
    for citizen in (rini, budi):
        assert kept(bot.engine, f"tg:{citizen.id}").answers.keys() == {"consent", "service"}
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


@pytest.mark.parametrize("library", LIBRARIES)
async def test_a_comment_of_any_characters_arrives_as_it_was_meant(telegram, postgres_url, library):
    async with talking(telegram, postgres_url, library=library) as bot:
        rini = telegram.citizen()
        await begin(rini)
        for _ in range(9):
            await rini.send("4")
        assert "9 dari 9" not in rini.text
        await rini.send("x" * 1001)
        assert "1001" in rini.text
        await rini.send("Mantap\x00 👍🏽 \u202eterbalik\u202c 'petik' \\u0000 %s {nama}")
        await rini.tap("Lewati semua")
        assert "Mantap 👍🏽 terbalik 'petik' \\u0000 %s {nama}" in rini.text
        await rini.tap("Kirim")
        assert "tanda terima" in rini.text
        assert count(bot.engine, "response", "comment LIKE 'Mantap 👍🏽 terbalik%'") == 1


async def test_silence_for_what_is_not_a_private_chat(telegram, bot):
    for update in SILENT.values():
        await bot.bring(update)
    assert [call.method for call in telegram.calls if call.chat is not None] == []
    assert count(bot.engine, "conversation") == 0


async def test_what_cannot_be_read_is_passed_over_with_a_warning(bot, caplog):
    broken = [b"", b"{", b"[]", b'"\xff"', b"[" * 10_000, b'{"update_id":"x"}']
    for raw in broken:
        await bot.adapter.receive(raw)
    assert [record.levelname for record in caplog.records] == ["WARNING"] * len(broken)
    assert "cannot be read" in caplog.text
