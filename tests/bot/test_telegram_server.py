"""The test server keeps its word: what it shows, refuses, drops, repeats and brings again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.support import telegram_updates as updates
from tests.support.citizen import find
from tests.support.telegram_chat import Button
from tests.support.telegram_server import Telegram

KEYBOARD = {"inline_keyboard": [[{"text": "3 Mudah", "callback_data": "m"}]]}


@asynccontextmanager
async def bot(telegram: Telegram) -> AsyncIterator["Bot"]:
    async with aiohttp.ClientSession() as client:
        yield Bot(client, f"{telegram.url}/bot{telegram.token}")


class Bot:
    """The least of bots: calls methods, and answers whatever it polls."""

    def __init__(self, client: aiohttp.ClientSession, url: str) -> None:
        self.client, self.url = client, url
        self.got: list[dict[str, Any]] = []

    async def __call__(self, method: str, **params: Any) -> tuple[int, Any]:
        async with self.client.post(f"{self.url}/{method}", json=params) as response:
            return response.status, await response.json()

    async def result(self, method: str, **params: Any) -> Any:
        status, body = await self(method, **params)
        assert status == 200, body
        return body["result"]

    @asynccontextmanager
    async def polling(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._poll())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def _poll(self) -> None:
        offset = 0
        while True:
            for update in await self.result("getUpdates", offset=offset, timeout=20):
                offset = update["update_id"] + 1
                self.got.append(update)
                await self.answer(update)

    async def answer(self, update: dict[str, Any]) -> None:
        if message := update.get("message"):
            text = message.get("text", "foto")
            chat = message["chat"]["id"]
            await self.result("sendMessage", chat_id=chat, text=text, reply_markup=KEYBOARD)
        if query := update.get("callback_query"):
            under = query["message"]
            where = {"chat_id": under["chat"]["id"], "message_id": under["message_id"]}
            await self("editMessageText", **where, text="Terima kasih")
            await self.result("answerCallbackQuery", callback_query_id=query["id"], text="Dicatat")


async def test_a_citizen_writes_taps_and_sees_the_same_message_edited(telegram):
    async with bot(telegram) as api, api.polling():
        rini = telegram.citizen()
        await rini.send("/start U-BTM")
        assert (rini.text, rini.buttons) == ("/start U-BTM", ["3 Mudah"])
        await rini.tap("Mudah")
        assert [message.text for message in rini.messages] == ["Terima kasih"]
        assert (rini.buttons, rini.notices, rini.shown) == ([], ["Dicatat"], 2)
        await rini.photo()
        assert rini.text == "foto"
        start = api.got[0]["message"]
        assert start["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
        assert start["from"]["id"] == start["chat"]["id"] == rini.id


async def test_updates_come_twice_and_of_unknown_kinds_when_told_to(telegram):
    async with bot(telegram) as api, api.polling():
        await telegram.confirmed(await telegram.inject({"quantum_leap": {"far": True}}))
        telegram.repeat_updates()
        await telegram.confirmed(
            await telegram.inject(updates.membership({"id": 5, "first_name": "W"}, "kicked"))
        )
    assert [list(update) for update in api.got] == [
        ["update_id", "quantum_leap"],
        ["update_id", "my_chat_member"],
        ["update_id", "my_chat_member"],
    ]


async def test_it_refuses_what_telegram_refuses(telegram):
    rini = telegram.citizen()
    message = {"chat_id": rini.id, "text": "Halo", "reply_markup": KEYBOARD}
    async with bot(telegram) as api:
        assert (await api.result("getMe"))["username"] == telegram.username
        number = (await api.result("sendMessage", **message, protect_content=True))["message_id"]
        assert [
            (await api(method, **params))[1]["description"].split(":", 1)[-1].strip()[:25]
            for method, params in (
                ("editMessageText", message | {"message_id": number}),
                ("editMessageText", message | {"message_id": 999}),
                (
                    "editMessageReplyMarkup",
                    {"chat_id": rini.id, "message_id": number} | {"reply_markup": KEYBOARD},
                ),
                ("answerCallbackQuery", {"callback_query_id": "1"}),
            )
        ] == [
            "message is not modified: ",
            "message to edit not found",
            "message is not modified: ",
            "query is too old and resp",
        ]
        await rini.block()
        assert (await api("sendMessage", **message))[0] == 403
        api.url = api.url.replace(telegram.token, "7:other")
        assert (await api("getMe"))[0] == 401


async def test_faults_meet_as_many_calls_as_told(telegram):
    rini, budi = telegram.citizen(), telegram.citizen()
    telegram.refuse("sendMessage", 429, retry_after=7, chat=rini.id)
    telegram.refuse("*", 502, chat=rini.id)
    async with bot(telegram) as api:
        assert (await api("sendMessage", chat_id=budi.id, text="1"))[0] == 200
        status, body = await api("sendMessage", chat_id=rini.id, text="2")
        assert (status, body["parameters"]) == (429, {"retry_after": 7})
        assert (await api("sendPhoto", chat_id=rini.id, photo="x"))[0] == 502
        telegram.drop("sendMessage")
        telegram.drop("sendMessage", done=True)
        for text in ("3", "4"):
            with pytest.raises(aiohttp.ClientError):
                await api("sendMessage", chat_id=rini.id, text=text)
        assert rini.text == "4"  # sent, though the bot cannot know
    assert [call.status for call in telegram.calls] == [200, 429, 502, 0, 200]


async def test_webhook_deliveries_come_in_order_and_again_until_taken(telegram):
    answers, got = iter((500, 200, 200)), []

    async def take(request: web.Request) -> web.Response:
        got.append((await request.json())["message"]["text"])
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "abc"
        return web.Response(status=next(answers))

    async with serving(take) as url, bot(telegram) as api:
        await api.result("setWebhook", url=url, secret_token="abc")
        rini = telegram.citizen()
        await rini.send("1", wait=False)
        await rini.send("2", wait=False)
        await telegram.confirmed(2)
        assert (await api.result("getWebhookInfo"))["url"] == url
    assert got == ["1", "1", "2"]
    assert telegram.deliveries == [(1, 500), (1, 200), (2, 200)]


@asynccontextmanager
async def serving(take: Any) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"{site.name}/hook"
    await runner.cleanup()


def test_a_label_is_found_exactly_or_without_its_number_or_by_a_part():
    buttons = tuple(map(Button, ("1 Tidak mudah", "3 Mudah", "4 Sangat mudah", "‹ Kembali")))
    assert [find(label, buttons) for label in ("Mudah", "Kembali", "Tidak", "Cepat")] == [
        buttons[1],
        buttons[3],
        buttons[0],
        None,
    ]
    with pytest.raises(AssertionError, match="fits several"):
        find("mudah", buttons)
