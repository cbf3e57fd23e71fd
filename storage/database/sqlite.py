"""A SQLite file: durable, one writer after the other in the order they came, always the same file.

SQLite's own way to wait is to look again now and then: among threads that write all the time one
may find it locked for ever. Here they queue; only other processes are waited for in SQLite's way.
"""

import fcntl
import os
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from storage.database.database_url import file_of

BUSY = 5  # seconds to wait for another writer, where the URL says nothing else (`?timeout=`)
GONE = "the file was removed or replaced while skm runs: put it back, or stop skm and start it"
ABSENT = "unable to open database file: it is not there yet"
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is deleted is written over
)


class Turnstile:
    """A lock that is given to whoever waits longest; any thread may give it back."""

    def __init__(self) -> None:
        self._guard, self._is_taken = Lock(), False
        self._waiting: deque[Lock] = deque()

    def enter(self, seconds: float) -> bool:
        """False where it was not free in time."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
            return True  # it was handed over at the last moment

    def leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


class File:
    """The file of one engine: who writes to it, and which file it was at first. `path`: None of a
    database in memory, and of one that is not SQLite's."""

    def __init__(self, url: URL) -> None:
        named = file_of(url)
        self.path = None if named is None else named.absolute()
        self.busy = float(str(url.query.get("timeout", BUSY)))
        self.turnstile = Turnstile()
        self._first: tuple[int, int] | None = None

    def is_missing(self) -> bool:
        """Only the file: where its folder is, too, SQLite says so."""
        return self.path is not None and self.path.parent.is_dir() and not self.path.exists()

    def check(self) -> None:
        """Raises sqlite3.OperationalError where the path is another file's now, or nobody's: what
        is written to a file without a name is lost with the process."""
        if self.path is None:
            return
        try:
            found = os.stat(self.path)
        except OSError:
            if self._first is None:
                return
            raise sqlite3.OperationalError(GONE) from None
        now = found.st_dev, found.st_ino
        if self._first is None:
            self._first = now
        if now != self._first:
            raise sqlite3.OperationalError(GONE)


class Connection(sqlite3.Connection):
    """In the turnstile of its file from BEGIN IMMEDIATE to COMMIT or ROLLBACK."""

    file: File
    is_writing = False

    def begin(self, writes: bool) -> None:
        """Raises sqlite3.OperationalError."""
        self.file.check()
        if not writes:
            self.execute("BEGIN")
            return
        if not self.file.turnstile.enter(self.file.busy):
            raise sqlite3.OperationalError("database is locked")
        self.is_writing = True
        try:
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._leave()
            raise

    def commit(self) -> None:
        super().commit()
        self._leave()

    def rollback(self) -> None:
        super().rollback()
        self._leave()

    def close(self) -> None:
        super().close()
        self._leave()

    def _leave(self) -> None:
        if self.is_writing:
            self.is_writing = False
            self.file.turnstile.leave()


def engine_of(url: URL) -> Engine:
    """Of a file that is there: SQLite would make the one that it does not find."""
    file = File(url)
    engine = create_engine(
        url,
        hide_parameters=True,
        json_deserializer=msgspec.json.decode,
        connect_args={"timeout": file.busy, "check_same_thread": False, "factory": Connection},
    )

    @event.listens_for(engine, "do_connect")
    def _look(*_: Any) -> None:
        # SQLite would make the file anew, empty, in the place of one that was removed.
        file.check()
        if file.is_missing():
            raise sqlite3.OperationalError(ABSENT)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Connection, _record: Any) -> None:
        connection.file = file
        # The driver's own BEGIN is deferred: two writers would meet when it is too late to wait.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()
        file.check()

    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Any) -> None:
    reads = connection.get_execution_options().get("reads", False)
    try:
        # Past SQLAlchemy's cursor, which costs every tap more than the statement itself.
        connection.connection.dbapi_connection.begin(not reads)
    except sqlite3.Error as fault:
        raise OperationalError("BEGIN", None, fault) from fault


def wipe(engine: Engine) -> bool:
    """What was deleted lies on in the write-ahead log: begin that anew. False while somebody reads
    or writes: to wait for a long reader would hold up every writer."""
    raw = engine.raw_connection()
    connection: Any = raw.dbapi_connection
    if not connection.file.turnstile.enter(connection.file.busy):
        raw.close()
        return False
    try:
        connection.execute("PRAGMA busy_timeout=0")
        is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA busy_timeout={round(1_000 * connection.file.busy)}")
        return not is_busy
    finally:
        connection.file.turnstile.leave()
        raw.close()


def faults(engine: Engine) -> str:
    """What SQLite's own check of the whole file finds first, "" where nothing is wrong."""
    with engine.connect().execution_options(reads=True) as connection:
        found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    return "" if found == "ok" else found.replace("\n", " ")


class Taken(Exception):
    """Another process runs on this file; the message is its number, "" where it is not known."""


def taker(path: Path) -> str | None:
    """The number of the process that runs on this file; None where none does. Not for that process
    itself: its lock would be gone with any other descriptor of the file."""
    try:
        with Path(f"{path}-lock").open("rb") as beside:
            fcntl.lockf(beside, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except OSError:
        with suppress(OSError):
            return Path(f"{path}-lock").read_text() or "?"
    return None


@contextmanager
def taken(path: Path) -> Iterator[None]:
    """This process's for the length of the `with`, or until it ends in whatever way. Raises Taken,
    OSError. What is locked is a file beside it, which goes again: SQLite's own locks on the
    database are let go by any close of it."""
    beside = Path(f"{path}-lock")
    held = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # A lock of the process: children that are forked do not keep it.
        fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not beside.exists() or not os.path.samestat(beside.stat(), os.fstat(held)):
            raise BlockingIOError  # whoever had it has just ended and taken the file away
        os.ftruncate(held, 0)
        os.write(held, str(os.getpid()).encode())
    except OSError as fault:
        number = os.pread(held, 20, 0).decode(errors="replace")
        os.close(held)
        if isinstance(fault, BlockingIOError | PermissionError):
            raise Taken(number) from None
        raise
    try:
        yield
    finally:
        with suppress(OSError):  # of a folder that cannot be written any more
            beside.unlink(missing_ok=True)
        os.close(held)
