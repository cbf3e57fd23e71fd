"""A SQLite file that is copied, removed, replaced or shared: refused, and the cause is named."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from bot.core.turns.turn_worker import NotKept
from flows.engine.events import Typed
from storage.database import sqlite
from storage.database.connect import (
    DatabaseUnfit,
    migrate,
    open_engine,
    require_current,
    require_whole,
    said,
    wipe,
)
from storage.database.in_use import kept_for_this_process
from storage.database.sqlite import Turnstile
from tests.support.offices import NOON, OPEN, count, kept, office, run, unit_row, working
from tests.support.paths import ROOT
from tests.support.waiting import PATIENCE

HOLD = """
import pathlib, sys
from storage.database.sqlite import taken
with taken(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with office(sqlite_url, unit_row("SMST-BTM")) as engine:
        yield engine


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///").partition("?")[0])


async def test_a_file_that_was_removed_takes_no_answer_until_it_is_back(engine, sqlite_url):
    file = file_of(sqlite_url)
    away = file.with_name("away.db")
    with working(engine) as turns:
        await turns.do("tg:1", OPEN)
        file.rename(away)
        for _ in range(2):
            with pytest.raises(NotKept):
                await turns.do("tg:1", Typed("2", NOON, "ya"))
        assert not file.exists()  # no empty one was made in its place
        away.rename(file)
        await turns.do("tg:1", Typed("2", NOON, "ya"))
    assert kept(engine, "tg:1").answers["consent"] == "agreed"


async def test_a_file_that_was_replaced_takes_no_answer(engine, sqlite_url):
    file = file_of(sqlite_url)
    with working(engine) as turns:
        await turns.do("tg:1", OPEN)
        shutil.copy(file, file.with_name("other.db"))
        file.with_name("other.db").rename(file)
        with pytest.raises(NotKept):
            await turns.do("tg:2", OPEN)
    with pytest.raises(DatabaseUnfit, match="removed or replaced while skm runs"):
        with said(engine), engine.begin():
            pass


def test_a_missing_file_is_not_made_by_looking(empty_sqlite_url):
    engine = open_engine(empty_sqlite_url)
    with pytest.raises(DatabaseUnfit, match=r"There is no database.*skm db upgrade"):
        require_current(engine)
    with pytest.raises(OperationalError, match="is not there yet"), engine.begin():
        pass
    assert not file_of(empty_sqlite_url).exists()
    migrate(empty_sqlite_url)
    require_current(engine)


def test_a_file_is_of_one_process_at_a_time_and_free_when_that_is_killed(sqlite_url):
    engine = open_engine(sqlite_url)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, file_of(sqlite_url)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        for use in (lambda: migrate(sqlite_url), lambda: hold(engine)):
            with pytest.raises(DatabaseUnfit, match=rf"Another skm runs.*process {holder.pid}\)"):
                use()
        with office(sqlite_url, unit_row("SMST-BTM")):
            pass  # whoever only reads and writes is let in
    finally:
        holder.kill()
        holder.communicate()
    hold(engine)
    migrate(sqlite_url)
    assert not Path(f"{file_of(sqlite_url)}-lock").exists()


def hold(engine: Engine) -> None:
    with kept_for_this_process(engine):
        pass


def test_the_log_of_another_copy_beside_it_is_found_at_the_start(engine, sqlite_url, tmp_path):
    """A -wal file is laid over whatever database it lies beside, if its checksums are right."""
    file = file_of(sqlite_url)
    wipe(engine)
    old = shutil.copy(file, tmp_path / "old.db")  # whole: nothing is in the log
    fill = "INSERT INTO lease SELECT 'a' || value || hex(randomblob(200)), 'x', 1 FROM "
    many = "(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 400) "
    run(engine, f"{fill} {many} SELECT value FROM n)")
    wipe(engine)
    run(engine, "DELETE FROM lease WHERE name LIKE 'a1%'", "UPDATE lease SET holder = 'yy'")
    shutil.copy(f"{file}-wal", f"{old}-wal")
    copy = open_engine(f"sqlite:///{old}")
    with pytest.raises(DatabaseUnfit, match=r"is damaged.*-wal"):
        require_whole(copy)
    copy.dispose()
    require_whole(engine)


@pytest.mark.parametrize(
    ("statement", "cure"),
    [
        ("PRAGMA query_only = ON", "Check who owns the file"),
        ("PRAGMA max_page_count = 1", "Make room on the disk"),
    ],
)
def test_a_disk_that_cannot_be_written_is_named_with_its_cure(engine, statement, cure):
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
        connection.rollback()
        big = "INSERT INTO lease VALUES (:name, 'x', 1)"
        with pytest.raises(DatabaseUnfit, match=cure), said(engine):
            connection.execute(text(big), {"name": "x" * 2_000_000})
        connection.invalidate()
    assert count(engine, "lease") == 0


async def test_a_commit_that_fails_says_why_in_the_drivers_words(engine, caplog):
    class Full(sqlite.Connection):
        def commit(self) -> None:
            raise sqlite3.OperationalError("database or disk is full")

    with working(engine) as turns:
        await turns.do("tg:1", OPEN)
        assert turns.connection is not None
        file = turns.connection.connection.dbapi_connection
        file.__class__ = Full
        with pytest.raises(NotKept):
            await turns.do("tg:2", OPEN)
        file.__class__ = sqlite.Connection  # somebody made room
        await turns.do("tg:2", OPEN)
    assert "COMMIT failed: database or disk is full" in caplog.text


def test_the_log_is_emptied_and_not_waited_for_beside_a_reader(engine, sqlite_url):
    wal = Path(f"{file_of(sqlite_url)}-wal")
    run(engine, "INSERT INTO lease VALUES ('a', 'x', 1)")
    with engine.connect().execution_options(reads=True) as reader:
        reader.execute(text("SELECT count(*) FROM lease")).all()
        run(engine, "INSERT INTO lease VALUES ('b', 'x', 1)")
        assert sqlite.wipe(engine) is False
        assert wal.stat().st_size > 0
    assert sqlite.wipe(engine) is True
    assert wal.stat().st_size == 0
    with engine.connect() as connection:  # and who comes next waits for writers as before
        waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    assert waits == 1_000 * PATIENCE


def test_whoever_waits_longest_writes_next():
    turnstile, order, threads = Turnstile(), [], []
    assert turnstile.enter(0)

    def come(number: int) -> None:
        assert turnstile.enter(60)
        order.append(number)
        turnstile.leave()

    for number in range(20):
        threads.append(Thread(target=come, args=(number,)))
        threads[-1].start()
        while len(turnstile._waiting) <= number:
            os.sched_yield()
    turnstile.leave()
    for thread in threads:
        thread.join()
    assert order == list(range(20))
    assert turnstile.enter(0)
    assert not turnstile.enter(0)


async def test_turns_are_kept_beside_a_thread_that_never_stops_writing(engine):
    """Without a queue the turn looked again ten times a second, and hardly ever at the moment
    between two of the other's transactions."""
    stop = asyncio.Event()

    def write() -> int:
        done = 0
        while not stop.is_set():
            with engine.begin() as connection:
                connection.execute(text("UPDATE unit SET kind = 'x'"))
                done += 1
        return done

    writing = asyncio.create_task(asyncio.to_thread(write))
    with working(engine) as turns:
        for number in range(20):
            await turns.do(f"tg:{number}", OPEN)
    stop.set()
    assert await writing > 0
    assert count(engine, "conversation") == 20
