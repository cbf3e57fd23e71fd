"""Folded cells, and the responses that are in none yet.

Those stand in a table of their own: whoever takes one out of it holds it until the transaction
ends, and either folds the response or changes or erases it. Never by "id greater than the last":
ids commit out of order.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Select,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    text,
    tuple_,
    type_coerce,
    union,
    update,
)
from sqlalchemy.types import NullType

from storage.database.upsert import parts, table_of
from storage.index.aggregates import Sums
from storage.index_tables import Quarter, Tally, Unfolded
from storage.tables import Response

AT_ONCE = 5_000  # rows in memory

_t, _r, _w = table_of(Tally), table_of(Response), table_of(Unfolded)


class Cell(NamedTuple):
    """What responses are folded by. `month` is local, 2026-11."""

    unit_id: int
    service: str
    instrument: str
    month: str
    source: str
    verified: bool


CELLS = Sums(_t, Cell, "month", {"data": ""})
"""To change cells by; "" is the data of a new one."""

_JSON = ("answers", "profile", "extra")
_OF_CELL = ("id", "unit_id", "service", "instrument", "local_date", "source", "verified")
COUNTED = (*_OF_CELL, *_JSON)
"""The columns of a response that is counted."""

_COUNTED = select(*(_r.c[name] for name in (*COUNTED, "told")))
# As they are kept: what many say is decoded once. On SQLite no column is made anything else of than
# it is in the file, so a day is its text and `verified` a number.
_ON_SQLITE = select(*(type_coerce(_r.c[name], NullType()).label(name) for name in COUNTED))
_ON_POSTGRES = select(
    *(_r.c[name] for name in _OF_CELL), *(cast(_r.c[name], Text).label(name) for name in _JSON)
)
_ADD = insert(_w)
# Unit by unit, so that a batch has few cells. On SQLite nobody else writes meanwhile, and what was
# read is what stands first.
_FIRST = (
    _ON_SQLITE.join(_w, _w.c.id == _r.c.id).order_by(_w.c.unit_id, _w.c.id).limit(bindparam("most"))
)
_PASSED = delete(_w).where(tuple_(_w.c.unit_id, _w.c.id) <= tuple_(*map(bindparam, ("unit", "id"))))
# By the rows' own places, whatever Postgres believes of how many there are. What somebody changed
# or erased since this statement began is a row that is gone.
_MINE = text(
    "ctid = ANY(ARRAY(SELECT ctid FROM unfolded ORDER BY unit_id, id LIMIT :most "
    "FOR UPDATE SKIP LOCKED))"
)
_taken = delete(_w).where(_MINE).returning(_w.c.id).cte("taken")
_TAKE = _ON_POSTGRES.join(_taken, _taken.c.id == _r.c.id)
_WITHDRAW = (
    delete(_w)
    .where(_w.c.unit_id == bindparam("unit"), _w.c.id.in_(bindparam("ids", expanding=True)))
    .returning(_w.c.id)
)
_BEHIND = select(func.count(), func.min(_r.c.submitted_at)).join(_w, _w.c.id == _r.c.id)
_UNITS: Any = bindparam("units", expanding=True)
_WHOLE = {
    dialect: query.add_columns(_r.c.salt, _r.c.leaf).where(_r.c.unit_id.in_(_UNITS))
    for dialect, query in (("sqlite", _ON_SQLITE), ("postgresql", _ON_POSTGRES))
}
_WAITING = select(_w.c.id).where(_w.c.unit_id.in_(_UNITS))
# One parameter, however many ids: as many of them take longer than the update.
_IDS = {
    "sqlite": text("SELECT value FROM json_each(:ids)"),
    "postgresql": text("SELECT json_array_elements_text(CAST(:ids AS json))"),
}
_OF_IDS = {dialect: update(_r).where(_r.c.id.in_(ids)) for dialect, ids in _IDS.items()}
_TELL = {each: of.values(told=bindparam("week")) for each, of in _OF_IDS.items()}
_DAYS = _r.c.local_date.between(bindparam("first"), bindparam("last"))
_BETWEEN = _COUNTED.where(_r.c.instrument == bindparam("of"), _DAYS)
_BETWEEN_OF = _BETWEEN.where(_r.c.unit_id.in_(bindparam("units", expanding=True)))
_LOCKED, _LOCKED_OF = _BETWEEN.with_for_update(), _BETWEEN_OF.with_for_update()
_TOLD = _COUNTED.where(_r.c.unit_id == bindparam("unit"), _r.c.told != "")


def mark_told(connection: Connection, ids: Sequence[str], week: str) -> None:
    """That the digest of this week was made of these responses."""
    if ids:
        these = {"ids": json.dumps(ids), "week": week}
        connection.execute(_TELL[connection.dialect.name], these)


def told(connection: Connection, unit_id: int) -> Iterator[Any]:
    """The responses of a unit that a digest was made of, some at a time."""
    yield from connection.execute(
        _TOLD, {"unit": unit_id}, execution_options={"yield_per": AT_ONCE}
    )


def add_unfolded(connection: Connection, unit_id: int, id: str) -> None:
    """That a response, which is kept or was changed, is in no cell."""
    connection.execute(_ADD, {"unit_id": unit_id, "id": id})


def add_all_unfolded(connection: Connection, query: Select[Any]) -> None:
    """… of many; a query of their units and ids."""
    connection.execute(_ADD.from_select(["unit_id", "id"], query))


def claim_unfolded(connection: Connection, most: int) -> Sequence[Any]:
    """Responses in no cell that nobody else is folding, changing or erasing. This transaction has
    to add them to their cells: they are not unfolded any more."""
    if connection.dialect.name == "postgresql":
        return connection.execute(_TAKE, {"most": most}).all()
    rows = [row for part in parts(connection, _FIRST, {"most": most}, most) for row in part]
    if rows:
        id, unit, *_ = rows[-1]
        connection.execute(_PASSED, {"unit": unit, "id": id})
    return rows


def withdraw(connection: Connection, rows: Sequence[Any]) -> list[Any]:
    """Those of a unit's responses, locked by this transaction, that are in cells; nobody folds the
    others any more."""
    if not rows:
        return []
    these = {"unit": rows[0].unit_id, "ids": [row.id for row in rows]}
    others = set(connection.execute(_WITHDRAW, these).scalars())
    return [row for row in rows if row.id not in others]


def unfolded(connection: Connection) -> tuple[int, int | None]:
    """How many responses are not folded yet, and when the oldest of those came whose time is
    known."""
    number, oldest = connection.execute(_BEHIND).one()
    return int(number), oldest


def unit_ids(connection: Connection) -> list[int]:
    """The units of responses, cells and quarters, whether or not there are such units."""
    of = (select(table.c.unit_id) for table in (_r, _t, table_of(Quarter)))
    return sorted(connection.execute(union(*of)).scalars())


def of_units(connection: Connection, units: Sequence[int]) -> Iterator[Sequence[Any]]:
    """Every response of these units as it is claimed, with its salt and leaf, part by part."""
    return parts(connection, _WHOLE[connection.dialect.name], {"units": units}, AT_ONCE)


def waiting(connection: Connection, units: Sequence[int]) -> set[str]:
    """The ids of those that are in no cell."""
    return set(connection.execute(_WAITING, {"units": units}).scalars())


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
    for row in connection.execute(query, execution_options={"yield_per": AT_ONCE}):
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
    days = {"of": instrument, "first": first, "last": last}
    if units is None:
        return connection.execute(_LOCKED if lock else _BETWEEN, days).all()
    return connection.execute(_LOCKED_OF if lock else _BETWEEN_OF, {**days, "units": units}).all()
