"""Our bot as a subject: the adapter, the turns and a durable database; only the wire is canned."""

import itertools
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path

import bot.channels.telegram.aiogram_wire
import bot.channels.telegram.channel
import bot.channels.telegram.wire
import bot.core.sending.delivery
import bot.core.turns.turn
import bot.core.turns.turn_worker
import flows.engine.conversation
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.settings import Library
from bot.core.sending.post import keep_for_later
from bot.core.turns.turn_worker import Turns
from flows.instrument import Questionnaire
from storage import questionnaires, units
from storage.chat import conversations
from storage.database.connect import migrate, open_engine
from storage.vault import Vault
from tests.bench.network import Network
from tests.bench.parts import Parts
from tests.bench.subject import Receive, Subject
from tests.support.canned_wire import CANNED

UNIT = {
    "code": "BENCH",
    "folded_code": "bench",
    "name": "Samsat Batam Centre",
    "folded_name": "samsat batam centre",
    "agency": "Bapenda",
    "region": "Batam",
    "timezone": "Asia/Jakarta",
    "kind": "samsat",
    "period": "quarter",
    "population": 5000,
    "opening_hours": "",
    "services": [{"id": "pajak", "label": "Pajak tahunan"}],
}
# Consent, nine questions, no comment, no profile, send.
BUTTONS = (0, *(None,) * 9, 0, 3, 0)
PARTS: Parts = {
    "update decoded": (
        (bot.channels.telegram.channel, "decode_update"),
        (bot.channels.telegram.channel, "read"),
    ),
    "conversation loaded": ((conversations, "load"),),
    "conversation saved": ((conversations, "save_all"), (conversations, "insert_all")),
    "state from JSON": ((flows.engine.conversation.Conversation, "from_json"),),
    "state to JSON": ((flows.engine.conversation.Conversation, "to_json"),),
    "the conversation's rules": (
        (bot.core.turns.turn, "take"),
        (bot.core.turns.turn_worker, "take"),
    ),
    "screen in words": ((bot.core.sending.delivery, "say"),),
    "request bodies": (
        (bot.channels.telegram.channel, "edit"),
        (bot.channels.telegram.channel, "new"),
        (bot.channels.telegram.aiogram_wire, "_encode"),
    ),
    "API answers checked": ((bot.channels.telegram.wire, "_decode"),),
}


def subject(name: str, fresh_url: Callable[[], str], library: Library = "aiogram") -> Subject:
    """Ours on the database that `fresh_url` makes for each round."""

    @asynccontextmanager
    async def open_(network: Network) -> AsyncIterator[Receive]:
        engine = open_engine(_prepared(fresh_url()))
        turns = Turns(engine, Vault("rahasia" * 8), os.urandom)
        clock = lambda: int(time.time())  # noqa: E731
        turns.start()
        telegram = Telegram(CANNED[library](network), turns, keep_for_later(engine, clock), clock)
        yield telegram.receive
        await telegram.drain(60)
        turns.stop()
        engine.dispose()

    opened: Callable[[Network], AbstractAsyncContextManager[Receive]] = open_
    return Subject(name, "/start BENCH", BUTTONS, PARTS, opened)


@contextmanager
def sqlite_files() -> Iterator[Callable[[], str]]:
    """Fresh SQLite files in one temporary folder."""
    numbers = itertools.count()
    with tempfile.TemporaryDirectory(prefix="skm-bench-") as folder:
        yield lambda: f"sqlite:///{Path(folder) / f'{next(numbers)}.db'}"


def _prepared(url: str) -> str:
    migrate(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        kept = questionnaires.keep(connection, Questionnaire("skm-14-2017"))
        units.save(connection, [{**UNIT, "questionnaire": kept}])
    engine.dispose()
    return url
