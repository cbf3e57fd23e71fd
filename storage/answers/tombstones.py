"""What is left of erased responses that digests or sheets count: their leaf and their day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from storage.database.upsert import insert_once, table_of
from storage.index_tables import Tombstone

_t = table_of(Tombstone)


def keep(connection: Connection, row: Any) -> None:
    """Of a response that is erased."""
    names = ("leaf", "unit_id", "instrument", "local_date", "told", "source")
    insert_once(connection, _t, **{name: getattr(row, name) for name in names})


def between(
    connection: Connection, unit_id: int, instrument: str, first: date, last: date
) -> Sequence[Any]:
    """The tombstones of these local days (both included)."""
    days = _t.c.local_date.between(first, last)
    query = select(_t).where(_t.c.unit_id == unit_id, _t.c.instrument == instrument, days)
    return connection.execute(query.order_by(_t.c.leaf)).all()


def found(connection: Connection, leaves: tuple[bytes, bytes]) -> bool:
    """Whether there is one with a leaf in this range (`storage.answers.receipts.leaves_of`)."""
    return (
        connection.execute(select(_t.c.leaf).where(_t.c.leaf.between(*leaves))).first() is not None
    )


def number_told(connection: Connection, unit_id: int) -> dict[str, int]:
    """Week → how many of the responses that its digest told were erased."""
    query = select(_t.c.told, func.count()).where(_t.c.unit_id == unit_id, _t.c.told != "")
    return {row[0]: row[1] for row in connection.execute(query.group_by(_t.c.told))}
