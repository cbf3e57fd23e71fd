"""Long work is put off: the chat is told so, and it is done once, apart from the turns."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine

import bot.office.periods.period_closing
from bot.core.sending.post import GIVES_UP
from bot.core.turns.deferred_work import TRIES, prepared
from bot.core.turns.turn_context import NotReady
from bot.office.units import answer_table
from flows.engine.events import Asked, Attached
from flows.engine.form import Button, Line
from flows.engine.screen import Screen
from storage.chat import outbox
from storage.chat.conversations import Conflict
from storage.database.connect import open_engine
from storage.office import roles
from tests.support.fake_channel import Office
from tests.support.offices import (
    Chance,
    Person,
    audit_of,
    count,
    office,
    run,
    scoped,
    unit_row,
    working,
)
from tests.support.publishing import DAY, LATER, answered

BEGUN = "work.begun"


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Ten responses are many here."""
    monkeypatch.setattr(bot.office.periods.period_closing, "FEW", 5)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST", population=100)) as engine:
        with engine.begin() as connection:
            answered(connection, "SMST", 10)
            token = roles.invite(connection, "head", scoped("SMST"), LATER - DAY, Chance(1))
            roles.join(connection, token, "tg:1", LATER - DAY)
        yield engine


@dataclass
class Chat:
    """A head, and the post that brings what was put off."""

    engine: Engine
    head: Person
    context: object
    office: Office = field(init=False)
    screen: Screen = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office(self.engine)
        self.office.clock.at = LATER + 60

    async def post(self) -> list[str]:
        post = self.office.post()
        post.context_of = self.context
        self.office.channel.got.clear()
        await post.long_round()
        for _, content, conversation in self.office.channel.got:
            labels = [label for row in content.rows for label in row]
            buttons = [Button(each.step, each.choice, Line("=")) for each in labels]
            self.screen = Screen(conversation, "id", (), (), choices=tuple(buttons))
        return self.office.channel.texts

    async def tap(self, choice: str) -> Screen:
        """On what the post brought last."""
        self.head.shown = self.screen
        shown = await self.head.tap(choice)
        assert [line.key for line in shown.body] == [BEGUN]
        return shown


@pytest.fixture
def turns(engine):
    with working(engine) as turns:
        yield turns


@pytest.fixture
def chat(engine, turns) -> Chat:
    return Chat(engine, Person(turns, "tg:1", at=LATER), turns.context)


async def looked(chat: Chat) -> str:
    await chat.head.open("/periode SMST")
    shown = await chat.head.tap("2026-Q4")
    assert [line.key for line in shown.body] == [BEGUN]
    (text,) = await chat.post()
    return text


async def test_the_chat_is_told_and_then_shown_what_was_prepared(chat):
    assert "10 jawaban" in await looked(chat)
    assert count(chat.engine, "outbox") == 0
    shown = await chat.tap("publish")
    assert [line.key for line in shown.body] == [BEGUN]
    assert count(chat.engine, "sheet") == 0
    (text,) = await chat.post()
    assert text.startswith("Lembar 1 terbit")
    assert (count(chat.engine, "sheet"), count(chat.engine, "outbox")) == (1, 0)
    assert await chat.post() == []


async def test_tapped_many_times_it_is_one_work(chat):
    await looked(chat)
    for _ in range(5):
        await chat.tap("publish")
    assert len(await chat.post()) == 1
    assert count(chat.engine, "sheet") == 1


async def test_killed_between_work_and_send_it_is_done_once_and_shown(chat):
    """The row is still there, leased: it is claimed again once that lapsed."""
    await looked(chat)
    await chat.tap("publish")
    with chat.engine.begin() as connection:
        (parcel,) = outbox.claim_long(connection, chat.office.clock.at, 1)
    post = chat.office.post()
    post.context_of = chat.context
    assert await asyncio.to_thread(post._content, parcel, chat.office.channel)
    chat.office.clock.at += outbox.LONG
    (text,) = await chat.post()
    assert text.startswith("Lembar 1 terbit")
    assert count(chat.engine, "sheet") == 1


async def test_a_role_that_ended_meanwhile_closes_nothing(chat):
    await looked(chat)
    await chat.tap("publish")
    run(chat.engine, "DELETE FROM role")
    (text,) = await chat.post()
    assert "Lembar" not in text
    assert count(chat.engine, "sheet") == 0


async def test_whoever_went_on_is_told_that_it_was_dropped(chat):
    await looked(chat)
    screen = chat.screen
    await chat.tap("publish")
    await chat.head.type("halo")
    (text,) = await chat.post()
    assert text.startswith("Yang tadi disiapkan dibatalkan")
    assert count(chat.engine, "sheet") == 0
    chat.screen = screen
    await chat.tap("publish")
    (text,) = await chat.post()
    assert text.startswith("Lembar 1 terbit")


async def test_of_what_was_cancelled_nothing_is_said(chat):
    await looked(chat)
    await chat.tap("publish")
    await chat.head.send(Asked(chat.head._next(), chat.head.at, "cancel"))
    assert await chat.post() == []
    assert count(chat.engine, "sheet") == count(chat.engine, "outbox") == 0


async def test_what_fails_again_and_again_is_said_to_have_failed(chat, monkeypatch):
    await looked(chat)

    def fails(*args: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(bot.office.periods.period_closing, "publish", fails)
    screen = chat.screen
    await chat.tap("publish")
    for _ in range(GIVES_UP):
        assert await chat.post() == []
        chat.office.clock.at += 100
    (text,) = await chat.post()
    assert text.startswith("Maaf, yang tadi disiapkan gagal.")
    monkeypatch.undo()
    chat.screen = screen
    monkeypatch.setattr(bot.office.periods.period_closing, "FEW", 5)
    await chat.tap("publish")  # nothing was lost: it can be asked for again
    (text,) = await chat.post()
    assert text.startswith("Lembar 1 terbit")


@pytest.fixture
async def admin(engine, turns) -> Chat:
    """An admin who has sent a table of 50 answers and is shown what it would do."""
    with engine.begin() as connection:
        token = roles.invite(connection, "admin", scoped("SMST"), LATER - DAY, Chance(2))
        roles.join(connection, token, "tg:2", LATER - DAY)
    chat = Chat(engine, Person(turns, "tg:2", at=LATER), turns.context)
    await chat.head.open("/impor SMST")
    await chat.head.tap("table")
    head = ["date", *(f"U{n}" for n in range(1, 10))]
    table = {"isi": [head, *(["2026-11-03", *(f"{1 + n % 4}" * 9)] for n in range(50))]}
    sent = Attached(chat.head._next(), LATER, "document", "f1", "isi.csv", 900, table)
    await chat.head.send(sent)
    return chat


async def test_the_turn_thread_brings_no_long_table_in_and_takes_none_out(admin, monkeypatch):
    """Neither to make its rows nor to erase them: everybody's taps would wait."""
    done = []
    for name in ("keep", "undo"):
        real = getattr(answer_table, name)

        def by(*given, real=real, name=name):
            done.append((name, threading.current_thread().name))
            return real(*given)

        monkeypatch.setattr(answer_table, name, by)
    assert (await admin.post())[0].startswith("Tabel sudah terbaca.")
    await admin.tap("import")
    assert count(admin.engine, "response", "source = 'imported'") == 0
    assert (await admin.post())[0].startswith("50 jawaban masuk")
    assert count(admin.engine, "response", "source = 'imported'") == 50
    shown = await admin.head.open("/impor SMST")
    shown = await admin.head.tap("undo")
    (offered,) = [b.choice for b in shown.choices if b.step == "which" and len(b.choice) == 16]
    await admin.head.tap(offered)
    assert (await admin.post())[0].startswith("50 jawaban")
    assert count(admin.engine, "response", "source = 'imported'") == 0
    assert [name for name, _ in done] == ["keep", "undo"]
    assert not any("turns" in thread for _, thread in done)
    with admin.engine.connect() as connection:
        actions = [each.action for each in audit_of(connection, [scoped("SMST")], 9)]
    assert actions.count("import_responses") == actions.count("undo_import") == 1


async def test_an_import_killed_before_it_was_told_is_told_and_not_done_twice(admin):
    await admin.post()
    await admin.tap("import")
    with admin.engine.begin() as connection:
        (parcel,) = outbox.claim_long(connection, admin.office.clock.at, 1)
    post = admin.office.post()
    post.context_of = lambda connection, made: _Ended.at(admin.context(connection, made))
    with pytest.raises(_Ended):
        await asyncio.to_thread(post._content, parcel, admin.office.channel)
    assert count(admin.engine, "response", "source = 'imported'") == 50
    admin.office.clock.at += outbox.LONG
    (text,) = await admin.post()
    assert "sudah diimpor" in text
    assert count(admin.engine, "response", "source = 'imported'") == 50


class _Ended(Exception):
    """As if the process had ended once the rows were in."""

    @staticmethod
    def at(context):
        if any(key[0] == "import" for key in context.made):
            raise _Ended
        return context


async def test_what_waits_is_sealed(chat):
    await looked(chat)
    await chat.tap("publish")
    (row,) = chat.office.rows()
    body = json.loads(row.body)
    assert set(body) == {"event", "conversation", "revision"}
    assert "publish" not in row.body


def test_while_it_is_made_others_write(tmp_path: Path, sqlite_url: str):
    """SQLite has one writer: what takes long is made beside it."""
    engine, other = open_engine(sqlite_url), open_engine(sqlite_url)

    def make(connection):
        assert count(engine, "lease") == 0
        run(other, "INSERT INTO lease (name, holder, until) VALUES ('a', 'b', 1)")
        return connection.exec_driver_sql("SELECT count(*) FROM unit").scalar()

    def do(made):
        with engine.begin():
            if "n" not in made:
                raise NotReady("n", make)
            return made["n"]

    assert prepared(engine, do) == 0
    assert count(engine, "lease") == 1
    engine.dispose()
    other.dispose()


def test_what_never_holds_still_is_given_up(sqlite_url: str):
    engine, tries = open_engine(sqlite_url), []

    def do(made):
        tries.append(len(made))
        raise NotReady(len(tries), lambda connection: 0)

    with pytest.raises(Conflict):
        prepared(engine, do)
    assert len(tries) == TRIES
    engine.dispose()
