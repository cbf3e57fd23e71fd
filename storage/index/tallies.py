"""Folded cells, and the responses that are not folded yet.

Rows are claimed by what they are (`NOT folded`), never by "id greater than the last": ids commit
out of order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text, union, update

from storage.database.upsert import table_of
from storage.index.aggregates import Sums
from storage.index_tables import Quarter, Tally
from storage.tables import Response

_t, _r = table_of(Tally), table_of(Response)


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What responses are folded by. `month` is local, 2026-11."""

    unit_id: int
    service: str
    instrument: str
    month: str
    source: str
    verified: bool


CELLS = Sums(_t, Cell, "month", {"data": ""})
"""To change cells by; "" is the data of a new one."""

_COUNTED = select(
    _r.c.id,
    _r.c.unit_id,
    _r.c.service,
    _r.c.instrument,
    _r.c.local_date,
    _r.c.source,
    _r.c.verified,
    _r.c.answers,
    _r.c.profile,
    _r.c.extra,
    _r.c.told,
)
# Unit by unit, so that a batch has few cells; in the very words of the index that holds only what
# is not folded, or SQLite does not use it.
_UNFOLDED = (
    _COUNTED.where(text("NOT folded"))
    .order_by(_r.c.unit_id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_BEHIND = select(func.count(), func.min(_r.c.submitted_at)).where(text("NOT folded"))
_MARK = (
    update(_r)
    .where(_r.c.id.in_(bindparam("ids", expanding=True)))
    .values(folded=bindparam("is_in"))
)


_TELL = (
    update(_r).where(_r.c.id.in_(bindparam("ids", expanding=True))).values(told=bindparam("week"))
)
_TOLD = _COUNTED.where(_r.c.unit_id == bindparam("unit"), _r.c.told != "")
_MANY = 10_000  # SQLite takes 32,766 parameters


def mark_told(connection: Connection, ids: Sequence[str], week: str) -> None:
    """That the digest of this week was made of these responses."""
    for first in range(0, len(ids), _MANY):
        some = ids[first : first + _MANY]
        connection.execute(_TELL, {"ids": some, "week": week})


def told(connection: Connection, unit_id: int) -> Iterator[Any]:
    """The responses of a unit that a digest was made of, some at a time."""
    yield from connection.execute(_TOLD, {"unit": unit_id}, execution_options={"yield_per": 5_000})


def cell_of(row: Any) -> Cell:
    """The cell of a response's row."""
    month = row.local_date.isoformat()[:7]
    return Cell(row.unit_id, row.service, row.instrument, month, row.source, row.verified)


def claim_unfolded(connection: Connection, most: int) -> Sequence[Any]:
    """Responses that nobody else is folding, locked until the transaction ends."""
    return connection.execute(_UNFOLDED, {"most": most}).all()


def unfolded(connection: Connection) -> tuple[int, int | None]:
    """How many responses are not folded yet, and when the oldest of those came whose time is
    known."""
    number, oldest = connection.execute(_BEHIND).one()
    return int(number), oldest


def mark_folded(connection: Connection, ids: Sequence[str], is_in: bool = True) -> None:
    """Whether these responses are in their cells."""
    if ids:
        connection.execute(_MARK, {"ids": ids, "is_in": is_in})


def unit_ids(connection: Connection) -> list[int]:
    """The units of responses, cells and quarters, whether or not there are such units."""
    of = (select(table.c.unit_id) for table in (_r, _t, table_of(Quarter)))
    return sorted(connection.execute(union(*of)).scalars())


def folded(connection: Connection, units: Sequence[int]) -> Sequence[Any]:
    """Every response of these units that is in a cell."""
    return connection.execute(_COUNTED.where(_r.c.unit_id.in_(units), _r.c.folded)).all()


def cells(
    connection: Connection,
    instrument: str | None = None,
    units: Sequence[int] | None = None,
    first: str = "",
    last: str = "9999-99",
) -> Iterator[tuple[Cell, str]]:
    """Cells and their data, months `first` to `last` (both included), some at a time."""
    query = select(_t).where(_t.c.month.between(first, last))
    if instrument is not None:
        query = query.where(_t.c.instrument == instrument)
    if units is not None:
        query = query.where(_t.c.unit_id.in_(units))
    for row in connection.execute(query, execution_options={"yield_per": 5_000}):
        yield Cell(*row[:-1]), row.data


def rows_between(
    connection: Connection,
    instrument: str,
    units: Sequence[int] | None,
    first: date,
    last: date,
    *,
    lock: bool = False,
) -> Sequence[Any]:
    """Responses of these local days (both included), folded or not. With `lock` nobody changes or
    erases one of them until the transaction ends."""
    query = _COUNTED.where(_r.c.instrument == instrument, _r.c.local_date.between(first, last))
    if units is not None:
        query = query.where(_r.c.unit_id.in_(units))
    return connection.execute(query.with_for_update() if lock else query).all()
