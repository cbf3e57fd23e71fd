"""Who runs on a database: one process on a SQLite file, any number on Postgres, none while its
tables are changed.

On SQLite it is a lock on a file beside the database, on Postgres an advisory lock: shared by
whoever runs, alone for whoever migrates. So no process of another release ever meets tables that it
does not know: an upgrade is refused while one runs, and one that begins meanwhile waits.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, bindparam, func, select, text
from sqlalchemy.exc import DBAPIError

from flows.operator_words import reason, tr
from storage.database import database_url, sqlite
from storage.database.database_url import DatabaseUnfit
from storage.database.postgres import this_process

KEY = 5_458_765  # of the advisory lock, in each database

_SHARED = select(func.pg_try_advisory_lock_shared(bindparam("key")))
_UNSHARED = select(func.pg_advisory_unlock_shared(bindparam("key")))
_ALONE = select(func.pg_try_advisory_xact_lock(bindparam("key")))
_RUNNERS = text(
    "SELECT coalesce(nullif(a.application_name, ''), 'process ' || a.pid) FROM pg_locks l "
    "JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.objid = :key "
    "AND l.classid = 0 AND l.mode = 'ShareLock' AND l.granted "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1"
)


class BeingMigrated(DatabaseUnfit):
    """Another process is changing the tables just now."""

    def __init__(self, shown: str) -> None:
        super().__init__(
            f"The database {shown} is being brought to another release: skm ends, so that it "
            "changes nothing meanwhile. Start skm of that release."
        )


class Place:
    """This process's place on a database; on SQLite it is kept with the file."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def renew(self) -> bool:
        """True where it is taken anew: at first, and when a connection was lost. Whoever ran
        meanwhile may have changed the tables. Raises BeingMigrated, DBAPIError."""
        if self._engine.dialect.name == "sqlite" or self._is_held():
            return False
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if not connection.execute(_SHARED, {"key": KEY}).scalar():
            connection.close()
            raise BeingMigrated(database_url.shown(self._engine.url))
        self._connection = connection
        return True

    def leave(self) -> None:
        """Once this returns no other process is told that this one runs, but where the server is
        gone: it finds out by itself."""
        if self._connection is not None:
            with suppress(DBAPIError):  # it notices a closed connection only after a while
                self._connection.execute(_UNSHARED, {"key": KEY}).close()
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()  # given back to the pool it would keep the lock
            self._connection.close()
            self._connection = None

    def _is_held(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1").close()
        except DBAPIError:
            self._drop()
            return False
        return True


@contextmanager
def kept_for_this_process(engine: Engine) -> Iterator[Place]:
    """A SQLite file is one process's, which runs or migrates it, for the length of the `with`; a
    command beside it may still read and write. On Postgres `Place.renew` takes the place. Raises
    DatabaseUnfit where a file is another's."""
    path = sqlite.File(engine.url).path
    with ExitStack() as held:
        if path is not None:
            _take(held, engine, path)
        place = Place(engine)
        held.callback(place.leave)
        yield place


def _take(held: ExitStack, engine: Engine, path: Path) -> None:
    shown = database_url.shown(engine.url)
    try:
        held.enter_context(sqlite.taken(path))
    except sqlite.Taken as taken:
        raise DatabaseUnfit(
            tr(
                "Another skm runs on {0} (process {1}). Stop it first: SQLite is for one. "
                "For several use a postgresql:// address.",
                shown,
                taken,
            )
        ) from None
    except OSError as fault:
        raise DatabaseUnfit(
            tr(
                "The database {0} cannot be reached: unable to open database file ({1}). "
                "Check SKM_DATABASE_URL and that its folder is there to be written.",
                shown,
                reason(fault),
            )
        ) from None


def require_alone(connection: Connection) -> None:
    """Until the transaction ends nobody runs on this database. Raises DatabaseUnfit naming who
    does."""
    if connection.dialect.name == "sqlite" or connection.execute(_ALONE, {"key": KEY}).scalar():
        return
    shown = database_url.shown(connection.engine.url)
    names = runners(connection)
    if not names:
        raise DatabaseUnfit(tr("Another process is migrating {0}. Wait until it is done.", shown))
    raise DatabaseUnfit(
        tr(
            "skm runs on {0}: {1}. Its tables are changed while nobody does. Stop these, "
            "run skm db upgrade again, then start the new release.",
            shown,
            ", ".join(names),
        )
    )


def runners(connection: Connection) -> list[str]:
    """The processes that run on this database, as people may know them."""
    if connection.dialect.name == "sqlite":
        path = sqlite.File(connection.engine.url).path
        number = sqlite.taker(path) if path is not None else None
        return [] if number is None else [f"process {number}"]
    return [str(name) for name in connection.execute(_RUNNERS, {"key": KEY}).scalars()]


def others(connection: Connection) -> list[str]:
    """The runners but this process; none on SQLite, whose file is one process's."""
    if connection.dialect.name == "sqlite":
        return []
    return [name for name in runners(connection) if name != this_process()]
