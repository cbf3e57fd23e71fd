"""Rows of an import before they are responses, in a table that only one connection sees.

To make 100,000 rows takes seconds, to move them one: only then does a writer wait. A process that
ends in between leaves nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, literal, select

from storage.database.upsert import table_of
from storage.index_tables import Imported
from storage.tables import Response


def _default(column: Any) -> Any:
    return column.default.arg if column.default is not None else None


_r, _i = table_of(Response), table_of(Imported)
_s = Table(
    "staged",
    MetaData(),
    *(Column(each.name, each.type, default=_default(each)) for each in _r.c),
    Column("key", String),  # of the row's own id, "" without one: storage.answers.imports
    prefixes=["TEMPORARY"],
)
_KNOWN = select(_i.c.what).where(_i.c.what == _s.c.key)
_NAMES = [column.name for column in _r.c]


def make(connection: Connection) -> None:
    """Begin anew, with no row."""
    _s.drop(connection, checkfirst=True)
    _s.create(connection, checkfirst=False)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    connection.execute(insert(_s), rows)


def keep(connection: Connection, unit_id: int, file: str, at: int) -> int:
    """Make responses of all rows but those that were imported before; their number. `file`:
    `imports.id_of` its key. The unit is locked: nobody else imports into it."""
    known = _KNOWN.where(_i.c.unit_id == unit_id).exists()
    connection.execute(delete(_s).where(known))
    keys = select(literal(unit_id), _s.c.key, literal(file), literal(at))
    keys = keys.where(_s.c.key != "").distinct()
    connection.execute(insert(_i).from_select(["unit_id", "what", "file", "at"], keys))
    # In the order of their key, which is random: so SQLite fills its index page by page.
    columns = (literal(file) if name == "file" else _s.c[name] for name in _NAMES)
    rows = select(*columns).order_by(_s.c.id)
    move = insert(_r).from_select(_NAMES, rows, include_defaults=False)
    # Without this, psycopg's cursor is closed before anybody reads how many rows were new.
    new = connection.execute(move.execution_options(preserve_rowcount=True)).rowcount
    _s.drop(connection, checkfirst=False)
    return int(new)
