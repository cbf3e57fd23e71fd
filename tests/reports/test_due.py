"""Digests are due Monday 08:00 by each unit's own clock: one for each head, whatever happens."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select

from bot.core.sending import post
from bot.core.sending.post import Post
from flows.engine.say import Message
from reports.digest.composed import Digest
from reports.digest.unit_week import weekly
from reports.jobs.due_digests import digests
from storage.database.connect import open_engine
from storage.database.upsert import table_of
from storage.index_tables import Released
from storage.periods import parse
from tests.support.digest_weeks import last_due_week
from tests.support.fake_channel import Fake
from tests.support.offices import (
    NOON,
    Chance,
    count,
    draft,
    office,
    respond,
    run,
    unit_of,
    unit_row,
)
from tests.support.scheduled import DAY, HOUR, MINUTE, MONDAY, WEEK, head, put, utc

# 23 November 2026 is a Monday. 08:00 there is UTC+7, +8, +9: by hand


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, *(unit_row(name, name) for name in MONDAY)) as engine:
        yield engine


def released(engine: Engine) -> list[dict]:
    with engine.connect() as connection:
        figures = connection.execute(select(table_of(Released).c.figures)).scalars()
        return [json.loads(each) for each in figures]


@pytest.mark.parametrize("name", MONDAY)
def test_at_eight_on_monday_by_the_units_own_clock_and_not_before(engine, name):
    head(engine, "tg:1", name)
    due = MONDAY[name]
    # Nothing is due for the week before: its Monday was before this head's time.
    run(engine, f"UPDATE role SET since = {due - DAY}")
    assert digests(engine, due - 1) == 0
    assert digests(engine, due) == 1
    assert put(engine) == [f"digest:{name}:tg:1:2026-W47"]


def test_three_zones_each_at_its_own_instant(engine):
    for name in MONDAY:
        head(engine, "tg:1", name, since=MONDAY["WIT"] - DAY)
    sent = {}
    for now in range(MONDAY["WIT"] - HOUR, MONDAY["WIB"] + HOUR, 15 * MINUTE):
        if digests(engine, now):
            sent[put(engine)[-1].split(":")[1]] = now
    assert sent == MONDAY


def test_every_minute_asked_it_is_put_once_also_for_a_week_without_answers(engine):
    head(engine, "tg:1", "WIB")
    assert [digests(engine, MONDAY["WIB"] + n * MINUTE) for n in range(5)] == [1, 0, 0, 0, 0]
    (figures,) = released(engine)
    assert (figures["week"], figures["n"], figures["ikm"]) == ("2026-W47", 0, None)


def test_after_weeks_of_downtime_only_the_last_week_is_sent(engine):
    head(engine, "tg:1", "WIB")
    digests(engine, MONDAY["WIB"])
    digests(engine, MONDAY["WIB"] + 4 * WEEK + 3 * DAY)
    assert put(engine) == ["digest:WIB:tg:1:2026-W47", "digest:WIB:tg:1:2026-W51"]


def test_who_became_head_on_monday_after_eight_begins_with_the_next_week(engine):
    head(engine, "tg:1", "WIB", since=MONDAY["WIB"] + 1)
    head(engine, "tg:2", "WIB", since=MONDAY["WIB"])
    digests(engine, MONDAY["WIB"] + HOUR)
    assert put(engine) == ["digest:WIB:tg:2:2026-W47"]
    digests(engine, MONDAY["WIB"] + WEEK)
    assert sorted(put(engine)[1:]) == ["digest:WIB:tg:1:2026-W48", "digest:WIB:tg:2:2026-W48"]


def test_a_clock_that_jumps_sends_nothing_twice(engine):
    head(engine, "tg:1", "WIB")
    jumps = (0, WEEK, -DAY, WEEK, 0, 3 * HOUR, WEEK + DAY, -3 * DAY)
    for jump in jumps:
        digests(engine, MONDAY["WIB"] + jump)
    # A day before the first Monday W46 would be due, had W47 not been told already.
    assert Counter(put(engine)) == {f"digest:WIB:tg:1:2026-W{n}": 1 for n in (47, 48)}


@pytest.mark.parametrize(
    ("now", "week", "due"),
    [
        (utc(11, 23, 1), "2026-W47", utc(11, 23, 1)),
        (utc(11, 23, 0, 59), "2026-W46", utc(11, 16, 1)),
        (utc(11, 29, 16, 59), "2026-W47", utc(11, 23, 1)),  # Sunday 23:59 in Jakarta
        (utc(1, 4, 1, year=2027), "2026-W53", utc(1, 4, 1, year=2027)),  # 2026 has 53 weeks
    ],
)
def test_the_last_due_week_in_jakarta(now, week, due):
    found, at = last_due_week("WIB", now)
    assert (found.name, at) == (week, due)


def test_two_heads_of_a_unit_are_told_the_same_also_when_answers_come_in_between(engine):
    head(engine, "tg:1", "WIB")
    chance = Chance()
    with engine.begin() as connection:
        for _ in range(6):
            respond(connection, "WIB", chance, draft(NOON, 4))
    digests(engine, MONDAY["WIB"])
    with engine.begin() as connection:
        for _ in range(6):
            respond(connection, "WIB", chance, draft(NOON, 1))
    head(engine, "tg:2", "WIB")
    assert digests(engine, MONDAY["WIB"] + MINUTE) == 1
    (figures,) = released(engine)
    assert (figures["n"], figures["ikm"]) == (6, "100.00")
    with engine.begin() as connection:
        again = weekly(connection, unit_of(connection, "WIB"), parse("2026-W47"), NOON)
    assert again == Digest.from_json(figures)


def test_a_unit_that_fails_is_named_and_stops_no_other(engine, caplog):
    chance = Chance()
    with engine.begin() as connection:
        for name in MONDAY:
            respond(connection, name, chance, draft(NOON))
    for name in MONDAY:
        head(engine, "tg:1", name)
    run(engine, """UPDATE response SET answers = '{"unheard of": 4}' WHERE unit_id = 2""")
    assert digests(engine, MONDAY["WIB"]) == 2
    assert {key.split(":")[1] for key in put(engine)} == {"WIB", "WIT"}
    assert "the digest of WITA failed" in caplog.text
    assert "tg:1" not in caplog.text


def test_two_workers_over_a_monday_send_each_head_exactly_one(postgres_url, monkeypatch):
    monkeypatch.setattr(post, "digest_content", lambda _, parcel, *more: Message(parcel.key, ()))
    with office(postgres_url, *(unit_row(name, name) for name in MONDAY)) as engine:
        for number in range(6):
            head(engine, f"tg:{number}", list(MONDAY)[number % 3])
        digests(engine, MONDAY["WIT"] - HOUR)
        run(engine, "DELETE FROM outbox")
        together, channel = Barrier(2), Fake()

        def work(holder: str) -> None:
            mine = open_engine(postgres_url)
            for now in range(MONDAY["WIT"] - HOUR, MONDAY["WIB"] + 2 * HOUR, 20 * MINUTE):
                together.wait(30)
                digests(mine, now)
                post = Post(mine, {"tg": channel}, lambda now=now: now, holder)
                asyncio.run(post.round())
            mine.dispose()

        run(engine, f"UPDATE role SET since = {MONDAY['WIT'] - DAY}")
        with ThreadPoolExecutor() as pool:
            list(pool.map(work, ("one", "two")))
        assert count(engine, "outbox", "sent_at IS NULL OR resent > 0") == 0
    got = Counter(address for address, _, _ in channel.got)
    assert got == {f"tg:{number}": 1 for number in range(6)}
