"""The program as a user meets it: help, faults, the database, folding, proof, digest."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from sqlalchemy import Engine, text
from typer.main import get_command

from bot.cli import app
from bot.settings import Settings
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


@pytest.mark.parametrize("command", ["units", "index"])
def test_a_command_brings_in_what_it_uses(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Not the tool of migrations, nor the other database, nor what counts answers where there are
    none to count, nor what finds units by their names: half of its start."""
    monkeypatch.setenv("SKM_DATABASE_URL", sqlite_url)
    late = {"alembic", "psycopg", "sqlalchemy.dialects.postgresql", "numpy", "rapidfuzz", "aiogram"}
    code = "import atexit, sys; from bot.cli import app; "
    code += f"atexit.register(lambda: print({late} & {{*sys.modules}})); app([{command!r}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "set()", done.stderr


def test_a_command_that_ends_is_not_searched_for_garbage() -> None:
    """A fifth of its time went into that."""
    code = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 1000)); "
    code += "import bot.cli"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "True\n", done.stderr


@pytest.mark.parametrize(
    "words", ["link SAMSAT-BC", "roles", "invites", "poster SAMSAT-BC --out p.pdf"]
)
def test_who_only_reads_waits_for_no_writer(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str, words: str
) -> None:
    """Nor does a writer wait for it: on SQLite each of these began as a writer does."""
    url = sqlite_url.partition("?")[0]
    with_units(monkeypatch, f"{url}?timeout=0")
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        done = skm(*words.split())
    assert (done.exit_code, done.stderr) == (0, ""), done.stderr


def test_a_real_process_says_a_fault_without_a_traceback(tmp_path: Path) -> None:
    done = subprocess.run([SKM, "link", "U-1"], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"There is no database sqlite:///skm.db ({tmp_path}/skm.db). Was it moved? Set "
        "SKM_DATABASE_URL. Is it a new one? Run: skm db upgrade\n"
    )
    assert [*tmp_path.iterdir()] == []  # looking makes no file


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
        ("sqlite://skm.db", "SKM_DATABASE_URL names no file. Write three strokes"),
        ("sqlite://", "SKM_DATABASE_URL names no file."),
        ("sqlite:///:memory:", "SKM_DATABASE_URL names no file."),
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
    assert done.stdout.split() == ["out/here/digest.txt", "out/here/digest.jpg"]
    text = Path("out/here/digest.txt").read_text()
    assert text.startswith("Samsat Batam Centre · 16–22 Nov 2026\nIKM 77,78 · B (Baik) · 6 ")
    assert Path("out/here/digest.jpg").read_bytes().startswith(b"\xff\xd8\xff")


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


def test_exit_codes_are_what_the_help_says(engine: Engine) -> None:
    said = " ".join(skm("-h").stdout.split())
    assert "Exit codes: 0: done; 1: refused, or something is wrong" in said
    assert skm("aggregate").exit_code == 0
    assert skm("link", "NO-SUCH").exit_code == 1
    assert skm("doctor").exit_code == 1
    for wrong in (("nothing",), ("link",), ("index", "--weights", "2"), ("index", "--from")):
        assert skm(*wrong).exit_code == 2


def test_every_number_of_the_json_is_of_one_type(engine: Engine) -> None:
    keep(engine, "SAMSAT-BC", "2026-11-16", 4, number=20)
    keep(engine, "SAMSAT-BC", "2026-11-17", 3, number=20)
    keep(engine, "SAMSAT-SK", "2026-11-17", 3, number=40)
    Path("f03.csv").write_text(
        f"date,{','.join(f'U{n}' for n in range(1, 15))}\n2026-11-16" + ",4" * 14
    )
    assert (
        skm(
            "import",
            "responses",
            "f03.csv",
            "--unit",
            "SAMSAT-BC",
            "--instrument",
            "f-03",
            "--service",
            "pajak-tahunan",
        ).exit_code
        == 0
    )
    found: dict[str, set[type]] = {}
    period = ("--period", "2026-Q4")
    for command in (
        ("index", *period), ("index", "--unit", "SAMSAT-BC"), ("rank", *period), ("units",),
        ("radar", "SAMSAT-BC", *period), ("ipp", "--year", "2026"),
        ("evidence", "SAMSAT-BC", "--year", "2026"),
    ):  # fmt: skip
        numbers(json.loads(skm(*command, "--json").stdout), "", found)
    assert {key: kinds for key, kinds in found.items() if len(kinds) > 1} == {}
    texts = {key for key, kinds in found.items() if str in kinds}
    assert texts == {"skm", "ikm", "ipp", "index", "comparable"} & found.keys()
    assert texts >= {"skm", "ikm", "index"}


def numbers(value: object, key: str, found: dict[str, set[type]]) -> None:
    """Key → the types of its numbers; a whole number is also a number with a point."""
    if isinstance(value, dict):
        for name, each in value.items():
            numbers(each, name, found)
    elif isinstance(value, list):
        for each in value:
            numbers(each, key, found)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found.setdefault(key, set()).add(float)
    elif isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        found.setdefault(key, set()).add(str)


def test_help_by_one_letter_is_there_for_every_command() -> None:
    assert skm("import", "responses", "-h").stdout == skm("import", "responses", "--help").stdout


def commands(group: Any, name: str = "skm") -> Iterator[tuple[str, Any]]:
    for each in group.commands.values():
        if hasattr(each, "commands"):
            yield from commands(each, f"{name} {each.name}")
        else:
            yield f"{name} {each.name}", each


def test_the_manual_page_is_made_of_the_help_and_of_the_settings() -> None:
    page = skm("man").stdout
    lines = page.replace("\\-", "-").replace("\\&", "").splitlines()
    for name, command in commands(get_command(app)):
        assert [line for line in lines if line.startswith(f".SS {name} ")], name
        first = " ".join((command.help or "").split("\n\n")[0].split())
        assert first in lines, name
    for setting in Settings.model_fields:
        assert f".B SKM_{setting.upper()}" in lines
    assert ".B 1" in lines
    # Nothing in it is taken by roff for a request of its own.
    known = {".TH", ".SH", ".SS", ".TP", ".PP", ".B"}
    assert {line.split()[0] for line in page.splitlines() if line[0] in ".'"} == known


def test_what_has_to_be_filled_in_is_in_capitals_and_the_same_in_each_command() -> None:
    context, places = typer.Context(get_command(app)), dict[str, set[str]]()
    for name, command in commands(get_command(app)):
        pieces = " ".join(command.collect_usage_pieces(context))
        assert pieces == pieces.upper(), name
        for param in command.params:
            option, _, place = param.get_help_record(context)[0].partition(" ")
            place = place.partition(".")[0]  # FILE.png
            assert place == place.upper() or place.startswith("<"), (name, option)
            if option.startswith("--") and place:
                places.setdefault(option, set()).add(place)
    places["--out"].discard("DIR")  # of the digest: a text and a picture
    places["--sheet"].discard("NAME")  # of a workbook; of links to print it is a file
    assert {option: each for option, each in places.items() if len(each) > 1} == {}


def test_a_shell_completes_commands() -> None:
    asked = {"_SKM_COMPLETE": "complete_bash", "COMP_WORDS": "skm db u", "COMP_CWORD": "2"}
    done = subprocess.run([SKM], env={**os.environ, **asked}, capture_output=True, text=True)
    assert done.stdout.split() == ["upgrade"]


def test_one_language_a_run(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    keep(engine, "SAMSAT-BC", "2026-11-16", 3, number=6)
    monkeypatch.setenv("SKM_LANG", "id")
    assert refusal("link", "TIDAK-ADA").startswith("Tidak ada unit “TIDAK-ADA”.")
    said = skm("index", "--period", "2026-Q4").stdout
    assert "Unsur" in said
    assert "Hanya untuk operator" in said
    assert "Hanya untuk operator" in skm("rank", "--period", "2026-Q4").stdout
    assert "Sampel" not in said or "yang perlu" in said
    assert "Element" not in said
    monkeypatch.setenv("SKM_LANG", "en")
    assert refusal("link", "TIDAK-ADA").startswith("There is no unit “TIDAK-ADA”.")
    said = skm("index", "--period", "2026-Q4").stdout
    assert "95 % interval" in said
    assert [word for word in ("Unsur", "Jawaban", "responden ", "Prosedur") if word in said] == []
