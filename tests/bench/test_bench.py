"""The comparison is only worth something if the peer really is a working survey bot."""

import asyncio
import itertools
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web

from tests.bench import crowd, measure, peer
from tests.bench.network import MESSAGE_ID, Network
from tests.bench.ours import sqlite_files, subject
from tests.bench.parts import timing
from tests.bench.questions import QUESTIONS, THANKS

CHAT = 7_000_000_004  # taps the fourth and the third button in turn


class KeepingNetwork(Network):
    """Keeps a copy that nobody empties."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[str, bytes]] = []

    async def post(self, method: str, body: bytes) -> bytes:
        self.kept.append((method, body))
        return await super().post(method, body)


@asynccontextmanager
async def _bot_api(network: Network) -> AsyncIterator[TelegramAPIServer]:
    """The same canned answers over real HTTP."""

    async def answer(request: web.Request) -> web.Response:
        content = await network.post(request.match_info["method"], await request.read())
        return web.Response(body=content, content_type="application/json")

    app = web.Application()
    app.router.add_post("/{bot}/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield TelegramAPIServer.from_base("http://{}:{}".format(*runner.addresses[0]))
    await runner.cleanup()


async def _survey(session: BaseSession, network: Network) -> dict[str, int]:
    """What one citizen leaves behind in the FSM."""
    async with Bot(peer.TOKEN, session=session) as bot:
        dp = peer.dispatcher()
        receive = peer.receiver(dp, bot)
        await crowd.Crowd(peer.PEER, receive, network, itertools.count(1)).survey(CHAT)
        return await dp.fsm.get_context(bot, CHAT, CHAT).get_data()


def test_a_citizen_leaves_nine_answers() -> None:
    network = KeepingNetwork()
    answers = asyncio.run(_survey(peer.CannedSession(network), network))
    keys = [key for key, *_ in QUESTIONS]
    assert answers == dict(zip(keys, [4, 3, 4, 3, 4, 3, 4, 3, 4], strict=True))
    methods = [method for method, _ in network.kept]
    assert methods == ["sendMessage", *["editMessageText", "answerCallbackQuery"] * 10]
    thanks = crowd.read(network.kept[-2][1])
    assert (thanks["text"], thanks["message_id"]) == (THANKS, str(MESSAGE_ID))


def test_the_peer_sends_the_very_bytes_of_the_stock_session() -> None:
    canned, wire = KeepingNetwork(), KeepingNetwork()

    async def both() -> None:
        await _survey(peer.CannedSession(canned), canned)
        async with _bot_api(wire) as api:
            await _survey(AiohttpSession(api=api), wire)

    asyncio.run(both())
    assert canned.kept == wire.kept


def test_ours_is_led_through_a_whole_survey() -> None:
    with sqlite_files() as files:
        cost = asyncio.run(measure.cost(subject("ours", files), 2, 3, parts={}))
    assert cost.cpu > 0


def test_32_open_turns_are_all_answered_and_counted() -> None:
    async def run() -> crowd.Crowd:
        network = Network()
        async with peer.PEER.open(network) as receive:
            driven = crowd.Crowd(peer.PEER, receive, network)
            await measure.answer(driven, turns_open=32, citizens=32)
        return driven

    driven = asyncio.run(run())
    # 32 whole surveys of 11 updates; before them lines 1..31 give up after (line mod 10) taps,
    # line 10, 20, 30 not beginning: 3 × (2 + 3 + … + 10) + 2 = 164.
    assert len(driven.walls) == 32 * 11 + 164
    assert driven.unanswered == 0


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    peers = [measure.Cost(cpu, 1.0) for cpu in (1.0, 2.0, 4.0)]
    ours = [measure.Cost(cpu, 0.5) for cpu in (0.5, 0.4, 1.2)]  # ratios 0.5, 0.2, 0.3
    rounds = [list(pair) for pair in zip(peers, ours, strict=True)]
    line = measure.table([peer.PEER, peer.PEER], rounds)[1]
    assert line.removeprefix(f"  {peer.PEER.name}").split() == [
        "0.500",
        "0.30",
        "(0.20–0.50)",
        "0.50",
    ]


def _burn(seconds: float) -> None:
    began = time.thread_time()
    while time.thread_time() - began < seconds:
        pass


class Outer:
    @staticmethod
    def work() -> None:
        _burn(0.02)
        Inner.work()


class Inner:
    @staticmethod
    def work() -> None:
        _burn(0.03)


def test_a_part_counts_for_itself_alone_in_every_thread() -> None:
    parts = {"outer": ((Outer, "work"),), "inner": ((Inner, "work"),)}
    with timing(parts) as clock:
        thread = threading.Thread(target=Outer.work)
        thread.start()
        thread.join()
        Inner.work()
    Inner.work()
    assert clock.used == {
        "outer": pytest.approx(0.02, rel=0.2),
        "inner": pytest.approx(0.06, rel=0.2),
    }
