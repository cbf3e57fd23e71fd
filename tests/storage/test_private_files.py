"""What the program writes is for its owner alone, whatever the umask and whatever lay there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database.connect import migrate, open_engine, require_current, shown
from storage.database.database_url import DatabaseUnfit, secrets
from storage.database.private_files import make_private_folder, private_file, write_private
from tests.support.command_line import clean_desk, refusal, skm, with_units
from tests.support.skm_process import SECRET


@pytest.fixture(autouse=True)
def _everybody_may_read_what_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET)
    former = os.umask(0)
    yield
    os.umask(former)


def mode(file: Path | str) -> str:
    return f"{Path(file).stat().st_mode & 0o777:o}"


def test_a_database_with_its_log_and_memory(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'skm.db'}"
    migrate(url)
    engine = open_engine(url)
    with engine.begin():
        assert {each.name: mode(each) for each in tmp_path.iterdir()} == {
            "skm.db": "600", "skm.db-wal": "600", "skm.db-shm": "600",
        }  # fmt: skip
    engine.dispose()


WRITTEN = [
    ("link", "RSUD-1", "--qr", "out/a.png"),
    ("link", "RSUD-1", "--once", "1", "--sheet", "out/a.pdf"),
    ("poster", "RSUD-1", "--out", "out/a.pdf"),
    ("digest", "RSUD-1", "--out", "out"),
    ("report", "RSUD-1", "--period", "2026-Q4", "--format", "xlsx", "--out", "out/a.xlsx"),
    ("evidence", "RSUD-1", "--year", "2026", "--out", "out/a.xlsx"),
]


@pytest.mark.parametrize("command", WRITTEN, ids=lambda command: command[0])
def test_what_a_command_writes(command, monkeypatch: pytest.MonkeyPatch, sqlite_url: str):
    with_units(monkeypatch, sqlite_url)
    make_private_folder(Path("out"))
    if command[-1] != "out":
        Path(command[-1]).write_text("before")  # with a mode of its own
    assert skm(*command).exit_code == 0
    assert {mode(each) for each in Path("out").iterdir()} == {"600"}
    assert mode("out") == "700"


def test_a_file_is_whole_or_as_it_was(tmp_path: Path):
    file, victim = tmp_path / "rows.csv", tmp_path / "victim"
    victim.write_text("before")
    file.symlink_to(victim)
    with pytest.raises(ZeroDivisionError), private_file(file) as opened:
        opened.write(b"half")
        _ = 1 // 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["rows.csv", "victim"]
    write_private(file, b"rows")
    assert (file.read_text(), file.is_symlink(), victim.read_text()) == ("rows", False, "before")


def test_a_device_is_written_as_it_is():
    write_private(Path("/dev/null"), b"rows")
    assert Path("/dev/null").is_char_device()


def test_looking_makes_no_database(tmp_path: Path):
    for command in ("doctor", "verify", "run"):
        assert skm(command).exit_code == 1
    assert list(tmp_path.iterdir()) == []
    engine = open_engine("sqlite:///skm.db")
    with pytest.raises(DatabaseUnfit, match=r"There is no database.*Run: skm db upgrade"):
        require_current(engine)
    engine.dispose()


def test_a_file_that_is_taken_away_is_not_made_anew(sqlite_url: str, tmp_path: Path):
    engine = open_engine(sqlite_url)
    require_current(engine)
    engine.dispose()
    (tmp_path / "skm.db").unlink()
    with pytest.raises(Exception, match="removed or replaced"), engine.connect():
        pass
    assert not (tmp_path / "skm.db").exists()


def test_doctor_names_what_others_can_read(monkeypatch: pytest.MonkeyPatch, sqlite_url: str):
    with_units(monkeypatch, sqlite_url)
    Path(".env").write_text("")
    Path(".env").chmod(0o644)
    Path("skm.db").chmod(0o660)
    said = skm("doctor").stdout
    assert "FAULT  .env can be read by others (its mode is 644). Run: chmod 600 .env" in said
    assert "skm.db can be read by others (its mode is 660)." in said
    for file in (".env", "skm.db"):
        Path(file).chmod(0o600)
    assert "can be read by others" not in skm("doctor").stdout


PASSWORDS = [
    "postgresql://budi:rahasia1@127.0.0.1:1/skm",
    "postgres://budi:rahasia1@127.0.0.1:1/skm",
    "postgresql://127.0.0.1:1/skm?user=budi&password=rahasia1",
    "postgresql://127.0.0.1:1/skm?sslpassword=rahasia1",
    "postgresql://budi:p@rahasia1@127.0.0.1:1/skm",
    "postgresql://budi:rahasia1@127.0.0.1:port/skm",
    "postgresql://budi:x@127.0.0.1:1/skm?pasword=rahasia1",
    "mysql://budi:rahasia1@x/y",
    "rahasia1",
    "sqlite:////nowhere/skm.db?password=rahasia1&uri=true",
]


@pytest.mark.parametrize("url", PASSWORDS)
def test_no_password_of_a_database_is_said(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SKM_DATABASE_URL", url)
    for command in (("doctor",), ("verify",), ("db", "upgrade"), ("link", "X")):
        done = skm(*command)
        assert done.exit_code == 1
        assert "rahasia1" not in done.output
        assert "database" in done.output.lower()


@pytest.mark.parametrize("query", ["timeot=5", "password=rahasia1", "x.db"])
def test_an_option_that_sqlite_does_not_know_is_refused(query: str, tmp_path: Path):
    """A path with a “?” in it would name another file."""
    with pytest.raises(DatabaseUnfit, match="an option that SQLite does not know") as refused:
        open_engine(f"sqlite:///{tmp_path}/skm?{query}")
    assert query not in str(refused.value)
    open_engine(f"sqlite:///{tmp_path}/skm.db?timeout=5")  # which it knows


def test_postgres_is_also_named_as_others_name_it(postgres_url: str):
    engine = open_engine(postgres_url.replace("postgresql:", "postgres:", 1))
    require_current(engine)
    assert shown(engine).startswith("postgresql://")
    engine.dispose()


def test_the_passwords_of_a_url():
    assert secrets("postgres://budi:s%40ndi@h/x?password=lain") == ["s@ndi", "lain"]
    assert secrets("sqlite:///skm.db") == []
    assert secrets("postgresql://a@b@c/d") == []


def test_what_is_printed_needs_the_bots_name(monkeypatch: pytest.MonkeyPatch, sqlite_url: str):
    with_units(monkeypatch, sqlite_url)
    monkeypatch.delenv("SKM_TELEGRAM_BOT")
    for command in (WRITTEN[0], WRITTEN[1], WRITTEN[2]):
        make_private_folder(Path("out"))
        assert refusal(*command).startswith("SKM_TELEGRAM_BOT is not set")
        assert list(Path("out").iterdir()) == []
    done = skm("link", "RSUD-1")
    assert done.stdout == "https://t.me/BOT?start=RSUD-1\n"
    assert done.stderr.startswith("SKM_TELEGRAM_BOT is not set")


def test_sqlite_opens_what_has_odd_letters_in_its_name(tmp_path: Path):
    folder = tmp_path / "50% #1 ?"
    folder.mkdir()
    url = f"sqlite:///{folder}/basis data.db".replace("?", "%3F")
    migrate(url)
    assert list(folder.parent.rglob("*.db"))


def test_a_pipe_that_another_user_put_there_gets_nothing(tmp_path: Path, monkeypatch):
    pipe = tmp_path / "answers.csv"
    os.mkfifo(pipe)
    if os.geteuid():
        monkeypatch.setattr("os.geteuid", lambda: 4242)
    else:
        os.chown(pipe, 4242, -1)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(PermissionError, match="another user's"):
        write_private(pipe, b"rahasia")
    assert os.read(reader, 9) == b""
    os.close(reader)
