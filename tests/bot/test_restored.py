"""A backup, a loss, the backup in its place: nothing comes back that was destroyed, nothing is sent
twice unknowingly, and what is missing is said."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.commands.output import write_file
from bot.commands.refusal import Refused
from bot.core.watch.each_minute import _mark, require_newest
from bot.core.watch.outage import Outage
from reports.jobs.due_digests import digests
from reports.jobs.restored import settle
from reports.stored import amending
from storage.answers import votes
from storage.answers.votes import Person
from storage.chat import outbox
from storage.database import backup, rollback_check
from storage.database.connect import DatabaseUnfit, open_engine
from storage.database.upsert import table_of
from storage.office import console_keys, holders, roles
from storage.periods import parse
from storage.scope import Scope
from storage.tables import Response
from tests.support import postgres
from tests.support.citizen import Citizen
from tests.support.command_line import clean_desk, refusal, skm
from tests.support.end_to_end import command, free_port
from tests.support.offices import (
    NOON,
    SECRET,
    VAULT,
    Chance,
    count,
    draft,
    office,
    respond,
    run,
    unit_of,
    unit_row,
)
from tests.support.skm_process import environment, forked, forked_once
from tests.support.telegram_server import Telegram

UNIT = unit_row("SMST-BTM")
HERE = Scope("unit", "SMST-BTM")
DAY, HOUR = 86_400, 3_600
MONDAY = NOON + 4 * DAY  # 2026-11-23, noon in Jakarta


@pytest.fixture
def desk(monkeypatch, tmp_path, postgres_server: postgres.Server) -> Path:
    """A command line that has Postgres' tools."""
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET)
    monkeypatch.setenv("SKM_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("PATH", f"{postgres_server.tools}:{os.environ['PATH']}")
    return tmp_path


def minute(engine: Engine) -> None:
    file = rollback_check.file_of(engine, os.environ["SKM_STATE_DIR"])
    _mark(engine, Outage(), file, Outage())


def lose(url: str, server: postgres.Server) -> None:
    """The database is gone; what is kept outside it is not."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///").partition("?")[0])
        for end in ("", "-wal", "-shm"):
            Path(f"{file}{end}").unlink(missing_ok=True)
        return
    server.drop(url)
    server.run("CREATE DATABASE {}", postgres.name_of(url))


def role_of(engine: Engine, address: str, random: Chance, at: int = NOON) -> None:
    with engine.begin() as connection:
        token = roles.invite(connection, "head", HERE, at, random)
        roles.join(connection, token, address, at)


def test_what_was_destroyed_since_the_backup_stays_destroyed(
    database_url, desk, monkeypatch, postgres_server
):
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    chance, kept = Chance(1), draft()
    with office(database_url, UNIT) as engine:
        role_of(engine, "tg:1", chance)
        role_of(engine, "tg:2", chance, NOON + 1)
        with engine.begin() as connection:
            respond(connection, "SMST-BTM", chance, kept)
            respond(connection, "SMST-BTM", chance, draft(values=1))
            unit = unit_of(connection, "SMST-BTM")
            person, period = Person("tg:9", unit.id, "pajak"), parse("2099-Q4")
            votes.count(votes.Keys(connection, VAULT), person, period, chance, date(2099, 10, 1))
        minute(engine)
        made = skm("backup", "yesterday.skm")
        assert made.exit_code == 0, made.output
        assert "whole and checked, not encrypted" in made.stdout
        assert Path("yesterday.skm").stat().st_mode & 0o777 == 0o600

        with engine.begin() as connection:  # and today
            respond(connection, "SMST-BTM", chance, draft(values=4))
            row = connection.execute(select(table_of(Response))).first()
            amending.erase(connection, row)
            votes.destroy_keys(connection, period.last + votes.KEPT + timedelta(days=1))
            holders.end(connection, "tg:1", "head", HERE)
            roles.invite(connection, "head", HERE, 2**31, chance)
        minute(engine)
        minute(engine)
    lose(database_url, postgres_server)

    done = skm("restore", "yesterday.skm")
    assert done.exit_code == 0, done.output
    assert "2 minutes of work are missing" in done.stdout
    assert "1 period key, 1 erased answer, 1 ended roles" in done.stdout
    engine = open_engine(database_url)
    require_newest(engine, rollback_check.file_of(engine, str(desk)))
    assert count(engine, "response") == 1
    assert count(engine, "period_key") == count(engine, "voice") == 0
    assert count(engine, "role", "address = 'tg:2'") == count(engine, "role") == 1
    minute(engine)
    engine.dispose()
    verified = skm("verify")
    assert verified.exit_code == 0, verified.output
    assert "2 minutes of work are missing" in verified.stdout


def test_a_lost_database_is_not_begun_anew_by_mistake(
    database_url, desk, monkeypatch, postgres_server
):
    """`skm run` said “skm db upgrade”, which made an empty one."""
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    monkeypatch.setenv("SKM_TELEGRAM_TOKEN", "7:AAnotarealtokenbutlikeone")
    monkeypatch.setenv("SKM_TELEGRAM_API_URL", "http://127.0.0.1:9")  # nobody answers there
    monkeypatch.setenv("SKM_HTTP_PORT", str(free_port()))
    monkeypatch.setenv("SKM_WATCH_PORT", "0")
    with office(database_url, UNIT) as engine:
        minute(engine)
    lose(database_url, postgres_server)
    for words in (("db", "upgrade"), ("run",)):
        said = refusal(*words)
        assert "has seen 1 minute of work on it" in said
        assert "skm restore FILE" in said
    next(desk.glob("*-minutes")).unlink()
    assert skm("db", "upgrade").exit_code == 0


def test_nothing_is_written_over(database_url, desk, monkeypatch):
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    with office(database_url, UNIT) as engine:
        skm("backup", "b.skm")
        assert "nothing is written over" in refusal("restore", "b.skm")
        assert count(engine, "unit") == 1
    assert not [each for each in desk.iterdir() if each.name.startswith(".skm-")]


def test_what_was_due_until_the_loss_counts_as_told(database_url, desk):
    """The copy is of Sunday, the loss of Monday evening: Monday's digest was sent."""
    with office(database_url, UNIT) as engine:
        role_of(engine, "tg:1", Chance(1))
        with engine.begin() as connection:
            outbox.put(connection, "a", "screen", "tg:1", {"text": "menunggu"}, NOON)
            token = roles.invite(connection, "head", HERE, MONDAY - DAY, Chance(2))
            console = console_keys.link(connection, "tg:1", MONDAY, Chance(3))
            run_ = rollback_check.Seen(minutes=900, at=MONDAY + 6 * HOUR)
        with engine.begin() as connection:
            done = settle(connection, run_, MONDAY + 2 * DAY)
        assert (done.minutes, done.given_up, done.told, done.invitations) == (900, 1, 1, 1)
        assert digests(engine, MONDAY + 2 * DAY) == 0
        assert digests(engine, MONDAY + 7 * DAY) == 1  # the next one comes
        with engine.begin() as connection:
            assert outbox.claim(connection, MONDAY + 2 * DAY, 9) == []
            with pytest.raises(roles.InviteRefused):
                roles.join(connection, token, "tg:3", MONDAY + 2 * DAY)
            assert console_keys.enter(connection, console, MONDAY, Chance(4)) is None


def test_what_is_due_after_the_loss_is_sent(database_url):
    with office(database_url, UNIT) as engine:
        role_of(engine, "tg:1", Chance(1))
        with engine.begin() as connection:
            seen = rollback_check.Seen(minutes=900, at=MONDAY - 5 * HOUR)  # before eight
            assert settle(connection, seen, MONDAY).told == 0
        assert digests(engine, MONDAY) == 1


def test_settling_twice_is_settling_once(database_url):
    with office(database_url, UNIT) as engine:
        role_of(engine, "tg:1", Chance(1))
        seen = rollback_check.Seen(3, MONDAY, ("role head 1 unit:SMST-BTM",))
        for told in (1, 0):
            with engine.begin() as connection:
                assert settle(connection, seen, MONDAY).told == told


def test_encrypted_to_a_public_key(database_url, desk, monkeypatch, postgres_server):
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    public = skm("keys", "pair", "backup.key").stdout.split("=")[1].split()[0]
    assert Path("backup.key").stat().st_mode & 0o777 == 0o600
    assert "is there already" in refusal("keys", "pair", "backup.key")
    monkeypatch.setenv("SKM_BACKUP_KEY", public)
    with office(database_url, UNIT):
        assert f"encrypted to {public}" in skm("backup", "b.age").stdout
    content = Path("b.age").read_bytes()
    assert content.startswith(b"age-encryption.org/v1\n")
    assert b"SMST-BTM" not in content
    lose(database_url, postgres_server)
    assert "--key FILE" in refusal("restore", "b.age")
    skm("keys", "pair", "another.key")
    assert "cannot be opened with another.key" in refusal(
        "restore", "b.age", "--key", "another.key"
    )
    Path("short.age").write_bytes(content[:-9])
    assert "cannot be opened" in refusal("restore", "short.age", "--key", "backup.key")
    done = skm("restore", "b.age", "--key", "backup.key")
    assert done.exit_code == 0, done.output
    engine = open_engine(database_url)
    assert count(engine, "unit") == 1
    engine.dispose()
    assert not [each for each in desk.iterdir() if each.name.startswith(".skm-")]


@pytest.mark.parametrize("part", ["cut", "changed", "none"])
def test_a_damaged_backup_is_not_restored(database_url, desk, monkeypatch, postgres_server, part):
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    with office(database_url, UNIT):
        skm("backup", "b.skm")
    content = Path("b.skm").read_bytes()
    half = len(content) // 2
    broken = {"cut": content[:half], "none": b"halo", "changed": content[:half] + bytes(9_000)}
    Path("b.skm").write_bytes(broken[part])
    lose(database_url, postgres_server)
    refusal("restore", "b.skm")
    engine = open_engine(database_url)
    with pytest.raises(DatabaseUnfit):  # nothing is there
        backup.require_empty(engine)
        raise DatabaseUnfit
    engine.dispose()


def test_the_last_ones_are_kept(sqlite_url, desk, monkeypatch):
    monkeypatch.setenv("SKM_DATABASE_URL", sqlite_url)
    Path("old").mkdir()
    for day in ("01", "02", "03"):
        Path(f"old/b-202611{day}T000000Z.skm").write_text(day)
    Path("old/b-mine.skm").write_text("stays")
    assert skm("backup", "old/b.skm", "--keep", "2").exit_code == 0
    names = sorted(each.name for each in Path("old").iterdir())
    assert names[0] == "b-20261103T000000Z.skm"
    assert names[2:] == ["b-mine.skm"]


def test_of_an_older_release_and_of_a_newer(sqlite_url, desk, monkeypatch, postgres_server):
    """Before an upgrade the new program makes the backup of the old database."""
    from storage.database.connect import migrate

    old = f"sqlite:///{desk}/old.db"
    migrate(old, "0006")
    monkeypatch.setenv("SKM_DATABASE_URL", old)
    assert skm("backup", "old.skm").exit_code == 0
    lose(old, postgres_server)
    assert skm("restore", "old.skm").exit_code == 0
    assert "Nothing differs" in skm("verify").stdout
    engine = open_engine(old)
    run(engine, "UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    skm("backup", "newer.skm")
    lose(old, postgres_server)
    assert "newer release (migration 9999)" in refusal("restore", "newer.skm")


def test_of_another_kind_or_onto_itself(sqlite_url, desk, monkeypatch):
    monkeypatch.setenv("SKM_DATABASE_URL", f"sqlite:///{desk}/skm.db")
    assert "is the database itself" in refusal("backup", "skm.db")
    skm("backup", "b.skm")
    monkeypatch.setenv("SKM_DATABASE_URL", "postgresql://x:sandi@127.0.0.1:1/skm")
    said = refusal("restore", "b.skm")
    assert "b.skm is of SQLite" in said
    assert "sandi" not in said


def test_nothing_else_is_lost_by_a_slip_in_a_files_name(sqlite_url, desk, monkeypatch):
    """`skm backup .env` put the database in place of the secret key, and said that all was well."""
    monkeypatch.setenv("SKM_DATABASE_URL", sqlite_url)
    for name in (".env", "units.csv"):
        Path(name).write_text("SKM_LANG=en\n")
        assert "is there already and no backup" in refusal("backup", name)
        assert Path(name).read_text() == "SKM_LANG=en\n"
    for _ in range(2):
        assert skm("backup", "b.skm").exit_code == 0  # over an older one
    for name in (".env", "b.skm"):
        before = Path(name).read_bytes()
        with pytest.raises(Refused, match="holds settings or a database"):
            write_file(Path(name), b"poster")
        assert Path(name).read_bytes() == before
    write_file(Path("units.csv"), b"poster")


def test_without_postgres_tools(postgres_url, desk, monkeypatch):
    monkeypatch.setenv("SKM_DATABASE_URL", postgres_url)
    monkeypatch.setenv("PATH", "/nowhere")
    assert "pg_dump is not installed" in refusal("backup", "b.skm")
    assert list(desk.iterdir()) == []


def test_doctor_can_know_when_the_last_backup_was(database_url, desk, monkeypatch):
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    with office(database_url, UNIT) as engine:
        with engine.connect() as connection:
            assert backup.marked(connection, backup.DONE) is None
        skm("backup", "b.skm")
        with engine.connect() as connection:
            at = backup.marked(connection, backup.DONE)
        made = Path("b.skm").stat().st_mtime
        assert at is not None
        assert abs(made - at) <= 120


@pytest.mark.e2e
async def test_yesterdays_backup_while_telegram_holds_todays_updates(
    telegram: Telegram, sqlite_url, tmp_path
):
    """Ani answered before the backup, Budi after it, Citra is half way, Dedi comes while skm is
    down. The database is lost; Telegram still holds what Dedi and Citra sent."""
    env = environment(
        sqlite_url, telegram_token=telegram.token, telegram_api_url=telegram.url,
        http_port=str(free_port()),
    )  # fmt: skip
    with office(sqlite_url, UNIT) as engine:
        ani, budi, citra, dedi = (telegram.citizen() for _ in range(4))
        with forked("run", env=env, folder=tmp_path) as process:
            await telegram.listening()
            await answer(ani)
            await citra.send("/start SMST-BTM")
            await citra.tap("Setuju, mulai")
            await command(env, tmp_path, "backup", "b.skm", once=forked_once)
            await citra.tap("Pajak tahunan")
            await answer(budi)
            assert process.stop() == 0, process.said
        await dedi.send("/start SMST-BTM", wait=False)
        await citra.tap("3", wait=False)
        assert count(engine, "response") == 2
    lose(sqlite_url, None)  # type: ignore[arg-type]

    await command(env, tmp_path, "restore", "b.skm", once=forked_once)
    engine = open_engine(sqlite_url)
    with forked("run", env=env, folder=tmp_path) as process:
        await dedi.sees("Setuju berarti")
        await citra.wait(lambda: "Pajak tahunan" in citra.buttons, "the question that is open")
        await citra.tap("Pajak tahunan")
        await answer(budi)  # his first answer is lost: he is not told that he has answered
        await answer(ani, again=True)
        assert process.stop() == 0, process.said
    assert count(engine, "response") == 2
    engine.dispose()
    said = await command(env, tmp_path, "verify", once=forked_once)
    assert "Nothing differs" in said
    assert "minutes of work are missing" in said


async def answer(citizen: Citizen, again: bool = False) -> None:
    await citizen.send("/start SMST-BTM")
    await citizen.tap("Setuju, mulai")
    await citizen.tap("Pajak tahunan")
    if again:
        assert "sudah" in citizen.text, citizen.text
        return
    for _ in range(9):
        await citizen.tap("3")
    await citizen.tap("Lewati")  # a comment
    await citizen.tap("Lewati semua")
    await citizen.tap("Kirim")
    assert "tanda terima" in citizen.text
