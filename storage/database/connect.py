"""Opening a database: one URL, two engines, migrations that run on both."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

from flows.operator_words import tr
from storage.database import database_url, postgres, release, sqlite
from storage.database.database_url import DatabaseUnfit
from storage.database.in_use import kept_for_this_process, require_alone
from storage.database.postgres import LONG, QUICK, Patience
from storage.database.private_files import make_private

# What is raised where a database is away, too busy, or has no connection left.
AWAY = (InterfaceError, OperationalError, NoneFree)


class DatabaseAway(DatabaseUnfit):
    """… just now: it may be back soon, without anybody's doing here."""


def open_engine(url: str, patience: Patience = QUICK) -> Engine:
    """An engine for sqlite:///file or postgresql://…; connects only when used. `patience`: of
    Postgres. How long SQLite waits for another writer may stand in the URL: `?timeout=` (seconds).

    A SQLite transaction begins as a writer, so that two wait for each other; of a connection with
    the execution option `reads` it sees one state, beside any writer. No error shows a value.
    A SQLite file is never made by looking at it: `migrate` makes it. Raises DatabaseUnfit for a URL
    that names neither.
    """
    parsed = database_url.read(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite.engine_of(parsed)
    return postgres.engine_of(parsed, patience)


def wipe(engine: Engine, *tables: str) -> None:
    """What was deleted from these tables lies on: on SQLite in the write-ahead log, which is begun
    anew; on Postgres as dead rows, which are taken out. What remains is in docs/privacy.md."""
    if engine.dialect.name == "sqlite":
        sqlite.wipe(engine)
        return
    options = "SKIP_LOCKED, TRUNCATE FALSE, INDEX_CLEANUP ON"  # nobody waits for it
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM ({options}) {', '.join(tables)}")


def require_whole(engine: Engine) -> None:
    """Raises DatabaseUnfit where a SQLite file is damaged: half a copy, another's `-wal` file."""
    if engine.dialect.name != "sqlite":
        return
    with said(engine):
        found = sqlite.faults(engine)
    if found:
        raise DatabaseUnfit(_damaged(engine, found))


def migrate(url: str, revision: str = "head") -> str | None:
    """Create the tables, or bring them to this release's form (or to that migration); at which
    migration they were before, None: there were none. Safe to repeat.

    Raises DatabaseUnfit where a SQLite file cannot be used, another process runs on the database,
    or it is of a newer release.
    """
    from alembic import command

    engine = open_engine(url, LONG)
    file = database_url.file_of(engine.url)
    if file is not None:
        with suppress(OSError):  # which is said when it is opened
            make_private(file)
    config = release.config()
    try:
        with kept_for_this_process(engine), said(engine), engine.begin() as connection:
            before = release.revision_of(connection)
            if before is not None and not release.knows(before):
                raise DatabaseUnfit(_newer(engine, before))
            if before != release.head():
                require_alone(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            return before
    finally:
        engine.dispose()


def require_current(engine: Engine) -> None:
    """Raises DatabaseUnfit where the database cannot be reached, is of another release, or lacks
    what this one uses."""
    lacks = list[str]()
    if sqlite.File(engine.url).is_missing():
        raise DatabaseUnfit(
            tr(
                "There is no database {0}. Was it moved? Set SKM_DATABASE_URL. Is it a new one? "
                "Run: skm db upgrade",
                place(engine),
            )
        )
    with said(engine), engine.connect().execution_options(reads=True) as connection:
        found = release.revision_of(connection)
        if found == release.head():
            lacks = release.missing(connection)
    if found is not None and not release.knows(found):
        raise DatabaseUnfit(_newer(engine, found))
    if found != release.head():
        state = tr("is at migration {0}", found) if found else tr("has no tables yet")
        raise DatabaseUnfit(
            tr(
                "The database {0} {1}; this release needs {2}. Run: skm db upgrade",
                place(engine),
                state,
                release.head(),
            )
        )
    if lacks:
        raise DatabaseUnfit(
            tr(
                "The database {0} lacks {1}, though it is at migration {2}: something else "
                "than skm db upgrade changed it. {3}",
                shown(engine),
                enumerated(lacks),
                found,
                tr(BACK),
            )
        )


BACK = "Put the last backup in its place, then: skm db restored, skm db upgrade."


def enumerated(names: Sequence[str], most: int = 5) -> str:
    """With commas; of many only the first."""
    more = " " + tr("and {0} more", len(names) - most) if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _newer(engine: Engine, found: str) -> str:
    return tr(
        "The database {0} is at migration {1}, of a newer release of skm: this one ({2}) knows "
        "migrations up to {3}. Start the newer release, or put the backup made before its upgrade "
        "in its place, then: skm db restored.",
        shown(engine),
        found,
        release.VERSION,
        release.head(),
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
        if "malformed" in str(error.orig):
            raise DatabaseUnfit(_damaged(engine, str(error.orig))) from error
        raise DatabaseUnfit(
            tr(
                "{0} is no database of skm ({1}). Check SKM_DATABASE_URL.",
                shown(engine),
                error.orig,
            )
        ) from error


def unreachable(engine: Engine, error: OperationalError) -> DatabaseUnfit:
    why = reason(error)
    kind = DatabaseAway if _is_away(engine, why) else DatabaseUnfit
    cure = tr(_cure(engine, why))
    return kind(tr("The database {0} cannot be reached: {1}. {2}", shown(engine), why, cure))


def reason(error: BaseException) -> str:
    """What the driver says of it, in one line; our engines keep values out of that."""
    fault = error.orig if isinstance(error, DBAPIError) and error.orig else error
    lines = str(fault).strip().splitlines()
    return lines[0] if lines else type(fault).__name__


_CURES = (  # by a part of SQLite's words
    ("locked", "Another process writes to it for a long time; wait for it, or stop it."),
    ("readonly", "Check who owns the file and its folder, and that the disk can be written."),
    ("full", "Make room on the disk."),
    ("I/O", "Make room on the disk, or check it."),
    ("open database file", "Check SKM_DATABASE_URL and that its folder is there to be written."),
    ("removed or replaced", ""),
)


def _cure(engine: Engine, why: str) -> str:
    if engine.dialect.name == "sqlite":
        return next((cure for part, cure in _CURES if part in why), "Check SKM_DATABASE_URL.")
    return "Check SKM_DATABASE_URL and that the server is running."


def _is_away(engine: Engine, why: str) -> bool:
    """Not where the server answers that it will never let us in."""
    refuses = "FATAL" in why and not any(
        soon in why for soon in ("starting up", "shutting down", "too many", "recovery", "reserved")
    )
    return engine.dialect.name == "postgresql" and not refuses


def _damaged(engine: Engine, found: str) -> str:
    return tr(
        "{0} is damaged: {1}. Perhaps it was copied while skm ran, or a -wal file of another copy "
        "lies beside it. Put a backup in its place, without -wal and -shm files.",
        shown(engine),
        found,
    )


def shown(engine: Engine) -> str:
    """The database's URL without its password."""
    return database_url.shown(engine.url)


def place(engine: Engine) -> str:
    """… and of a SQLite file that is named from the folder of today, where that is."""
    file = database_url.file_of(engine.url)
    if file is None or file.is_absolute():
        return shown(engine)
    return f"{shown(engine)} ({file.absolute()})"
