"""`skm` called inside the test: what it printed, and how it refused."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine
from typer.main import get_command

from bot.cli import app
from bot.settings import variables
from flows import operator_words
from flows.loader import instrument
from flows.operator_words import speaking
from storage import units
from storage.answers import responses
from storage.answers.responses import Draft
from tests.support.instruments import CURRENT

KEYS = instrument(CURRENT).keys
UNITS = """code,name,agency,region,timezone,services,population
SAMSAT-BC,Samsat Batam Centre,Bapenda Kepri,Batam,WIB,Pajak tahunan;Balik nama,5000
SAMSAT-SK,Samsat Sekupang,Bapenda Kepri,Batam,WIB,,
RSUD-1,RSUD Harapan,Dinkes Sorong,Sorong,WIT,,
"""


def clean_desk(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """No setting of the outside but a bot's name, and the test's own folder."""
    monkeypatch.chdir(folder)
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SKM_TELEGRAM_BOT", "skm_uji_bot")
    monkeypatch.setenv("SKM_WATCH_PORT", "0")  # nobody asks, unless a test does
    monkeypatch.setattr(operator_words, "_spoken", ["en"])  # a command speaks for its process


def with_units(monkeypatch: pytest.MonkeyPatch, url: str) -> str:
    """The commands' database from now on: this migrated one, with three units."""
    monkeypatch.setenv("SKM_DATABASE_URL", url)
    Path("units.csv").write_text(UNITS)
    assert skm("import", "units", "units.csv").stdout == "3 units added, 0 updated.\n"
    return url


COMMAND = get_command(app)  # once: to make it of its declarations takes longer than most commands


def skm(*args: str) -> Result:
    result = CliRunner().invoke(COMMAND, args)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def in_indonesian(*args: str) -> Result:
    """What `skm` says with SKM_LANG=id."""
    with speaking("en"):  # again, afterwards
        result = CliRunner(env={"SKM_LANG": "id"}).invoke(COMMAND, args)
    assert result.exit_code == 0, result.output
    return result


def refusal(*args: str) -> str:
    """What is said on stderr where a command is refused, with nothing on stdout."""
    result = skm(*args)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr.strip()


def data(*args: str) -> dict[str, object]:
    result = skm(*args, "--json")
    assert result.exit_code == 0, result.output
    read: dict[str, object] = json.loads(result.stdout)
    return read


def keep(engine: Engine, code: str, day: str, *values: int | None, number: int = 1) -> None:
    """Responses of that day, 10:00 in UTC; one value stands for all nine."""
    given = dict(zip(KEYS, values * 9 if len(values) == 1 else values, strict=True))
    at = int(datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=UTC).timestamp())
    with engine.begin() as connection:
        unit = units.by_code(connection, code)
        assert unit is not None
        draft = Draft("umum", CURRENT, unit.questionnaire, "tg", at, given)
        for _ in range(number):
            responses.keep(connection, unit, draft, os.urandom)
