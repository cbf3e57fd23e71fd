"""`skm tell`: shown and counted before it is sent."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from storage.chat import subscriptions
from storage.database.connect import open_engine
from tests.support.command_line import clean_desk, refusal, skm, with_units
from tests.support.offices import count, unit_of

NOW = 1_795_000_000


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> str:
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setattr("time.time", lambda: NOW)
    return with_units(monkeypatch, sqlite_url)


def put(url: str, *addresses: str) -> int:
    """Subscribe these chats; how many messages there are to send."""
    engine = open_engine(url)
    with engine.begin() as connection:
        unit = unit_of(connection, "SAMSAT-BC")
        for address in addresses:
            subscriptions.subscribe(connection, address, unit, NOW)
    waiting = count(engine, "outbox", "kind = 'news'")
    engine.dispose()
    return waiting


def test_it_is_shown_and_counted_before_it_is_sent(url: str) -> None:
    put(url, "tg:1", "tg:2")
    for said, waiting in (("n\n", 0), ("y\n", 2)):
        done = CliRunner().invoke(app, ["tell", "samsat-bc", "Loket kini dua."], input=said)
        assert done.exit_code == 0
        assert "Anda sampaikan, kami perbaiki · Samsat Batam Centre" in done.stdout
        assert "Send this to 2 chats?" in done.stderr
        assert put(url) == waiting
    assert "2 messages are on their way" in done.stdout


def test_without_a_question(url: str) -> None:
    put(url, "tg:1")
    assert "1 message is on their way" in skm("tell", "SAMSAT-BC", "Baru.", "--yes").stdout


def test_what_cannot_be_told(url: str) -> None:
    assert "Nobody has asked for news of SAMSAT-BC" in refusal("tell", "SAMSAT-BC", "Baru.")
    assert "write 1 to 1000" in refusal("tell", "SAMSAT-BC", " \n ")
    assert "The text has 1001 characters" in refusal("tell", "SAMSAT-BC", "x" * 1001)
