"""Sample offices, responses and people who answer, for tests of what is kept.

engine = office(url, unit_row("SMST-BTM"))             # a migrated database with units in it
rini = Person(turns, "tg:1", at=NOON)
await rini.survey("SMST-BTM")                          # from the link to the thanks
"""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, inspect, select, text

from bot.channels.telegram.links import links
from bot.core.turns.turn_worker import Turns
from flows.engine.conversation import Conversation
from flows.engine.events import Opened, PersonEvent, Tapped, Typed
from flows.engine.screen import ENDED, Screen
from flows.extra_question import Extra
from flows.instrument import Questionnaire
from flows.loader import instrument
from flows.office.questions.change import Add, changed
from reports.statistics.tally import Tally
from reports.stored.fold import decoded
from storage import publications, questionnaires, units
from storage.answers import responses
from storage.answers.responses import Draft
from storage.chat import conversations
from storage.database.connect import open_engine
from storage.database.upsert import table_of
from storage.index import tallies
from storage.index.tallies import Cell
from storage.office import audit
from storage.office.audit import Entry
from storage.periods import zone
from storage.scope import EVERYTHING, Scope, agency
from storage.tables import Outbox
from storage.units import Unit
from storage.vault import Vault
from tests.support.instruments import CURRENT

SECRET = "rahasia-untuk-uji-saja-0123456789abcdef"
VAULT = Vault(SECRET)
ITEMS = instrument(CURRENT).keys
# A Thursday noon in Jakarta: 2026-11-19T12:00+07:00.
NOON = int(datetime(2026, 11, 19, 12, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp())

OPEN = Opened("1", NOON, "SMST-BTM")


class Chance:
    """Bytes that come out the same in every run; may be asked from any thread."""

    def __init__(self, seed: int | str = 0) -> None:
        self._random, self._lock = Random(seed), Lock()

    def __call__(self, number: int) -> bytes:
        with self._lock:
            return self._random.randbytes(number)


def unit_row(code: str, timezone: str = "WIB", **columns: Any) -> dict[str, Any]:
    """A unit as `storage.units.save` takes it."""
    name = f"Kantor {code}"
    return {
        "code": code,
        "name": name,
        "folded_code": code.casefold(),
        "folded_name": name.casefold(),
        "agency": "Pemprov Contoh",
        "region": "Contoh",
        "timezone": zone(timezone).key,
        "kind": "",
        "period": "quarter",
        "population": 1000,
        "latitude": None,
        "longitude": None,
        "opening_hours": "",
        "services": [{"id": "pajak", "label": "Pajak tahunan"}, {"id": "stnk", "label": "STNK"}],
        "questionnaire": CURRENT,
        **columns,
    }


@contextmanager
def office(url: str, *rows: Mapping[str, Any]) -> Iterator[Engine]:
    """An engine on a migrated database, with these units in it."""
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            questionnaires.keep(connection, Questionnaire(CURRENT))
            units.save(connection, rows)
        yield engine
    finally:
        engine.dispose()


def unit_of(connection: Connection, code: str) -> Unit:
    unit = units.by_code(connection, code)
    assert unit is not None
    return unit


def draft(at: int = NOON, values: Any = 3, **more: Any) -> Draft:
    """A response; `values` is one value for every item, or nine (None: not answered)."""
    nine = [values] * 9 if isinstance(values, int) else list(values)
    answers = dict(zip(ITEMS, nine, strict=True))
    given = {"service": "pajak", "channel": "tg", "duration": 60, "consent": "2026-1", **more}
    return Draft(instrument=CURRENT, questionnaire=CURRENT, at=at, answers=answers, **given)


def respond(connection: Connection, code: str, chance: Chance, given: Draft) -> str:
    """Keep one response; its receipt code."""
    return responses.keep(connection, unit_of(connection, code), given, chance)


def keep_all(
    connection: Connection, unit: Unit, drafts: Sequence[Draft], chance: Callable[[int], bytes]
) -> None:
    """Keep many responses of one unit."""
    for each in drafts:
        responses.keep(connection, unit, each, chance)


def count(engine: Engine, table: str, where: str = "true") -> int:
    """How many rows a table has."""
    with engine.connect() as connection:
        query = text(f"SELECT count(*) FROM {table} WHERE {where}")
        return int(connection.execute(query).scalar_one())


def ask(connection: Connection, units: Sequence[Unit], extra: Extra) -> list[int | None]:
    """Ask one more extra question in these units; the version numbers."""
    more = Add(extra)
    return [
        publications.change_one(connection, unit, lambda now: changed(now, more), NOON, "by")
        for unit in units
    ]


@contextmanager
def working(engine: Engine, *, start: bool = True, seed: int = 1) -> Iterator[Turns]:
    """Turns at work, stopped at the end. Two on one database need two seeds."""
    turns = Turns(engine, VAULT, Chance(seed), links(""))
    if start:
        turns.start()
    try:
        yield turns
    finally:
        turns.stop()


def unsent(engine: Engine) -> list[Any]:
    """What the outbox still holds."""
    rows = table_of(Outbox)
    query = select(rows).where(rows.c.sent_at.is_(None), rows.c.failed_at.is_(None))
    with engine.connect() as connection:
        return list(connection.execute(query.order_by(rows.c.id)))


def kept(engine: Engine, address: str) -> Conversation:
    with engine.connect() as connection:
        return conversations.load(connection, [address])[address][-1].conversation


async def queued(turns: Turns, *jobs: tuple[str, Opened | Typed]) -> "list[asyncio.Task[Screen]]":
    """Put events into the queue, in this order."""
    tasks = [asyncio.create_task(turns.do(*job)) for job in jobs]
    await asyncio.sleep(0)
    return tasks


def audit_of(connection: Connection, scopes: list[Scope], most: int) -> list[Entry]:
    """The last entries of these very scopes, the latest first."""
    found = audit.page(connection, scopes, 1_000)
    return [each for each in found if each.scope in scopes][:most]


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@dataclass
class Person:
    """A chat that answers by what it is shown. Time rises with every event."""

    turns: Turns
    address: str
    at: int = NOON
    event: int = 0
    shown: Screen | None = None
    told: list[PersonEvent] = field(default_factory=list)  # events as they were sent

    async def send(self, event: PersonEvent) -> Screen:
        self.told.append(event)
        self.shown = await self.turns.do(self.address, event)
        return self.shown

    async def open(self, opening: str) -> Screen:
        return await self.send(Opened(self._next(), self.at, opening))

    async def type(self, words: str) -> Screen:
        return await self.send(Typed(self._next(), self.at, words))

    async def tap(self, choice: str) -> Screen:
        return await self.send(self.tapped(choice))

    def tapped(self, choice: str) -> Tapped:
        """The event of a tap on the screen last shown."""
        assert self.shown is not None
        button = next(b for b in self.shown.choices if b.choice == choice)
        return Tapped(self._next(), self.at, self.shown.conversation, button.step, choice)

    async def survey(self, opening: str, value: int = 3, stop: str = "", **given: str) -> Screen:
        """Open a link and answer to the end, or until the step `stop` is asked.

        `given`: the choice at a step by its id; else `value` where it is offered, the quickest
        way on where it is not.
        """
        shown = await self.open(opening)
        while shown.choices and shown.choices[0].step not in (stop, ENDED):
            offered = [button.choice for button in shown.choices]
            wanted = (given.get(shown.choices[0].step, ""), str(value), *QUICKEST, offered[0])
            shown = await self.tap(next(choice for choice in wanted if choice in offered))
        return shown

    def _next(self) -> str:
        self.event += 1
        self.at += 1
        return str(self.event)


QUICKEST = ("agreed", "-skip_all", "-skipped", "send")


def scoped(text: str) -> Scope:
    """A scope as tests write it: "*", a unit's code, or else an agency's name."""
    if text == EVERYTHING.name:
        return EVERYTHING
    return Scope("unit", text) if re.fullmatch(r"[A-Za-z0-9-]{2,20}", text) else agency(text)


def everything(engine: Engine) -> str:
    with engine.connect() as connection:
        names = inspect(engine).get_table_names()
        return str([connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in names])


def tallied(engine: Engine) -> dict[Cell, Tally]:
    with engine.connect() as connection:
        return {cell: decoded(data) for cell, data in tallies.cells(connection)}
