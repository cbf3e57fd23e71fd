"""No line of any log holds a chat's number or a citizen's words, also where things break.

A whole survey goes through the real adapter with every logger at DEBUG and asyncio's debug mode on;
only the wire to Telegram is cut, and it answers as Telegram does on a bad day. Then once with the
wire, which knows the token.
"""

import asyncio
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, get_args

import pytest

import bot.core.turns.turn_worker
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.settings import Library
from bot.core.sending.post import Post, keep_for_later
from bot.core.turns.job import NotKept
from bot.logs import Format, Formatter
from reports.jobs import due
from reports.stored.fold import fold
from reports.stored.verify import verify
from storage.office.roles import invite, join
from tests.bench.crowd import read
from tests.support import telegram_updates as updates
from tests.support.canned_wire import CANNED
from tests.support.citizen import Citizen as Anyone
from tests.support.offices import NOON, Chance, count, office, scoped, unit_row, working
from tests.support.talking_bot import LIBRARIES, NEVER, TalkingBot, begin, talking

CHAT = 7_123_456_789
COMMENT = "Petugas di loket tiga ramah sekali"
WEEK = 7 * 86_400


class Network:
    """`answers` are given first, then "ok"; `buttons` are those of the last screen."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.buttons: list[str] = []

    async def post(self, method: str, body: bytes) -> bytes:
        sent = read(body)
        if "text" in sent:
            rows = sent["reply_markup"].get("inline_keyboard", [])
            self.buttons = [button["callback_data"] for row in rows for button in row]
        return self.answers.pop(0) if self.answers else b'{"ok":true,"result":true}'


def refusal(code: int, description: str, **parameters: Any) -> bytes:
    answer = {"ok": False, "error_code": code, "description": description}
    return json.dumps(answer | {"parameters": parameters}).encode()


BAD_DAY = [
    refusal(429, "Too Many Requests: retry after 1", retry_after=1),
    refusal(400, "Bad Request: message to edit not found"),
    refusal(403, "Forbidden: bot was blocked by the user"),
    b"<html>Bad Gateway</html>",
]


class Citizen:
    def __init__(self, telegram: Telegram, network: Network) -> None:
        self._telegram, self._network, self._number = telegram, network, 0
        self._me = updates.person(CHAT)

    async def write(self, text: str) -> None:
        await self._deliver(updates.message(self._me, text=text))

    async def tap(self, choice: str) -> None:
        data = next(b for b in self._network.buttons if b.endswith(f":{choice}"))
        await self._deliver(updates.tap(self._me, 1, data))

    async def _deliver(self, update: dict[str, Any]) -> None:
        self._number += 1
        await self._telegram.receive(json.dumps(update | {"update_id": self._number}).encode())
        await self._telegram.drain(10)


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Every line that is logged, with its traceback and whatever it was given."""
    caplog.set_level(logging.DEBUG)
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{logging.Formatter().format(record)} {record.args!r}")

    handler = Keep()
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("library", CANNED)
async def test_a_whole_survey_on_a_bad_day_is_told_to_no_log(
    database_url, monkeypatch, said, library: Library
):
    asyncio.get_running_loop().set_debug(True)
    now = [NOON]
    with office(database_url, unit_row("SMST-BTM")) as engine, working(engine) as turns:
        network = Network()
        wire = CANNED[library](network)
        later = keep_for_later(engine, lambda: now[0])
        telegram = Telegram(wire, turns, later, lambda: now[0])
        post = Post(engine, {"tg": telegram}, lambda: now[0], "one")
        rini = Citizen(telegram, network)
        await rini.write("/start SMST-BTM")
        await rini.tap("agreed")
        await rini.tap("pajak")
        for number in range(9):
            network.answers = [BAD_DAY[number % 4]] if number < 8 else []
            await rini.tap("4")
            now[0] += 60
            await post.round()
        await break_the_database(engine, rini, monkeypatch)
        await rini.write(COMMENT)
        await rini.tap("-skip_all")
        await rini.tap("send")
        await work(engine, post, now, monkeypatch)
        await wire.close()
    for fault in ("blocked by the user", "IntegrityError", "unheard", "ZeroDivisionError"):
        assert any(fault in line for line in said), f"{fault} did not happen"
    for line in said:
        assert str(CHAT) not in line
        assert COMMENT not in line


async def break_the_database(engine, rini: Citizen, monkeypatch) -> None:
    """A turn that fails in the database, with the whole row in Postgres' error, and in our code."""
    with monkeypatch.context() as broken:
        columns = bot.core.turns.turn_worker.conversations._columns
        broken.setattr(
            bot.core.turns.turn_worker.conversations,
            "_columns",
            lambda kept: columns(kept) | {"status": None},
        )
        with pytest.raises(NotKept):
            await rini.write(COMMENT)
        broken.setattr(
            bot.core.turns.turn_worker.conversations, "_columns", lambda kept: kept.unheard
        )
        with pytest.raises(NotKept):
            await rini.write(COMMENT)


async def work(engine, post: Post, now: list[int], monkeypatch) -> None:
    """The jobs, and a digest that cannot be drawn."""
    with engine.begin() as connection:
        token = invite(connection, "head", scoped("SMST-BTM"), NOON, Chance())
        join(connection, token, f"tg:{CHAT}", NOON)
    assert count(engine, "response", f"comment = '{COMMENT}'") == 1
    assert fold(engine) == 1
    assert verify(engine) == []
    now[0] = NOON + WEEK
    for job in due.JOBS.values():
        job(engine, now[0])
    with monkeypatch.context() as broken:
        broken.setattr("bot.core.sending.digest_content.picture", lambda *given: 1 // 0)
        await post.round()


@pytest.mark.parametrize("library", LIBRARIES)
async def test_a_failing_network_is_told_without_chat_answer_or_token(
    telegram, sqlite_url, caplog, library
):
    caplog.set_level(logging.DEBUG)
    async with talking(telegram, sqlite_url, library=library) as bot:
        rini = telegram.citizen()
        await begin(rini)
        await answer_through_faults(bot, rini)
        await rini.send("pelayanannya lambat sekali")
        await rini.tap("Lewati semua")
        await rini.tap("Kirim")
        (receipt,) = re.findall("(?:[A-Z2-7]{4}-){4}[A-Z2-7]{4}", rini.text)
        await rini.send(f"/cek {receipt}")
        await rini.send(f"/hapus {receipt}")
        await rini.block()
        await bot.bring(updates.message(rini._me, text="lambat sekali"))
    assert "blocked" in caplog.text
    token = telegram.token.partition(":")[2]
    for format in get_args(Format):
        lines = map(Formatter([], format).format, caplog.records)
        told = [caplog.text, *lines]
        for secret in (str(rini.id), "lambat", token, receipt, receipt.replace("-", "")):
            assert not [line for line in told if secret in line]


async def answer_through_faults(bot: TalkingBot, rini: Anyone) -> None:
    for fault in (429, 502, 0):
        if fault:
            bot.telegram.refuse("editMessageText", fault, chat=rini.id)
        else:
            bot.telegram.drop("*", chat=rini.id, times=2)
        await rini.tap("3")
        bot.clock.at += 60
        await bot.adapter.drain(NEVER)
        await bot.post.round()
    while "9 dari 9" not in rini.text:
        await rini.send("/entah?")
        await rini.send("4")
    await rini.send("4")


def test_a_fault_that_ends_the_process_shows_no_secret():
    """Its words, or those of what caused it, may hold an address with the token."""
    ends = """
from bot import logs
logs.begin(["7:AA-the-token"])
try:
    raise ValueError("https://api.telegram.org/bot7:AA-the-token/getMe")
except ValueError as cause:
    raise RuntimeError("no answer of 7:AA-the-token") from cause
"""
    done = subprocess.run([sys.executable, "-c", ends], capture_output=True, text=True)
    assert done.returncode == 1
    assert "RuntimeError: no answer of •••" in done.stderr
    assert "AA-the-token" not in done.stderr
