"""`skm run`, `serve` and `work`: what stops them from starting, and how they stop."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import httpx
import pytest
from sqlalchemy.engine import RootTransaction

from bot.core.setting import SettingsUnfit
from bot.core.turns.turn_worker import Turns
from bot.web.listening import listen
from storage.answers import votes
from storage.answers.votes import Person
from storage.database.release import VERSION
from storage.periods import parse
from tests.support.command_line import clean_desk, refusal, skm
from tests.support.offices import SECRET, VAULT, Chance, count, office, unit_of
from tests.support.paths import ROOT
from tests.support.skm_process import environment
from tests.support.talking_bot import UNIT
from tests.support.telegram_server import Telegram
from tests.support.waiting import PATIENCE

QUARTER = parse("2026-Q4")
NO_TOKEN = "Telegram refuses SKM_TELEGRAM_TOKEN. Copy it again from @BotFather."


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    clean_desk(monkeypatch, tmp_path)
    with_settings(monkeypatch, secret_key=SECRET, telegram_token="7:AAsomething", http_port=port())
    with_settings(monkeypatch, telegram_api_url=f"http://127.0.0.1:{port()}")  # nobody is there


def with_settings(monkeypatch: pytest.MonkeyPatch, **given: object) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"SKM_{name.upper()}", str(value))


def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
        return number


@contextmanager
def stopped_when(
    holds: Callable[[], bool], then: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Send this process SIGTERM as soon as this holds, do something half a second later."""
    over = Event()  # a signal that came after the end would end the tests

    def watch() -> None:
        while not holds():
            if over.wait(0.01):
                return
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.5)
        then()

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def test_a_token_that_telegram_does_not_know(telegram, monkeypatch, sqlite_url, postgres_url):
    with_settings(monkeypatch, telegram_api_url=telegram.url, database_url=sqlite_url)
    assert refusal("run") == NO_TOKEN
    with_settings(monkeypatch, database_url=postgres_url)
    assert refusal("work") == NO_TOKEN
    with_settings(monkeypatch, public_url="https://skm.example", webhook_secret="rahasia-webhook_1")
    assert refusal("serve") == NO_TOKEN


def test_a_database_that_cannot_be_used(monkeypatch, sqlite_url, empty_sqlite_url):
    with_settings(monkeypatch, database_url=sqlite_url)
    for half in ("serve", "work"):
        assert refusal(half).startswith("SQLite is for one process: start `skm run`.")
    with_settings(monkeypatch, database_url=empty_sqlite_url)
    assert refusal("run").endswith("Run: skm db upgrade")
    with_settings(monkeypatch, database_url="mysql://x")
    assert refusal("run").startswith("SKM_DATABASE_URL is no database that skm knows.")


def test_another_secret_than_the_one_that_voices_were_counted_under(monkeypatch, sqlite_url):
    with_settings(monkeypatch, database_url=sqlite_url, secret_key=SECRET[::-1])
    with office(sqlite_url, UNIT) as engine, engine.begin() as connection:
        rini = Person("tg:1", unit_of(connection, "SMST-BTM").id, "pajak")
        assert votes.count(votes.Keys(connection, VAULT), rini, QUARTER, Chance(), QUARTER.first)
    assert refusal("run").startswith("SKM_SECRET_KEY is not the one that this database was begun")


def test_a_port_that_is_taken(monkeypatch, sqlite_url):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with_settings(monkeypatch, database_url=sqlite_url, http_port=taken)
        assert refusal("run") == (
            f"The web cannot listen at 127.0.0.1, port {taken} (Address already in use). "
            "Stop what else uses it, or set SKM_HTTP_PORT or SKM_HTTP_HOST."
        )


@pytest.mark.parametrize("wrong", ["token", "port", "folder", "state"])
def test_what_is_wrong_is_said_before_anything_slow_is_imported(telegram, sqlite_url, wrong):
    """A database and a platform take seconds to import; somebody waits for the sentence."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        given = {"telegram_api_url": telegram.url, "http_port": str(port())}
        given |= {
            "token": {"telegram_token": "7:other"},
            "port": {"http_port": taken},
            "folder": {},
            "state": {"state_dir": "/nowhere"},
        }[wrong]
        url = "sqlite:////nowhere/skm.db" if wrong == "folder" else sqlite_url
        env = environment(url, **{"telegram_token": telegram.token, **given})
        code = "import sys\nfrom bot.cli import app\n"
        code += "try: app(['run'])\nexcept SystemExit as end: code = end.code\n"
        code += "print(code, {'sqlalchemy', 'aiogram', 'uvicorn', 'starlette'} & {*sys.modules})"
        done = subprocess.run(
            [sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True
        )
    assert done.stdout == "1 set()\n", done.stderr
    assert done.stderr.splitlines() == [
        {
            "token": NO_TOKEN,
            "port": f"The web cannot listen at 127.0.0.1, port {taken} (Address already in use). "
            "Stop what else uses it, or set SKM_HTTP_PORT or SKM_HTTP_HOST.",
            "folder": "/nowhere cannot be written (No such file or directory). Check that it is "
            "there and who owns it, or set SKM_DATABASE_URL.",
            "state": "/nowhere cannot be written (No such file or directory). Check that it is "
            "there and who owns it, or set SKM_STATE_DIR.",
        }[wrong]
    ]


def test_while_a_database_is_away_at_the_start_it_is_alive_and_not_ready(monkeypatch, caplog):
    watch = port()
    with_settings(
        monkeypatch, watch_port=watch, database_url="postgresql://budi:sandi@127.0.0.1:1/skm"
    )
    said = {}

    def answers() -> bool:
        for path in ("health", "ready"):
            try:
                said[path] = httpx.get(f"http://127.0.0.1:{watch}/{path}", timeout=PATIENCE)
            except httpx.TransportError:
                return False
        return "cannot be used" in caplog.text

    with stopped_when(answers):
        assert skm("run").exit_code == 0
    assert (said["health"].status_code, said["ready"].status_code) == (200, 503)
    assert said["ready"].json()["checks"]["database"] == "the database cannot be written"
    assert "sandi" not in caplog.text


def test_a_misspelt_setting_is_said_at_the_start(monkeypatch, sqlite_url, caplog):
    """Otherwise SKM_DATABSE_URL=postgresql://… runs on a new SQLite file, and nobody knows."""
    with_settings(monkeypatch, database_url=sqlite_url, databse_url="postgresql://x")
    with stopped_when(lambda: "cannot be reached" in caplog.text):
        assert skm("run").exit_code == 0
    assert "SKM_DATABSE_URL is no setting; perhaps SKM_DATABASE_URL is meant." in caplog.text


def test_an_address_that_is_not_ours():
    for host in ("203.0.113.7", "2001:db8::7"):
        with pytest.raises(SettingsUnfit, match="SKM_HTTP_HOST"):
            listen(host, 8080)


@pytest.mark.parametrize(
    ("way", "library", "fault"),
    [("polling", "aiogram", "ClientConnectorError"), ("webhook", "ptb", "ConnectError")],
)
def test_without_telegram_it_says_so_goes_on_trying_and_stops_when_told(
    monkeypatch, sqlite_url, caplog, way, library, fault
):
    caplog.set_level(logging.INFO)
    with_settings(monkeypatch, database_url=sqlite_url, telegram_library=library)
    if way == "webhook":
        with_settings(
            monkeypatch, public_url="https://skm.example", webhook_secret="rahasia-webhook_1"
        )
    with stopped_when(lambda: "cannot be reached" in caplog.text):
        assert skm("run").exit_code == 0
    assert f"Telegram cannot be used: it cannot be reached ({fault})" in caplog.text
    assert "skm is running" not in caplog.text
    (start,) = [record for record in caplog.records if record.name == "bot.run"]
    assert start.getMessage() == f"skm {VERSION} starts"
    assert (start.events, start.database) == (way, sqlite_url)


def test_a_stop_waits_for_a_commit_that_is_under_way(telegram: Telegram, monkeypatch, sqlite_url):
    with_settings(
        monkeypatch, database_url=sqlite_url, telegram_token=telegram.token,
        telegram_api_url=telegram.url,
    )  # fmt: skip
    held, begin = [], Turns._begin
    rini = telegram.citizen()
    asyncio.run(rini.send("/start SMST-BTM", wait=False))
    with office(sqlite_url, UNIT) as engine, engine.connect() as other:

        def held_up(turns: Turns) -> RootTransaction:
            held.append(other.begin())  # on SQLite the turn waits for it
            return begin(turns)

        monkeypatch.setattr(Turns, "_begin", held_up)
        with stopped_when(lambda: held != [], then=lambda: held[0].rollback()):
            assert skm("run").exit_code == 0
        assert count(engine, "conversation") == 1
    assert rini.shown == 1
    assert telegram.front.offset == 2


@pytest.mark.parametrize(("ends", "kept_for_later"), [(True, 0), (False, 1)])
def test_a_stop_finishes_what_it_can_in_time_and_keeps_the_rest(
    telegram: Telegram, monkeypatch, sqlite_url, ends, kept_for_later
):
    with_settings(
        monkeypatch, database_url=sqlite_url, telegram_token=telegram.token,
        telegram_api_url=telegram.url,
    )  # fmt: skip
    monkeypatch.setattr("bot.run.STOPPING", PATIENCE if ends else 0.1)
    rini = telegram.citizen()
    with office(sqlite_url, UNIT) as engine:
        release = telegram.hold("sendMessage")
        asyncio.run(rini.send("/start SMST-BTM", wait=False))
        then = release if ends else lambda: None
        with stopped_when(lambda: count(engine, "conversation") == 1, then):
            assert skm("run").exit_code == 0
        assert count(engine, "outbox", "sent_at IS NULL AND kind = 'screen'") == kept_for_later
        assert rini.shown == 1 - kept_for_later
        telegram.no_more_faults()
        if kept_for_later:
            with stopped_when(lambda: rini.shown > 0):
                skm("run")
    assert "Setuju berarti" in rini.text
    assert len(rini.messages) == 1
