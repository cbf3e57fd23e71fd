"""Rows of an import before they are responses, in a table that only one connection sees.

To make 100,000 rows takes seconds, to move them one second: only then would a writer wait, so they
are moved some thousand at a time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    literal,
    select,
)

from storage.database.upsert import table_of
from storage.index import tallies
from storage.index_tables import Imported
from storage.tables import Response


def _default(column: Any) -> Any:
    return column.default.arg if column.default is not None else None


_r, _i = table_of(Response), table_of(Imported)
_s = Table(
    "staged",
    MetaData(),
    *(Column(each.name, each.type, default=_default(each)) for each in _r.c),
    Column(
        "place", Integer, primary_key=True, autoincrement=False
    ),  # among the file's rows, from 0
    Column("key", String),  # of the row's own id, "" without one: storage.answers.imports
    prefixes=["TEMPORARY"],
)
_NAMES = [column.name for column in _r.c]


def make(connection: Connection) -> None:
    """Begin anew, with no row."""
    _s.drop(connection, checkfirst=True)
    _s.create(connection, checkfirst=False)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    connection.execute(insert(_s), rows)


def new(connection: Connection, unit_id: int) -> int:
    """How many rows were not imported before, by their key."""
    query = select(func.count()).select_from(_s).where(_is_new(unit_id))
    return int(connection.execute(query).scalar_one())


def keep(connection: Connection, unit_id: int, file: str, places: range, at: int) -> int:
    """Make responses of the rows at these places but those that were imported before; their
    number. `file`: `imports.id_of` its key. The unit is locked: nobody else imports into it."""
    these = _s.c.place.between(places.start, places.stop - 1) & _is_new(unit_id)
    # In the order of their key, which is random: so SQLite fills its index page by page.
    columns = (literal(file) if name == "file" else _s.c[name] for name in _NAMES)
    rows = select(*columns).where(these).order_by(_s.c.id)
    move = insert(_r).from_select(_NAMES, rows, include_defaults=False)
    # Without this, psycopg's cursor is closed before anybody reads how many rows were new.
    number = connection.execute(move.execution_options(preserve_rowcount=True)).rowcount
    tallies.add_all_unfolded(connection, select(_s.c.unit_id, _s.c.id).where(these))
    keys = select(literal(unit_id), _s.c.key, literal(file), literal(at))
    keys = keys.where(these, _s.c.key != "").distinct()
    connection.execute(insert(_i).from_select(["unit_id", "what", "file", "at"], keys))
    return int(number)


def _is_new(unit_id: int) -> ColumnElement[bool]:
    return ~select(_i.c.what).where(_i.c.what == _s.c.key, _i.c.unit_id == unit_id).exists()
