"""What was imported: a file by the content of its cells, a row by its own id, each once in a unit;
a row without an id is known by what it says, which others may say too.

Ids come from paper or from an online form and may be more than a number: only hashes are kept.
"""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select

from storage.database.upsert import insert_once, table_of
from storage.files.spreadsheet import Cells
from storage.index_tables import Imported
from storage.tables import Response, Unit

_i, _r, _u = table_of(Imported), table_of(Response), table_of(Unit)
Content = tuple[str, date, str]  # service, day, answers
_PART = "part:"  # and a file's id, from its first part to its last; in `file`, the import's mark


def file_key(cells: Cells) -> str:
    """The key of a table: under another name, or saved as another kind of file, it is the same."""
    rows = [_without_blanks(row) for row in cells]
    while rows and not rows[-1]:
        rows.pop()
    return "file:" + _hash(json.dumps(rows, ensure_ascii=False))


def id_of(key: str) -> str:
    """What a response keeps of its file's key: 16 letters tell a unit's files apart."""
    return key.removeprefix("file:")[:16]


def is_id(text: str) -> bool:
    return re.fullmatch("[0-9a-f]{16}", text) is not None


def units_with(connection: Connection, ids: Collection[str]) -> list[int]:
    """The units into which one of these files was taken."""
    this = or_(*(_i.c.what.startswith(f"file:{id}") for id in ids))
    return [*connection.execute(select(_i.c.unit_id).where(this).distinct()).scalars()]


def row_key(id: str) -> str:
    return "row:" + _hash(id)


def taken_at(connection: Connection, unit_id: int, key: str) -> int | None:
    """The Unix time at which a whole file was taken, None if never."""
    if is_cut_off(connection, unit_id, id_of(key)):
        return None
    query = select(_i.c.at).where(_i.c.unit_id == unit_id, _i.c.what == key)
    return connection.execute(query).scalar()


def taken_rows(connection: Connection, unit_id: int) -> set[str]:
    """The keys of all rows of a unit that were taken."""
    query = select(_i.c.what).where(_i.c.unit_id == unit_id, _i.c.what.startswith("row:"))
    return set(connection.execute(query).scalars())


def taken_files(connection: Connection, unit_id: int) -> set[str]:
    """The keys of all files of a unit that were taken."""
    query = select(_i.c.what).where(_i.c.unit_id == unit_id, _i.c.what.startswith("file:"))
    return set(connection.execute(query).scalars())


def take_file(connection: Connection, unit_id: int, key: str, at: int, mark: str) -> int | None:
    """Take a file that comes in parts: None where it is to be imported, else the Unix time at which
    it was. `mark`: of this import; whoever takes a file that is not whole ends the other."""
    is_new = insert_once(connection, _i, unit_id=unit_id, what=key, at=at)
    part = _part(unit_id, id_of(key))
    if not is_new and connection.execute(delete(_i).where(part)).rowcount == 0:
        return taken_at(connection, unit_id, key)
    new = {"unit_id": unit_id, "what": _PART + id_of(key), "file": mark, "at": at}
    connection.execute(insert(_i), new)
    return None


def is_cut_off(connection: Connection, unit_id: int, id: str) -> bool:
    """Whether parts of a file are in, not all of it."""
    return connection.execute(select(_i.c.at).where(_part(unit_id, id))).first() is not None


def is_mine(connection: Connection, unit_id: int, id: str, mark: str) -> bool:
    """Whether the import with this mark may still add parts of a file."""
    query = select(_i.c.at).where(_part(unit_id, id), _i.c.file == mark)
    return connection.execute(query).first() is not None


def is_whole(connection: Connection, unit_id: int, id: str) -> None:
    """A file's last part is in."""
    connection.execute(delete(_i).where(_part(unit_id, id)))


@dataclass(frozen=True, slots=True)
class TakenFile:
    """`id`: `id_of` its key; `at`: when it was taken (Unix seconds); `responses`: how many of it
    are left; `whole`: all of its parts came in."""

    id: str
    at: int
    responses: int
    whole: bool = True


def files(connection: Connection, unit_id: int) -> list[TakenFile]:
    """The newest first. Of files that were taken before responses kept theirs, 0 responses."""
    taken = select(_i.c.what, _i.c.at).where(_i.c.unit_id == unit_id, _i.c.what.startswith("file:"))
    numbers = select(_r.c.file, func.count()).where(_r.c.unit_id == unit_id, _r.c.file != "")
    left = {row[0]: row[1] for row in connection.execute(numbers.group_by(_r.c.file))}
    parts = select(_i.c.what).where(_i.c.unit_id == unit_id, _i.c.what.startswith(_PART))
    cut = {what.removeprefix(_PART) for what in connection.execute(parts).scalars()}
    rows = connection.execute(taken.order_by(_i.c.at.desc(), _i.c.what))
    return [
        TakenFile(id_of(what), at, left.get(id_of(what), 0), id_of(what) not in cut)
        for what, at in rows
    ]


def days_of(connection: Connection, unit_id: int, id: str) -> tuple[date, date] | None:
    """The first and the last day of what is left of a file; None of nothing."""
    query = select(func.min(_r.c.local_date), func.max(_r.c.local_date))
    row = connection.execute(query.where(_r.c.unit_id == unit_id, _r.c.file == id)).one()
    return (row[0], row[1]) if row[0] else None


def cut_off(connection: Connection) -> list[str]:
    """The codes of units into which a file is being imported, or was when its process ended."""
    query = select(_u.c.code).join(_i, _i.c.unit_id == _u.c.id).where(_i.c.what.startswith(_PART))
    return list(connection.execute(query.distinct().order_by(_u.c.code)).scalars())


def forget(connection: Connection, unit_id: int, id: str) -> int | None:
    """A file and its rows may be imported again. When it was taken (Unix seconds), None where it
    was not."""
    is_file = _i.c.what.startswith(f"file:{id}")
    at = connection.execute(select(_i.c.at).where(_i.c.unit_id == unit_id, is_file)).scalar()
    this = or_(is_file, _i.c.what == _PART + id, _i.c.file == id)
    connection.execute(delete(_i).where(_i.c.unit_id == unit_id, this))
    return at


def content(service: str, day: date, answers: Mapping[str, int | None]) -> Content:
    return service, day, json.dumps(answers, sort_keys=True)


def alike(
    connection: Connection, unit_id: int, instrument: str, first: date, last: date
) -> dict[Content, Counter[str]]:
    """How often rows that say the same were imported into a unit from `first` to `last`, by the id
    of their file."""
    query = select(_r.c.service, _r.c.local_date, _r.c.answers, _r.c.file).where(
        _r.c.unit_id == unit_id,
        _r.c.source == "imported",
        _r.c.instrument == instrument,
        _r.c.local_date.between(first, last),
    )
    found: dict[Content, Counter[str]] = defaultdict(Counter)
    for row in connection.execute(query):
        found[content(row.service, row.local_date, row.answers)][row.file] += 1
    return found


def _part(unit_id: int, id: str) -> ColumnElement[bool]:
    return and_(_i.c.unit_id == unit_id, _i.c.what == _PART + id)


def _without_blanks(row: list[str]) -> list[str]:
    last = max((place for place, cell in enumerate(row, 1) if cell), default=0)
    return row[:last]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
