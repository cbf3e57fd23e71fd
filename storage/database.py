"""Opening a database: one URL, two engines, migrations that run on both."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError


class DatabaseUnfit(Exception):
    """The database cannot be used as it is; the message says what to do."""


def open_engine(url: str) -> Engine:
    """An engine for sqlite:///file or postgresql://…; connects only when used.

    Raises DatabaseUnfit for a URL that names neither.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed, hide_parameters=True, connect_args={"timeout": 5, "check_same_thread": False}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True
    )


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseUnfit(
            "SKM_DATABASE_URL is no database that skm knows. "
            "Use sqlite:///skm.db or postgresql://user:password@host/name."
        )
    return parsed


def _prepare_sqlite(connection, _record) -> None:  # type: ignore[no-untyped-def]
    # The driver's own BEGIN is deferred: two writers would meet when it is too late to wait.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection) -> None:  # type: ignore[no-untyped-def]
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def migrate(url: str) -> None:
    """Create the tables, or bring them to this release's form. Safe to repeat."""
    engine = open_engine(url)
    config = _alembic()
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except OperationalError as error:
        raise unreachable(engine, error) from error
    finally:
        engine.dispose()


def require_current(engine: Engine) -> None:
    """Raises DatabaseUnfit where the database cannot be reached or is of another release."""
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except OperationalError as error:
        raise unreachable(engine, error) from error
    wanted = _head()
    if found != wanted:
        state = f"is at migration {found}" if found else "has no tables yet"
        raise DatabaseUnfit(
            f"The database {shown(engine)} {state}; this release needs {wanted}. "
            "Run: skm db upgrade"
        )


def unreachable(engine: Engine, error: OperationalError) -> DatabaseUnfit:
    reason = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
    return DatabaseUnfit(
        f"The database {shown(engine)} cannot be reached: {reason}. "
        "Check SKM_DATABASE_URL and that the server is running."
    )


def shown(engine: Engine) -> str:
    """The database's URL without its password."""
    return engine.url.render_as_string(hide_password=True)


@cache
def _head() -> str | None:
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
