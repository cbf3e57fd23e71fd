"""Folded cells, and the responses that are not folded yet.

Rows are claimed by what they are (`NOT folded`), never by "id greater than the last": ids commit
out of order.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Text, bindparam, cast, func, select, text, union, update

from storage.database.upsert import table_of
from storage.index.aggregates import Sums
from storage.index_tables import Quarter, Tally
from storage.tables import Response

_t, _r = table_of(Tally), table_of(Response)


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
# As they are kept: of what many say the same is read once.
_TEXTS = select(
    *(_r.c[name] for name in _OF_CELL), *(cast(_r.c[name], Text).label(name) for name in _JSON)
)
# Unit by unit, so that a batch has few cells; in the very words of the index that holds only what
# is not folded, or SQLite does not use it.
_UNFOLDED = (
    _TEXTS.where(text("NOT folded"))
    .order_by(_r.c.unit_id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_BEHIND = select(func.count(), func.min(_r.c.submitted_at)).where(text("NOT folded"))
# One parameter, however many ids: as many of them take longer than the update.
_IDS = {
    "sqlite": text("SELECT value FROM json_each(:ids)"),
    "postgresql": text("SELECT json_array_elements_text(CAST(:ids AS json))"),
}
_OF_IDS = {dialect: update(_r).where(_r.c.id.in_(ids)) for dialect, ids in _IDS.items()}
_MARK = {each: of.values(folded=bindparam("is_in")) for each, of in _OF_IDS.items()}
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
    yield from connection.execute(_TOLD, {"unit": unit_id}, execution_options={"yield_per": 5_000})


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
        these = {"ids": json.dumps(ids), "is_in": is_in}
        connection.execute(_MARK[connection.dialect.name], these)


def unit_ids(connection: Connection) -> list[int]:
    """The units of responses, cells and quarters, whether or not there are such units."""
    of = (select(table.c.unit_id) for table in (_r, _t, table_of(Quarter)))
    return sorted(connection.execute(union(*of)).scalars())


def folded(connection: Connection, units: Sequence[int]) -> Iterable[Any]:
    """Every response of these units that is in a cell, some at a time."""
    query = _TEXTS.where(_r.c.unit_id.in_(units), _r.c.folded)
    return connection.execute(query, execution_options={"yield_per": 5_000})


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
    days = {"of": instrument, "first": first, "last": last}
    if units is None:
        return connection.execute(_LOCKED if lock else _BETWEEN, days).all()
    return connection.execute(_LOCKED_OF if lock else _BETWEEN_OF, {**days, "units": units}).all()
