"""The database under everything: how it is opened, migrated, and what it never tells a log."""

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import SQLModel

from storage.database.connect import migrate, open_engine, require_current, shown
from storage.database.database_url import DatabaseUnfit
from storage.database.upsert import insert_once, table_of
from storage.tables import Conversation, Lease, Publication
from tests.support.offices import count, office

ROW = {
    "id": "abc", "address": "tg:4711", "revision": 1, "status": "open", "unit": "SMST-BTM",
    "state": "jawaban rahasia", "last": 1, "until": 2, "reminded": False,
}  # fmt: skip


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url) as engine:
        yield engine


def test_who_inserts_first_is_told_and_so_is_who_comes_second(engine):
    row = {"name": "x", "holder": "a", "until": 1}
    with engine.begin() as connection:
        assert insert_once(connection, table_of(Lease), **row) is True
        assert insert_once(connection, table_of(Lease), **row) is False


def test_every_sqlite_connection_is_durable_and_waits_its_turn(sqlite_url):
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    engine = open_engine(sqlite_url.partition("?")[0])
    for _ in range(2):
        with engine.connect() as connection:
            found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in wanted}
            connection.invalidate()  # so that the next one is another
        assert found == wanted
    engine.dispose()


def test_sqlite_begins_as_a_writer_and_reads_beside_one_where_told(sqlite_url):
    engine = open_engine(f"{sqlite_url.partition('?')[0]}?timeout=0.01")
    with engine.begin(), engine.connect() as other:
        with pytest.raises(OperationalError, match="locked"):
            other.begin()
        reader = other.execution_options(reads=True)
        with reader.begin():
            assert reader.execute(text("SELECT count(*) FROM unit")).scalar_one() == 0
    engine.dispose()


def test_a_reference_to_nothing_is_refused(engine):
    row = {"unit_id": 99, "number": 2, "questionnaire": "none", "at": 1, "by": "x"}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(table_of(Publication)), row)


def test_migrating_makes_exactly_the_tables_and_may_be_repeated(empty_database_url):
    migrate(empty_database_url)
    migrate(empty_database_url)
    engine = open_engine(empty_database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differs = compare_metadata(context, SQLModel.metadata)
        assert not differs, f"storage/*tables.py have what no migration makes: {differs}"
    require_current(engine)
    engine.dispose()


def test_a_database_of_another_release_is_refused_with_the_cure(empty_database_url):
    engine = open_engine(empty_database_url)
    with pytest.raises(
        DatabaseUnfit, match=r"(has no tables yet|There is no database).*Run: skm db upgrade"
    ):
        require_current(engine)
    migrate(empty_database_url, "0003")
    with pytest.raises(DatabaseUnfit, match=r"is at migration 0003.*Run: skm db upgrade"):
        require_current(engine)
    engine.dispose()


def test_a_postgres_address_is_shown_as_it_was_given():
    engine = open_engine("postgresql://budi:sandi@db.example/skm?sslmode=require")
    assert shown(engine) == "postgresql://budi:***@db.example/skm?sslmode=require"


UNREACHABLE = [
    "sqlite:////nowhere/skm.db",
    "postgresql://budi:sandi@/skm?host=/nowhere",
    "postgresql://budi:sandi@127.0.0.1:1/skm",
]


@pytest.mark.parametrize("url", UNREACHABLE)
@pytest.mark.parametrize("use", [migrate, lambda url: require_current(open_engine(url))])
def test_an_unreachable_database_is_a_sentence_without_the_password(url, use):
    with pytest.raises(DatabaseUnfit, match=r"cannot be reached.*Check SKM_DATABASE_URL") as fault:
        use(url)
    assert "sandi" not in str(fault.value)


@pytest.mark.parametrize("use", [migrate, lambda url: require_current(open_engine(url))])
def test_a_file_that_is_no_database_is_a_sentence(use, tmp_path: Path):
    file = tmp_path / "skm.db"
    file.write_text("Ini surat, bukan basis data. " * 100)
    with pytest.raises(DatabaseUnfit, match=r"skm\.db is no database of skm.*SKM_DATABASE_URL"):
        use(f"sqlite:///{file}")


@pytest.mark.parametrize("url", ["", "skm.db", "mysql://x/y", "http://x"])
def test_a_url_of_something_else_is_a_sentence(url):
    with pytest.raises(DatabaseUnfit, match="SKM_DATABASE_URL"):
        open_engine(url)


def said(fault: BaseException) -> str:
    """All that a log would show of it."""
    return "".join(traceback.format_exception(fault)) + repr(fault)


FAULTS = [
    {"id": "abc"},  # there already: Postgres names the key
    {"id": "other", "address": None},  # Postgres shows the whole row
]


@pytest.mark.parametrize("changed", FAULTS)
def test_an_error_of_the_database_shows_nobody_and_no_answer(engine, changed):
    statement = insert(table_of(Conversation))
    with engine.begin() as connection:
        connection.execute(statement, ROW)
    with pytest.raises(IntegrityError) as fault, engine.begin() as connection:
        connection.execute(statement, ROW | changed)
    assert "INSERT INTO conversation" in said(fault.value)
    assert "4711" not in said(fault.value)
    assert "rahasia" not in said(fault.value)


def test_an_error_about_a_value_does_not_quote_it(postgres_url):
    with office(postgres_url) as engine:
        with pytest.raises(DBAPIError) as fault, engine.begin() as connection:
            connection.execute(text("SELECT CAST(:x AS integer)"), {"x": ROW["state"]})
    assert "SQLSTATE 22P02" in said(fault.value)
    assert "rahasia" not in said(fault.value)


def test_not_even_at_debug_does_the_library_log_rows(database_url, caplog):
    caplog.set_level(logging.DEBUG)
    with office(database_url) as engine:
        with engine.begin() as connection:
            connection.execute(insert(table_of(Conversation)), ROW)
            connection.execute(text("SELECT * FROM conversation")).all()
        assert count(engine, "conversation") == 1
    assert "4711" not in caplog.text
    assert "rahasia" not in caplog.text
