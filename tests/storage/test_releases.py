"""From release to release: migrations stay as they were, bring filled databases along, and meet no
process that runs; a database that is not this release's is told apart, each kind with its cure."""

import asyncio
import json
import shutil
from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy import JSON, Engine, MetaData, func, inspect, select, table

import bot.run
from bot.core.watch.outage import Outage
from storage.chat import outbox
from storage.database import release
from storage.database.connect import DatabaseUnfit, migrate, open_engine, require_current
from storage.database.in_use import BeingMigrated, Place, require_alone
from tests.support.command_line import clean_desk, refusal, skm
from tests.support.offices import NOON, run
from tests.support.postgres import terminate_others

LINE = [number for number, _ in release.steps(None)]
STATE = {"form": "survey", "began": NOON, "last": NOON, "about": {}, "answers": {}}
TEXTS = {"state": json.dumps(STATE), "body": "{}", "timezone": "Asia/Jakarta", "period": "2026-Q4"}


def test_released_migrations_are_frozen_and_come_first():
    """A database somewhere was made by them: what is to be otherwise is a migration more."""
    assert release.edited() == []
    listed = [
        line.split()[1] for line in (release.FOLDER / "released.txt").read_text().splitlines()
    ]
    files = sorted(f"versions/{path.name}" for path in (release.FOLDER / "versions").glob("0*.py"))
    assert listed == files[: len(listed)]
    assert [file.removeprefix("versions/")[:4] for file in files] == LINE


def filled(engine: Engine) -> dict[str, int]:
    """A row in each table that has none, whatever its columns; how many rows each has then."""
    tables = MetaData()
    tables.reflect(engine)
    before = counted(engine)
    with engine.begin() as connection:
        for each in tables.sorted_tables:
            if not before[each.name]:
                row = {column.name: value(column) for column in each.columns}
                connection.execute(each.insert().values(row))
    return counted(engine)


def value(column) -> object:
    if column.foreign_keys or column.name == "id":
        return 1 if column.type.python_type is int else "q"
    if column.name in TEXTS:
        return TEXTS[column.name]
    if isinstance(column.type, JSON):
        return []
    kinds = {str: "q", int: NOON, bytes: b"q", bool: False, float: 1.0, date: date(2026, 11, 19)}
    return kinds[column.type.python_type]


def counted(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return {name: connection.execute(_count(name)).scalar_one() for name in names}


def _count(name: str):
    return select(func.count()).select_from(table(name))


def test_a_filled_database_is_brought_along_from_each_migration_to_the_next(empty_database_url):
    migrate(empty_database_url, LINE[0])
    engine = open_engine(empty_database_url)
    for before, after in pairwise(LINE):
        rows = filled(engine)
        assert set(rows.values()) == {1}
        engine.dispose()
        assert migrate(empty_database_url, after) == before
        assert counted(engine).items() >= rows.items()
    require_current(engine)
    with engine.connect() as connection:
        assert release.differences(connection) == []
    engine.dispose()


def test_an_upgrade_says_what_it_did(monkeypatch, tmp_path, empty_database_url):
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", empty_database_url)
    migrate(empty_database_url, "0004")
    said = skm("db", "upgrade").stdout.splitlines()
    assert said[0].endswith(f" was brought from migration 0004 to {LINE[-1]}:")
    assert said[1] == "  0005  What a process has in hand, so that an event that ends it is known."
    assert [line.split()[0] for line in said[1:]] == LINE[4:]
    again = skm("db", "upgrade").stdout
    assert again.endswith(f"was up to date already, at migration {LINE[-1]}.\n")


def test_what_the_release_before_held_is_still_held(empty_database_url):
    """0015 has a column for it."""
    migrate(empty_database_url, "0014")
    engine = open_engine(empty_database_url)
    held = "'held until they write'"
    put = "INSERT INTO outbox (key, kind, address, body, reply_to, due_at, leased_until, attempts, "
    put += "resent, error) VALUES "
    for key, error in (("a", held), ("b", "'502'")):
        run(engine, f"{put} ('{key}', 'news', 'wa:1', '{{}}', '', {NOON}, 0, 1, 0, {error})")
    engine.dispose()
    migrate(empty_database_url)
    with engine.begin() as connection:
        assert outbox.held(connection) == (1, 1)
        assert outbox.release(connection, "wa:1", "7", NOON) == 1
    engine.dispose()


def test_a_database_of_a_newer_release(monkeypatch, tmp_path, database_url):
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    engine = open_engine(database_url)
    run(engine, "UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    wanted = f"is at migration 9999, of a newer release of skm: this one ({release.VERSION}) knows "
    for command in (("db", "upgrade"), ("verify",)):
        said = refusal(*command)
        assert wanted in said
        assert "Start the newer release, or put the backup" in said
    assert wanted in skm("doctor").stdout


CHANGED = {
    "ALTER TABLE outbox DROP COLUMN error": ("column outbox.error is missing", True),
    "DROP TABLE heard": ("table heard is missing", True),
    "DROP INDEX ix_conversation_open": (
        "index ix_conversation_open of table conversation is missing", False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGED)
def test_what_is_missing_is_found(monkeypatch, tmp_path, database_url, change):
    """What every command would stumble on, they refuse; the rest doctor and an upgrade find."""
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    said, is_refused = CHANGED[change]
    engine = open_engine(database_url)
    run(engine, change)
    with engine.connect() as connection:
        assert release.differences(connection) == [said]
    engine.dispose()
    if is_refused:
        assert f"lacks {said.removesuffix(' is missing')}, though" in refusal("aggregate")
    assert refusal_of_upgrade(said)
    doctor = [line for line in skm("doctor").stdout.splitlines() if line.startswith("FAULT")]
    assert [line for line in doctor if said.partition(" is")[0] in line and "backup" in line]


def refusal_of_upgrade(said: str) -> bool:
    done = skm("db", "upgrade")
    return done.exit_code == 1 and f"not all is as it should be: {said}." in done.stderr


def test_a_log_that_nothing_keeps_any_more(database_url):
    """Its triggers are the database's, not a table's."""
    engine = open_engine(database_url)
    with engine.begin() as connection:
        postgres = connection.dialect.name == "postgresql"
        name = "audit_entry_keeps" if postgres else "audit_entry_keeps_DELETE"
        connection.exec_driver_sql(f"DROP TRIGGER {name}{' ON audit_entry' if postgres else ''}")
        assert release.differences(connection) == [f"trigger {name} is missing"]
    engine.dispose()


def test_an_edited_migration_is_found_and_not_run(monkeypatch, tmp_path, empty_sqlite_url):
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", empty_sqlite_url)
    copy = shutil.copytree(release.FOLDER, tmp_path / "migrations")
    with (copy / "versions/0005_begun.py").open("a") as file:
        file.write("# a quick fix\n")
    (copy / "versions/0006_tombstones.py").unlink()
    monkeypatch.setattr(release, "FOLDER", copy)
    said = refusal("db", "upgrade")
    assert "versions/0005_begun.py, versions/0006_tombstones.py" in said
    assert said.endswith("Install skm again.")
    assert "FAULT  This program is not as it was released" in skm("doctor").stdout
    assert not (tmp_path / "empty.db").exists()


def test_nothing_is_migrated_while_a_process_runs(empty_postgres_url):
    """Rolling: one of the old release stays, a new one comes, an upgrade in between is refused."""
    migrate(empty_postgres_url, "0006")
    engine = open_engine(empty_postgres_url)
    old, other = Place(engine), Place(engine)
    assert old.renew()
    assert other.renew()
    assert not old.renew()  # it has it still
    with pytest.raises(DatabaseUnfit, match=r"skm runs on \S+: skm \S+ \d+, skm .*Stop these"):
        migrate(empty_postgres_url)
    old.leave()
    other.leave()
    with engine.begin() as connection:
        require_alone(connection)
        with pytest.raises(BeingMigrated, match="Start skm of that release"):
            old.renew()
    migrate(empty_postgres_url)
    assert old.renew()
    migrate(empty_postgres_url)  # there is nothing to change: nobody need stop
    old.leave()
    engine.dispose()


async def test_a_process_that_lost_its_place_meanwhile_ends(postgres_url, monkeypatch):
    """Postgres was started anew, and somebody used that moment to upgrade."""
    monkeypatch.setattr(bot.run, "HELD", 0)
    engine, killer = open_engine(postgres_url), open_engine(postgres_url)
    place = Place(engine)
    place.renew()
    first = place._connection
    keeping = asyncio.create_task(bot.run._keep(place, engine, Outage()))
    terminate_others(killer)
    while place._connection in (first, None):  # noqa: ASYNC110  (it takes its place again)
        await asyncio.sleep(0)
    assert not keeping.done()
    run(killer, "UPDATE alembic_version SET version_num = '9999'")
    terminate_others(killer)
    with pytest.raises(DatabaseUnfit, match="of a newer release"):
        await keeping
    place.leave()
    for each in (engine, killer):
        each.dispose()
