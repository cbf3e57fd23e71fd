"""A database that is locked, silent or away: one person's event is refused, not everybody's; one
line says so and one that it is over, and nothing has to be started anew."""

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

import bot.core.sending.post
import bot.core.turns.turn_worker
from bot.core.turns.turn_worker import NotKept
from bot.core.watch.outage import Outage
from flows.engine.events import Typed
from storage.chat import conversations, outbox
from storage.database import postgres
from storage.database.connect import DatabaseAway, DatabaseUnfit, open_engine, require_current
from storage.database.postgres import LONG, QUICK
from tests.support.fake_channel import Office
from tests.support.offices import NOON, OPEN, kept, office, queued, run, unit_row, working
from tests.support.postgres import terminate_others

SOON = replace(QUICK, lock=0.3, silence=1)


@pytest.fixture
def postgres_office(postgres_url: str) -> Iterator[Engine]:
    with office(postgres_url, unit_row("SMST-BTM")) as engine:
        yield engine


def test_every_connection_has_its_limits_and_what_the_url_says_goes_before(postgres_url):
    asked = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    quick, long = open_engine(postgres_url), open_engine(postgres_url, LONG)
    own = open_engine(f"{postgres_url}&options=-c%20lock_timeout=7s")
    found = {}
    for name, engine in (("quick", quick), ("long", long), ("own", own)):
        with engine.connect() as connection:
            found[name] = [connection.execute(text(f"SHOW {each}")).scalar() for each in asked]
        engine.dispose()
    assert found == {
        "quick": ["1s", "10s", "30s"],
        "long": ["30s", "1h", "1h"],
        "own": ["7s", "10s", "30s"],
    }


async def test_a_row_that_is_locked_refuses_its_own_event_and_nobody_elses(
    postgres_office, postgres_url, caplog
):
    engine = postgres.engine_of(make_url(postgres_url), SOON)
    with working(engine) as turns:
        for number in (1, 2, 3):
            await turns.do(f"tg:{number}", OPEN)
    with working(engine, start=False, seed=2) as turns, postgres_office.begin() as other:
        other.execute(text("SELECT * FROM conversation WHERE address = 'tg:2' FOR UPDATE"))
        agreed = Typed("2", NOON, "ya")
        tasks = await queued(turns, *((f"tg:{number}", agreed) for number in (1, 2, 3)))
        turns.start()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        other.rollback()
        assert [isinstance(each, NotKept) for each in done] == [False, True, False]
        await turns.do("tg:2", agreed)
    assert [kept(engine, f"tg:{n}").answers["consent"] for n in (1, 2, 3)] == ["agreed"] * 3
    engine.dispose()
    assert caplog.text.count("lock timeout") == 2  # of the batch, and of the one alone: once each


async def test_a_silent_server_is_noticed_and_hung_up_on(postgres_office, postgres_url, caplog):
    engine = postgres.engine_of(make_url(postgres_url), SOON)
    with working(engine) as turns:
        await turns.do("tg:1", OPEN)
        assert turns.connection is not None
        pid = int(turns.connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
        turns.connection.rollback()
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.wait_for(turns.do("tg:1", Typed("2", NOON, "ya")), 60)
        finally:
            os.kill(pid, signal.SIGCONT)
    assert kept(engine, "tg:1").answers["consent"] == "agreed"  # by another connection
    assert "no answer of the server for 1 s" in caplog.text
    engine.dispose()


async def test_where_no_transaction_can_begin_the_rest_of_a_batch_is_not_tried(
    postgres_office, postgres_url, monkeypatch
):
    load, killer, begun = conversations.load, open_engine(postgres_url), []

    def interrupted(connection, addresses):
        terminate_others(killer)
        return load(connection, addresses)

    def refused(*_):
        begun.append(1)
        raise psycopg.OperationalError("connection refused")

    engine = open_engine(postgres_url)
    with working(engine, start=False) as turns:
        turns._begin().rollback()
        monkeypatch.setattr(conversations, "load", interrupted)
        monkeypatch.setattr(engine.pool, "_invoke_creator", refused)
        tasks = await queued(turns, *((f"tg:{number}", OPEN) for number in range(64)))
        turns.start()
        done = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(each) for each in done} <= {NotKept, bot.core.turns.turn_worker.Away}
    assert len(begun) <= 3  # not one for each of them
    killer.dispose()
    engine.dispose()


def test_one_line_when_it_begins_and_one_when_it_is_back(caplog):
    now = [100.0]
    outage = Outage(monotonic=lambda: now[0])
    outage.worked()
    for second in range(97):
        now[0] = 100.0 + second
        outage.failed(ConnectionRefusedError("connection refused"))
    now[0] = 197.4
    outage.worked()
    outage.worked()
    assert caplog.messages == [
        "the database cannot be used: connection refused; what comes is taken later",
        "database back after 97 s",
    ]


def test_another_reason_of_an_outage_is_told_and_no_reason_twice(caplog):
    outage = Outage("Telegram", "it is tried again", lambda: 0.0)
    for why in ("502", "another process", "502", *map(str, range(9))):
        outage.failed(why)
        assert outage.fault == why
    assert [line.split(": ")[1] for line in caplog.messages] == [
        f"{why}; it is tried again" for why in ("502", "another process", "0", "1", "2")
    ]
    outage.worked()
    assert outage.fault == ""


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('connection failed: FATAL:  password authentication failed for user "x"', DatabaseUnfit),
        ("connection failed: FATAL:  the database system is starting up", DatabaseAway),
        ("connection failed: FATAL:  sorry, too many clients already", DatabaseAway),
        ("connection refused", DatabaseAway),
    ],
)
def test_a_server_that_may_be_back_is_told_from_one_that_refuses_us(said, kind, monkeypatch):
    engine = open_engine("postgresql://x@/x")

    def refuse(*_):
        raise psycopg.OperationalError(said)

    monkeypatch.setattr(engine.pool, "_invoke_creator", refuse)
    with pytest.raises(DatabaseUnfit) as fault:
        require_current(engine)
    assert type(fault.value) is kind


async def test_what_was_sent_while_the_database_went_away_is_not_sent_again(
    database_url, monkeypatch, caplog
):
    """The mark fails, its lease lapses, and the next round finds the row due once more."""
    with office(database_url, unit_row("SMST-BTM")) as engine:
        here = Office(engine)
        here.put("a")
        here.put("b", address="tg:2")
        post, sent, away = here.post(), outbox.sent, [True]

        def unreachable(connection, *given):
            if away[0]:
                connection.exec_driver_sql("SELECT 1")
                raise bot.core.sending.post.OperationalError(
                    "UPDATE", None, OSError("server closed")
                )
            sent(connection, *given)

        monkeypatch.setattr(outbox, "sent", unreachable)
        await post.round()
        assert sorted(here.channel.texts) == ["a", "b"]
        here.clock.at += 2 * outbox.LEASE
        await post._round(post.round)  # still away: nothing is claimed
        assert len(here.channel.texts) == 2
        away[0] = False
        await post._round(post.round)
        await post._round(post.round)
        assert len(here.channel.texts) == 2
        assert [(row.sent_at, row.resent) for row in here.rows()] == [(NOON, 0)] * 2
    assert caplog.messages == [
        "the database cannot be used: server closed; what comes is taken later",
        "database back after 0 s",
    ]


async def test_the_last_marks_are_made_when_it_stops(sqlite_url):
    impatient = sqlite_url.partition("?")[0] + "?timeout=0.01"
    with office(impatient, unit_row("SMST-BTM")) as engine:
        here = Office(engine)
        here.put("a")
        post = here.post()
        with engine.begin() as connection:  # so that no mark can be made
            (parcel,) = outbox.claim(connection, NOON, 1)
            await asyncio.to_thread(post._mark, outbox.sent, parcel)
        assert len(post.unmarked) == 1
        running = asyncio.create_task(post.run())
        await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert [row.sent_at for row in here.rows()] == [NOON]
        run(engine, "DELETE FROM outbox")
