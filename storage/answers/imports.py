"""What was imported: a file by the content of its cells, a row by its own id, each once in a unit.

Ids come from paper or from an online form and may be more than a number: only hashes are kept.
"""

import hashlib
import json

from sqlalchemy import Connection, select

from storage.database.upsert import insert_once, table_of
from storage.files.spreadsheet import Cells
from storage.index_tables import Imported

_i = table_of(Imported)


def file_key(cells: Cells) -> str:
    """The key of a table: under another name, or saved as another kind of file, it is the same."""
    rows = [_without_blanks(row) for row in cells]
    while rows and not rows[-1]:
        rows.pop()
    return "file:" + _hash(json.dumps(rows, ensure_ascii=False))


def row_key(id: str) -> str:
    return "row:" + _hash(id)


def taken_at(connection: Connection, unit_id: int, key: str) -> int | None:
    """The Unix time at which a file or row was taken, None if never."""
    query = select(_i.c.at).where(_i.c.unit_id == unit_id, _i.c.what == key)
    return connection.execute(query).scalar()


def taken_rows(connection: Connection, unit_id: int) -> set[str]:
    """The keys of all rows of a unit that were taken."""
    query = select(_i.c.what).where(_i.c.unit_id == unit_id, _i.c.what.startswith("row:"))
    return set(connection.execute(query).scalars())


def take_file(connection: Connection, unit_id: int, key: str, at: int) -> int | None:
    """Take a file: None the first time, else the Unix time at which it was taken."""
    if insert_once(connection, _i, unit_id=unit_id, what=key, at=at):
        return None
    return taken_at(connection, unit_id, key)


def _without_blanks(row: list[str]) -> list[str]:
    last = max((place for place, cell in enumerate(row, 1) if cell), default=0)
    return row[:last]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
