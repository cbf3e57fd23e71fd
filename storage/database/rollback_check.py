"""How far a database has come: the minutes that skm has run on it, also kept in a file beside it.

Whoever puts an older copy in its place, or half of one, leaves a database that has come less far
than the file says: answers are missing, and what was sent since would be sent again. Under the
number the file has what was destroyed for good (`storage.database.destroyed`).
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select, update

from flows.operator_words import tr
from storage.database import destroyed
from storage.database.connect import said, shown
from storage.database.database_url import DatabaseUnfit
from storage.database.private_files import write_private
from storage.database.sqlite import File
from storage.database.upsert import insert_once, table_of
from storage.tables import Edition

NAME = "minutes"

_e = table_of(Edition)
_NUMBER = select(_e.c.number).where(_e.c.name == NAME)
_RISE = update(_e).where(_e.c.name == NAME).values(number=_e.c.number + 1)


class Restored(Exception):
    """The database has come less far than it had; the message says how far."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the file says: minutes, when it was last written (Unix seconds; None: there is none),
    and what was destroyed."""

    minutes: int = 0
    at: int | None = None
    destroyed: tuple[str, ...] = ()


def file_of(engine: Engine, folder: str) -> Path | None:
    """Where its minutes are kept: in that folder, else beside a SQLite file, else here; None for a
    database in memory."""
    path = File(engine.url).path
    if engine.dialect.name == "sqlite" and path is None:
        return None
    if path is not None and not folder:
        return Path(f"{path}-minutes")
    url = engine.url
    named = str(path) if path else f"{url.host or url.query.get('host')}:{url.port}/{url.database}"
    return Path(folder) / f"skm-{hashlib.sha256(named.encode()).hexdigest()[:12]}-minutes"


def minutes(connection: Connection) -> int:
    """For how long skm has run on it."""
    return int(connection.execute(_NUMBER).scalar() or 0)


def require_not_lost(engine: Engine, file: Path | None) -> None:
    """Raises DatabaseUnfit where nothing is there of a database that skm has worked on: a new one
    in its place would be empty."""
    before = seen(file).minutes
    if before and not _is_there(engine):
        raise DatabaseUnfit(
            tr(
                "The database {0} is gone: {1} has seen {2:minute|minutes} of work on it. Put it "
                "back, or a backup: skm restore FILE. To begin anew, move {3} away.",
                shown(engine),
                file,
                before,
                file,
            )
        )


def _is_there(engine: Engine) -> bool:
    if File(engine.url).is_missing():
        return False
    with said(engine), engine.connect().execution_options(reads=True) as connection:
        return inspect(connection).has_table("alembic_version")


def require_newest(connection: Connection, file: Path | None) -> None:
    """Raises Restored."""
    before, found = seen(file).minutes, minutes(connection)
    if found < before:
        raise Restored(
            f"{before - found} minutes of work are missing in this database: an older copy was put "
            f"in its place, or a part of one ({file} has seen {before} minutes, it {found})."
        )


def rise(connection: Connection, file: Path | None) -> str:
    """One minute more; what is to be kept (`keep`) once it is committed. Raises Restored."""
    require_newest(connection, file)
    insert_once(connection, _e, name=NAME, number=0)
    connection.execute(_RISE)
    return content(connection)


def content(connection: Connection) -> str:
    lines = (str(minutes(connection)), *destroyed.all_of_them(connection))
    return "".join(f"{line}\n" for line in lines)


def keep(file: Path | None, content: str) -> None:
    """Raises OSError."""
    if file is not None:
        write_private(file, content.encode())


def seen(file: Path | None) -> Seen:
    """A file that is gone or damaged accuses nobody."""
    try:
        if file is None:
            return Seen()
        first, *lines = file.read_text().splitlines()
        return Seen(int(first), int(file.stat().st_mtime), tuple(lines))
    except (OSError, ValueError):
        return Seen()
