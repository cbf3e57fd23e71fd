"""The webhook: only Telegram is let in, and 200 means that the event is kept."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import msgspec
import pytest

import bot.channels.telegram.poll
import bot.web.app
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.links import PATH
from bot.channels.telegram.poll import TokenRefused, brought, route
from bot.core.sending.delivery import REFUSALS
from bot.core.setting import SettingsUnfit
from bot.core.turns.job import NotKept, Unkeepable
from bot.core.watch.hearing import Hearing
from bot.web.app import application
from tests.support import telegram_updates as updates
from tests.support.offices import count
from tests.support.talking_bot import LIBRARIES, TalkingBot, talking

SECRET = "rahasia-webhook_1"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
START = {"update_id": 7, **updates.message(updates.person(5), text="/start SMST-BTM")}


class Noting:
    """What the route hands on."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.got: list[bytes] = []
        self.fault = fault

    async def receive(self, raw: bytes) -> None:
        self.got.append(raw)
        if self.fault:
            raise self.fault


Post = Callable[..., "asyncio.Future[httpx.Response]"]


@asynccontextmanager
async def web(receiver: "Noting | Telegram | None") -> AsyncIterator[Post]:
    transport = httpx.ASGITransport(
        application([route(SECRET, receiver.receive)] if receiver else [])
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://skm") as client:

        async def post(body: bytes, secret: str | bytes | None = SECRET) -> httpx.Response:
            headers = {} if secret is None else {HEADER: secret}
            return await client.post(PATH, content=body, headers=headers)

        yield post


@pytest.fixture(params=LIBRARIES)
async def here(request, telegram, sqlite_url) -> AsyncIterator[TalkingBot]:
    async with talking(telegram, sqlite_url, library=request.param, poll=False) as here:
        yield here


async def test_without_the_secret_nobody_is_let_in_and_nothing_is_handed_on(monkeypatch):
    compared = []

    def constant_time(given: bytes, wanted: bytes) -> bool:
        compared.append(given)
        return hmac.compare_digest(given, wanted)

    monkeypatch.setattr(
        bot.channels.telegram.poll, "hmac", type("", (), {"compare_digest": constant_time})
    )
    wrong = (
        None,
        "",
        "x",
        SECRET[:-1],
        SECRET + "x",
        SECRET.upper(),
        "é".encode(),
        b"\xff",
    )
    receiver = Noting()
    async with web(receiver) as post:
        assert [(await post(b"{}", each)).status_code for each in wrong] == [403] * len(wrong)
        assert receiver.got == []
        assert (await post(b"{}")).status_code == 200
    assert receiver.got == [b"{}"]
    assert len(compared) == len(wrong) + 1


async def test_200_comes_after_the_commit_and_not_before(here):
    here.turns.free.clear()
    async with web(here.adapter) as post:
        answer = asyncio.create_task(post(json.dumps(START).encode()))
        await here.turns.until(lambda: here.turns.asked == ["tg:5"])
        assert not answer.done()
        assert count(here.engine, "conversation") == 0
        here.turns.free.set()
        assert (await answer).status_code == 200
    assert count(here.engine, "conversation") == 1


async def test_what_is_not_kept_is_to_be_sent_again(here, telegram):
    here.turns.refuse["tg:5"] = NotKept("no transaction can begin")
    async with web(here.adapter) as post:
        body = json.dumps(START).encode()
        said = [(await post(body)).status_code for _ in range(2 * REFUSALS)]
        assert said == [503] * 2 * REFUSALS
        here.turns.refuse["tg:5"] = Unkeepable("ValueError")
        said = [(await post(body)).status_code for _ in range(REFUSALS)]
        assert said == [503] * (REFUSALS - 1) + [200]
    await here.adapter.drain(5)
    assert telegram.chat(5).latest.text.startswith("Maaf, ada gangguan")


async def test_what_cannot_be_read_is_not_sent_again(here, caplog):
    broken = (b"", b"{", b"null", b"\xff\xfe", b'{"update_id": 1, "message": {}}', b"[" * 10_000)
    async with web(here.adapter) as post:
        assert [(await post(each)).status_code for each in broken] == [200] * len(broken)
    assert [record.levelname for record in caplog.records] == ["WARNING"] * len(broken)


async def test_what_is_too_long_for_an_update_is_not_handed_on():
    """Its length said beforehand, or not: a body in chunks ends where it ends."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    receiver = Noting()
    async with web(receiver) as post:
        assert (await post(b"x" * 1_000_001)).status_code == 413
        assert (await post(chunks())).status_code == 413
        assert (await post(b"x" * 1_000_000)).status_code == 200
    assert [len(each) for each in receiver.got] == [1_000_000]


async def test_only_a_webhook_opens_the_route():
    async with web(None) as post:
        assert (await post(b"{}")).status_code == 404
    with pytest.raises(AssertionError, match="open to anybody"):
        route("", Noting().receive)


async def test_the_webhook_is_set_with_its_secret_and_the_kinds_of_updates(here, telegram):
    telegram.refuse("setWebhook", 502)
    setting = asyncio.create_task(
        brought(here.adapter.wire, Hearing("Telegram"), "https://skm.example/telegram", SECRET)
    )
    await telegram.listening()
    assert telegram.calls[-1].method == "setWebhook"
    assert telegram.calls[-1].params == {
        "url": "https://skm.example/telegram",
        "secret_token": SECRET,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        "max_connections": 100,
    }
    assert not setting.done()
    setting.cancel()


async def test_an_address_that_telegram_refuses_is_said_and_a_token_too(here, telegram):
    telegram.refuse("setWebhook", 400)
    with pytest.raises(
        SettingsUnfit, match=r"Telegram refuses the webhook https://a/b: .*SKM_PUBL"
    ):
        await brought(here.adapter.wire, Hearing("Telegram"), "https://a/b", SECRET)
    telegram.refuse("setWebhook", 401)
    with pytest.raises(TokenRefused):
        await brought(here.adapter.wire, Hearing("Telegram"), "https://a/b", SECRET)


class Shared:
    """Telegram, and somebody else who has the token: what `info` says each time it is asked."""

    def __init__(self, *info: bytes) -> None:
        self.info, self.asked, self.over = list(info), [], asyncio.Event()

    async def call(self, method, fields, timeout):
        self.asked.append(fields["url"] if method == "setWebhook" else method)
        if method == "setWebhook":
            return msgspec.Raw(b"true")
        if not self.info:
            self.over.set()
            await asyncio.Event().wait()
        return msgspec.Raw(self.info.pop(0))


async def test_a_webhook_that_somebody_took_away_is_noticed_and_set_again(monkeypatch, caplog):
    """Whoever else has the token need only ask for updates: none would ever come again."""
    monkeypatch.setattr(bot.channels.telegram.poll, "LOOK", 0)
    url, looked = "https://skm.example/telegram", "getWebhookInfo"
    here = b'{"url": "https://skm.example/telegram"}'
    hearing = Hearing("Telegram")
    wire = Shared(here, b'{"url": ""}', b"[]", here, b'{"url": "https://elsewhere.example"}')
    setting = asyncio.create_task(brought(wire, hearing, url, SECRET))
    await wire.over.wait()
    setting.cancel()
    assert wire.asked == [url, looked, looked, url, looked, looked, looked, url, looked]
    assert caplog.messages == [
        f"the webhook was {what} and is set again: who else uses this bot's token?"
        for what in ("taken away", "set to another address")
    ]
