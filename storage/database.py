"""Opening a database: one URL, two engines, migrations that run on both."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError

from storage import database_url
from storage.database_url import DatabaseUnfit
from storage.private_files import make_private

_SQLITE = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is deleted is written over
)
BUSY = 5  # seconds for which one writer waits for another
CONNECT = 10  # seconds until a server that does not answer is called unreachable


def open_engine(url: str) -> Engine:
    """An engine for sqlite:///file or postgresql://…; connects only when used.

    A SQLite transaction begins as a writer, so that two wait for each other; of a connection with
    the execution option `reads` it sees one state, beside any writer. No error shows a value. How
    long it waits for others may stand in the URL: `?timeout=`, `?connect_timeout=` (seconds).
    A SQLite file is never made by looking at it: `migrate` makes it. Raises DatabaseUnfit for a URL
    that names neither.
    """
    parsed = database_url.read(url)
    if parsed.get_backend_name() == "sqlite":
        if "timeout" not in parsed.query:
            parsed = parsed.update_query_dict({"timeout": str(BUSY)})
        engine = create_engine(
            parsed,
            hide_parameters=True,
            connect_args={"check_same_thread": False},
        )
        event.listen(engine, "do_connect", _open_what_is_there)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if "connect_timeout" not in parsed.query:
        parsed = parsed.update_query_dict({"connect_timeout": str(CONNECT)})
    engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    event.listen(engine, "handle_error", _quote_nothing)
    return engine


def _open_what_is_there(_dialect: Any, _record: Any, given: list[Any], named: Any) -> None:
    """SQLite makes the file that it does not find."""
    name = str(given[0])
    if name not in ("", ":memory:") and not name.startswith("file:"):
        given[0] = f"{Path(name).absolute().as_uri()}?mode=rw"
        named["uri"] = True


def _prepare_sqlite(connection, _record) -> None:  # type: ignore[no-untyped-def]
    # The driver's own BEGIN is deferred: two writers would meet when it is too late to wait.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def wipe(engine: Engine, *tables: str) -> None:
    """What was deleted from these tables lies on: on SQLite in the write-ahead log, which is begun
    anew; on Postgres as dead rows, which are taken out. What remains is in docs/privacy.md."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()
        return
    options = "SKIP_LOCKED, TRUNCATE FALSE, INDEX_CLEANUP ON"  # nobody waits for it
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM ({options}) {', '.join(tables)}")


def _begin_sqlite(connection) -> None:  # type: ignore[no-untyped-def]
    reads = connection.get_execution_options().get("reads", False)
    begin = "BEGIN" if reads else "BEGIN IMMEDIATE"
    try:
        # Past SQLAlchemy's cursor, which costs every tap more than the statement itself.
        connection.connection.dbapi_connection.execute(begin)
    except sqlite3.Error as fault:
        raise OperationalError(begin, None, fault) from fault


def _quote_nothing(context: Any) -> None:
    """Postgres shows the whole row in an error's detail, and bad input (class 22) in its text."""
    fault = context.original_exception
    state = getattr(fault, "sqlstate", None)
    if state is None:  # the driver's own, such as a connection that fails
        return
    plain = f"SQLSTATE {state}" if state.startswith("22") else fault.diag.message_primary
    fault.args = (plain,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(fault).__name__}) {plain}",)


def migrate(url: str) -> None:
    """Create the tables, or bring them to this release's form. Safe to repeat."""
    engine = open_engine(url)
    file = database_url.file_of(engine.url)
    if file is not None:
        with suppress(OSError):  # which is said when it is opened
            make_private(file)
    config = _alembic()
    try:
        with said(engine), engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def require_current(engine: Engine) -> None:
    """Raises DatabaseUnfit where the database cannot be reached or is of another release."""
    file, found = database_url.file_of(engine.url), None
    if file is None or file.exists() or not file.parent.is_dir():
        with said(engine), engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    wanted = _head()
    if found != wanted:
        state = f"is at migration {found}" if found else "has no tables yet"
        raise DatabaseUnfit(
            f"The database {shown(engine)} {state}; this release needs {wanted}. "
            "Run: skm db upgrade"
        )


@contextmanager
def said(engine: Engine) -> Iterator[None]:
    """Raises DatabaseUnfit for what the database says of itself, not for what we asked wrongly."""
    try:
        yield
    except OperationalError as error:
        raise unreachable(engine, error) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise
        raise DatabaseUnfit(
            f"{shown(engine)} is no database of skm ({error.orig}). Check SKM_DATABASE_URL."
        ) from error


def unreachable(engine: Engine, error: OperationalError) -> DatabaseUnfit:
    reason = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
    return DatabaseUnfit(
        f"The database {shown(engine)} cannot be reached: {reason}. "
        "Check SKM_DATABASE_URL and that the server is running."
    )


def shown(engine: Engine) -> str:
    """The database's URL without its password."""
    return database_url.shown(engine.url)


@cache
def _head() -> str | None:
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
