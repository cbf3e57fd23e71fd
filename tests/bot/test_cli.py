"""The program as a user meets it: help, faults, the database, folding, proof, digest."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import Engine, text

from storage.database.connect import open_engine
from storage.database.release import head
from storage.office import roles
from tests.support.command_line import clean_desk, keep, refusal, skm, with_units
from tests.support.end_to_end import free_port
from tests.support.offices import SECRET

SKM = Path(sys.executable).with_name("skm")
CONTRACT = (
    *("demo", "run", "serve", "work", "db", "import", "link", "invite"),
    *("aggregate", "index", "digest", "verify", "doctor"),
)


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> str:
    return with_units(monkeypatch, sqlite_url)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


def test_help_names_every_command_of_the_contract() -> None:
    said = skm("--help").stdout
    assert [name for name in CONTRACT if f"\n  {name} " not in said] == []
    assert "upgrade" in skm("db", "--help").stdout
    assert "units" in skm("import", "--help").stdout


def test_a_start_brings_in_nothing_but_typer() -> None:
    code = "import sys, bot.cli; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert loaded & {"rich", "pydantic", "httpx", "sqlalchemy", "msgspec", "storage"} == set()


def test_a_real_process_says_a_fault_without_a_traceback(tmp_path: Path) -> None:
    done = subprocess.run([SKM, "link", "U-1"], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"The database sqlite:///skm.db has no tables yet; this release needs {head()}. "
        "Run: skm db upgrade\n"
    )


def test_roles_are_those_that_are_kept() -> None:
    said = skm("invite", "--help").stdout
    assert [role for role in get_args(roles.RoleName) if role not in said] == []


def test_upgrade_creates_and_is_safe_to_repeat(
    monkeypatch: pytest.MonkeyPatch, empty_database_url: str
) -> None:
    monkeypatch.setenv("SKM_DATABASE_URL", empty_database_url)
    assert "Run: skm db upgrade" in refusal("aggregate")
    for _ in range(2):
        done = skm("db", "upgrade")
        assert done.exit_code == 0
    assert skm("aggregate").stdout == "0 responses folded.\n"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:rahasia@host/skm", "SKM_DATABASE_URL is no database that skm knows"),
        ("sqlite:////nowhere/skm.db", "cannot be reached: unable to open database file"),
        ("sqlite:///notes.txt", "is no database of skm"),
        ("postgresql://u:rahasia@127.0.0.1:1/skm", "Check SKM_DATABASE_URL and that the server"),
    ],
)
@pytest.mark.parametrize("args", [("db", "upgrade"), ("index",)])
def test_a_database_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, url: str, said: str, args: tuple[str, ...]
) -> None:
    Path("notes.txt").write_text("no database at all, only some words " * 30)
    monkeypatch.setenv("SKM_DATABASE_URL", url)
    fault = refusal(*args)
    assert said in fault
    assert "rahasia" not in fault


@pytest.mark.parametrize("command", ["run", "serve", "work"])
def test_a_bot_without_secrets_does_not_start(command: str) -> None:
    faults = refusal(command).splitlines()
    assert [fault.split()[0] for fault in faults] == ["SKM_SECRET_KEY", "SKM_TELEGRAM_TOKEN"]


@pytest.mark.parametrize("command", ["run", "serve", "work"])
def test_a_bot_on_a_database_of_no_release_does_not_start(
    monkeypatch: pytest.MonkeyPatch, command: str, empty_postgres_url: str
) -> None:
    monkeypatch.setenv("SKM_DATABASE_URL", empty_postgres_url)
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET)
    monkeypatch.setenv("SKM_TELEGRAM_TOKEN", "7:AA")
    monkeypatch.setenv("SKM_TELEGRAM_API_URL", "http://127.0.0.1:9")  # nobody answers there
    monkeypatch.setenv("SKM_HTTP_PORT", str(free_port()))
    monkeypatch.setenv("SKM_WATCH_PORT", "0")
    assert "Run: skm db upgrade" in refusal(command)


def test_folding_and_the_proof(engine: Engine) -> None:
    keep(engine, "SAMSAT-BC", "2026-11-16", 4, number=3)
    assert skm("aggregate").stdout == "3 responses folded.\n"
    assert skm("aggregate").stdout == "0 responses folded.\n"
    assert skm("verify").exit_code == 0
    with engine.begin() as connection:
        connection.execute(text("UPDATE response SET local_date = '2026-11-17' WHERE rowid = 1"))
    done = skm("verify")
    assert done.exit_code == 1
    assert "SAMSAT-BC" in done.stdout


def test_the_digest_of_a_week(engine: Engine) -> None:
    keep(engine, "SAMSAT-BC", "2026-11-18", *(4, 3, 3, 3, 3, 3, 3, 3, 3), number=6)
    done = skm("digest", "SAMSAT-BC", "--week", "2026-W47", "--out", "out/here")
    assert done.stdout.split() == ["out/here/digest.txt", "out/here/digest.png"]
    text = Path("out/here/digest.txt").read_text()
    assert text.startswith("Samsat Batam Centre · 16–22 Nov 2026\nIKM 77,78 · B (Baik) · 6 ")
    assert Path("out/here/digest.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("url")
def test_the_digest_of_a_week_without_answers_by_default_the_last_full_one() -> None:
    assert skm("digest", "RSUD-1", "--out", ".").exit_code == 0
    assert "Belum ada jawaban minggu ini." in Path("digest.txt").read_text()
    Path("file").write_text("")
    assert "cannot be written" in refusal("digest", "RSUD-1", "--out", "file")
    assert refusal("digest", "RSUD-1", "--week", "2026-11", "--out", ".") == (
        "“2026-11” is no week; write it as 2026-W47."
    )


def test_the_versions(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("SKM_DATABASE_URL", "sqlite:///none.db")
    assert "\ndatabase: sqlite:///none.db, not made yet; this" in skm("--version").stdout
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    program, database, libraries = skm("--version").stdout.splitlines()
    assert program == f"skm {version('skm')}"
    assert database.endswith(f", migration {head()}; this release needs migration {head()}")
    assert f"aiogram {version('aiogram')}, " in libraries
    monkeypatch.setenv("SKM_DATABASE_URL", "mysql://x")
    assert "database: SKM_DATABASE_URL is no database" in skm("--version").stdout
