"""The Telegram adapter, by either library: what a person sees of it, and when Telegram fails."""

import json

import pytest

from bot.core.channel import Blocked, Picture, SendLater
from flows.engine.form import literal
from flows.engine.push_buttons import opens
from flows.engine.say import Message, rows
from flows.loader import words
from tests.support import telegram_updates as updates
from tests.support.citizen import Citizen
from tests.support.offices import NOON, kept
from tests.support.talking_bot import (
    NEVER,
    TalkingBot,
    begin,
    bot,  # noqa: F401  (a fixture)
)
from tests.support.waiting import PATIENCE

HOURS = 2 * 3600
JPEG = b"\xff\xd8\xff and so on"


async def shows(bot: TalkingBot, citizen: Citizen) -> list[str]:
    """The first lines of what stands in the chat."""
    await bot.adapter.drain(NEVER)
    return [message.text.splitlines()[0] for message in citizen.messages]


def impatient(call):
    """A wire's call that waits for no edit, and for all else as long as it takes."""

    async def called(method, fields, timeout=None):
        return await call(method, fields, 0.05 if method == "editMessageText" else PATIENCE)

    return called


def methods(citizen: Citizen) -> list[str]:
    return [call.method for call in citizen.chat.calls]


async def test_a_tap_edits_its_message_and_words_get_a_new_one(telegram, bot):
    rini = telegram.citizen()
    await begin(rini)
    assert (len(rini.messages), rini.messages[0].text[:19]) == (1, "Pertanyaan 1 dari 9")
    await rini.send("3")
    assert [text[11:19] for text in await shows(bot, rini)] == ["1 dari 9", "2 dari 9"]
    await rini.tap("3")
    assert [text[11:19] for text in await shows(bot, rini)] == ["1 dari 9", "3 dari 9"]
    answer_last = ["editMessageText", "answerCallbackQuery"]
    assert methods(rini) == ["sendMessage", *answer_last, "sendMessage", *answer_last]


async def test_nothing_is_shown_and_no_tap_answered_before_the_commit(telegram, bot):
    rini = telegram.citizen()
    await rini.send("/start SMST-BTM")
    bot.turns.free.clear()
    await rini.tap("Setuju, mulai", wait=False)
    await rini.send("halo", wait=False)
    await bot.turns.until(lambda: len(bot.turns.asked) == 2)
    assert methods(rini) == ["sendMessage"]
    assert "consent" not in kept(bot.engine, f"tg:{rini.id}").answers
    bot.turns.free.set()
    await rini.sees("1 dari 9")
    assert kept(bot.engine, f"tg:{rini.id}").answers["consent"] == "agreed"


async def test_who_opens_a_link_three_times_may_tap_under_any_of_the_messages(telegram, bot):
    rini = telegram.citizen()
    for _ in range(3):
        await rini.send("/start SMST-BTM")
    for message in rini.messages:
        await rini.tap("Setuju, mulai", on=message)
    assert [text[11:19] for text in await shows(bot, rini)] == ["1 dari 9", "1 dari 9", "1 dari 9"]
    await rini.tap("3", on=rini.messages[1])
    await rini.tap("3", on=rini.messages[1])
    assert [text[11:19] for text in await shows(bot, rini)] == ["1 dari 9", "3 dari 9", "1 dari 9"]


async def test_a_screen_refused_with_429_comes_when_telegram_said_as_it_then_stands(telegram, bot):
    rini, budi = telegram.citizen(), telegram.citizen()
    await begin(rini)
    await begin(budi)
    telegram.refuse("editMessageText", 429, retry_after=HOURS, chat=rini.id)
    await rini.tap("3")  # back when the tap is answered, though the edit failed
    # They go on tapping what they see. It is kept, and Telegram is left alone with it.
    await rini.tap("2")
    await rini.send("2", wait=False)
    await budi.tap("3")
    assert "2 dari 9" in budi.text
    await bot.turns.until(lambda: bot.turns.done.count(f"tg:{rini.id}") == 5)
    await bot.adapter.drain(NEVER)
    edits = [call for call in rini.chat.calls if call.method == "editMessageText"]
    assert [call.status for call in edits] == [200, 429]
    assert {row.due_at for row in bot.later()} == {NOON + HOURS}

    bot.clock.at += HOURS - 1
    assert await bot.post.round() == 0
    bot.clock.at += 1
    await bot.post.round()
    assert [text[11:19] for text in await shows(bot, rini)] == ["1 dari 9", "3 dari 9"]
    assert bot.later() == []
    await rini.tap("3")
    assert "4 dari 9" in rini.text


@pytest.mark.parametrize("fault", ["502", "dropped", "answer lost", "slow"])
async def test_a_screen_that_fails_for_now_comes_soon(telegram, bot, monkeypatch, fault):
    rini = telegram.citizen()
    await begin(rini)
    match fault:
        case "502":
            telegram.refuse("editMessageText", 502)
        case "dropped":
            telegram.drop("editMessageText")
        case "answer lost":
            telegram.drop("editMessageText", done=True)
        case "slow":
            telegram.hold("editMessageText")
            monkeypatch.setattr(bot.adapter.wire, "call", impatient(bot.adapter.wire.call))
    await rini.tap("3")
    await bot.adapter.drain(NEVER)
    assert await bot.post.round() == 0
    bot.clock.at += 5
    monkeypatch.undo()
    assert await bot.post.round() == 1
    assert "2 dari 9" in (await shows(bot, rini))[-1]
    await rini.tap("3")
    assert "3 dari 9" in rini.text


async def test_an_ending_that_fails_for_now_comes_soon(telegram, bot):
    rini = telegram.citizen()
    await rini.send("/start SMST-BTM")
    telegram.refuse("editMessageText", 502)
    await rini.tap("Tidak")
    assert "tidak ada yang disimpan" not in rini.text
    await bot.adapter.drain(NEVER)
    bot.clock.at += 5
    await bot.post.round()
    assert "tidak ada yang disimpan" in rini.text
    assert rini.messages[-1].buttons == ()


async def test_an_update_that_comes_twice_changes_nothing_and_sends_nothing_new(telegram, bot):
    rini = telegram.citizen()
    await begin(rini)
    telegram.repeat_updates()
    await rini.tap("3")
    await rini.tap("3")
    telegram.repeat_updates(on=False)
    await bot.adapter.drain(NEVER)
    assert [text[11:19] for text in await shows(bot, rini)] == ["3 dari 9"]
    again = updates.tap(rini._me, rini.messages[-1].id, rini.messages[-1].buttons[2].data)
    number = await bot.bring(again)
    await bot.bring(again, id=number)
    assert rini.chat.calls[-1].status == 400  # "message is not modified": not an error
    assert [text[11:19] for text in await shows(bot, rini)] == ["4 dari 9"]


async def test_a_tap_under_a_message_that_is_gone_gets_a_new_one(telegram, bot):
    rini = telegram.citizen()
    await begin(rini)
    gone = rini.messages[0]
    telegram.loop.call_soon_threadsafe(rini.chat.messages.pop, gone.id)
    await rini.tap("3", on=gone)
    assert [text[11:19] for text in await shows(bot, rini)] == ["2 dari 9"]
    assert rini.messages[0].id != gone.id


async def test_who_has_blocked_the_bot_is_left_alone(telegram, bot, caplog):
    rini = telegram.citizen()
    await begin(rini)
    button = rini.messages[0].buttons[2].data
    await rini.block()
    await rini.press(button)
    assert bot.later() == []
    assert "blocked" in caplog.text
    with pytest.raises(Blocked):
        await bot.adapter.send(f"tg:{rini.id}", Message("halo", ()), "")
    await rini.unblock()
    await rini.send("halo")
    assert "2 dari 9" in rini.text


async def test_a_sentence_takes_no_message_s_place(telegram, bot):
    """Under a forgotten ending the receipt stays in sight."""
    rini = telegram.citizen()
    await begin(rini)
    shown = await shows(bot, rini)
    await rini.press("gone0000000:_ended:edit", on=rini.messages[0])
    assert (await shows(bot, rini))[:1] == shown
    assert rini.text.startswith("Waktu mengubah jawaban sudah lewat.")


async def test_a_callback_that_comes_too_late_is_shown_all_the_same(telegram, bot):
    rini = telegram.citizen()
    await begin(rini)
    message = rini.messages[0]
    tap = updates.tap(rini._me, message.id, message.buttons[2].data)
    await bot.bring(tap)  # the server does not know its id any more
    assert rini.messages[0].text[11:19] == "2 dari 9"
    (late,) = (
        c
        for c in telegram.calls
        if c.params.get("callback_query_id") == tap["callback_query"]["id"]
    )
    assert (late.status, "too old" in late.body["description"]) == (400, True)


async def test_a_webhooks_answer_acknowledges_the_tap_and_no_call_does(telegram, bot):
    rini = telegram.citizen()
    await begin(rini)
    message = rini.messages[0]
    tap = {"update_id": 800_000} | updates.tap(rini._me, message.id, message.buttons[2].data)
    said = await bot.adapter.receive(json.dumps(tap).encode())
    await bot.adapter.drain(PATIENCE)
    query = tap["callback_query"]["id"]
    assert json.loads(said) == {"method": "answerCallbackQuery", "callback_query_id": query}
    assert methods(rini)[-1] == "editMessageText"
    words = {"update_id": 800_001} | updates.message(rini._me, text="3")
    assert await bot.adapter.receive(json.dumps(words).encode()) == b""


async def test_sends_of_a_slow_chat_keep_their_order_and_hold_up_nobody(telegram, bot):
    rini, budi = telegram.citizen(), telegram.citizen()
    await begin(rini)
    await begin(budi)
    release = telegram.hold("editMessageText", chat=rini.id)
    await rini.tap("3", wait=False)
    await rini.send("3", wait=False)
    await rini.send("2", wait=False)
    await budi.tap("3")
    await budi.tap("3")
    assert "3 dari 9" in budi.text
    assert "1 dari 9" in rini.text
    release()
    await rini.sees("4 dari 9")
    assert [text[11:19] for text in await shows(bot, rini)] == ["2 dari 9", "3 dari 9", "4 dari 9"]


async def test_a_picture_comes_with_its_caption(telegram, bot):
    budi = telegram.citizen()
    await bot.adapter.send(f"tg:{budi.id}", Picture(JPEG, "IKM 84,72 <b>& *B*"), "")
    (message,) = budi.messages
    assert (message.file, message.text) == (JPEG, "IKM 84,72 <b>& *B*")
    telegram.refuse("sendPhoto", 429, retry_after=HOURS)
    with pytest.raises(SendLater) as later:
        await bot.adapter.send(f"tg:{budi.id}", Picture(JPEG, "lagi"), "")
    assert later.value.seconds == HOURS


async def test_a_button_under_a_picture_opens_below_it_what_its_command_would(telegram, bot):
    budi = telegram.citizen()
    buttons = rows(opens((literal("Nilai unit ini"), "SMST-BTM")), words("id"))
    await bot.adapter.send(f"tg:{budi.id}", Picture(JPEG, "IKM 84,72", buttons), "")
    await budi.tap("Nilai unit ini")
    first, second = budi.messages
    assert (first.text, [button.label for button in first.buttons]) == (
        "IKM 84,72",
        ["Nilai unit ini"],
    )
    assert "Kantor SMST-BTM" in second.text
