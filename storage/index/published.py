"""Sheets of many units read at once, for pages and open data: heads without contents first, so that
a nation's are seen in a second, then only the contents that are wanted."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from storage.database.upsert import table_of
from storage.index.sheets import Sheet
from storage.index_tables import LogEntry
from storage.index_tables import Sheet as Row

AT_ONCE = 500  # ids in one statement
READ = 5_000  # rows at a time

_s, _e = table_of(Row), table_of(LogEntry)
_COLUMNS = (_s.c.id, _s.c.unit_id, _s.c.number, _s.c.period, _s.c.content, _s.c.hash)
_HEADS = (
    select(_s.c.id, _s.c.unit_id, _s.c.number, _s.c.period, _s.c.hash, _s.c.at)
    .where(_s.c.id > bindparam("after"))
    .order_by(_s.c.id)
)
_LAST = select(func.coalesce(func.max(_s.c.id), 0))
_BY_ID = select(*_COLUMNS).where(_s.c.id.in_(bindparam("ids", expanding=True)))
_OF_UNITS = (
    select(*_COLUMNS)
    .where(_s.c.unit_id.in_(bindparam("units", expanding=True)))
    .order_by(_s.c.unit_id, _s.c.number)
)
_LATER = select(_e.c.says).where(_e.c.position >= bindparam("size"), _e.c.says != "")


class Head(NamedTuple):
    """A sheet without its content. `at`: Unix seconds."""

    id: int
    unit_id: int
    number: int
    period: str
    hash: bytes
    at: int


def heads(connection: Connection, after: int = 0) -> Iterator[Head]:
    """Of all sheets behind that id, in the order in which they were kept."""
    rows = connection.execute(_HEADS, {"after": after}, execution_options={"yield_per": READ})
    for part in rows.partitions():  # a call for some thousand rows, not for each
        yield from map(Head._make, part)


def last(connection: Connection) -> int:
    """The id of the newest sheet; 0: there is none."""
    return int(connection.execute(_LAST).scalar_one())


def by_ids(connection: Connection, ids: Sequence[int]) -> Iterator[Sheet]:
    """In the order of the ids; some hundred are held at once."""
    for at in range(0, len(ids), AT_ONCE):
        part = ids[at : at + AT_ONCE]
        found = {row.id: row for row in connection.execute(_BY_ID, {"ids": part})}
        yield from (Sheet(*found[id]) for id in part)


def of_units(connection: Connection, units: Sequence[int]) -> dict[int, list[Sheet]]:
    """Unit → its sheets in the order of their numbers."""
    found: dict[int, list[Sheet]] = {unit: [] for unit in units}
    for at in range(0, len(units), AT_ONCE):
        for row in connection.execute(_OF_UNITS, {"units": units[at : at + AT_ONCE]}):
            found[row.unit_id].append(Sheet(*row))
    return found


def said_from(connection: Connection, size: int) -> list[str]:
    """What the entries of the transparency log say that are behind its first `size`."""
    return list(connection.execute(_LATER, {"size": size}).scalars())
