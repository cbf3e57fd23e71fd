"""What a unit's quarter adds up to: n, mean and variance, for ranking all units at once."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from storage.database.upsert import table_of
from storage.index.aggregates import Sums
from storage.index.tallies import Cell
from storage.index_tables import Quarter as Row

_q = table_of(Row)


class Quarter(NamedTuple):
    """`quarter` is local, 2026-Q4."""

    unit_id: int
    instrument: str
    quarter: str


QUARTERS = Sums(_q, Quarter, "quarter", {"n": 0, "mean": None, "variance": None, "data": ""})
"""To change quarters by; "" is the data of a new one."""

_OF_ALL = select(_q.c.unit_id, _q.c.n, _q.c.mean, _q.c.variance).where(
    _q.c.quarter == bindparam("quarter"),
    _q.c.instrument == bindparam("instrument"),
    _q.c.mean.is_not(None),
)


def quarter_of(cell: Cell) -> Quarter:
    """The quarter that a cell's month lies in."""
    year, month = cell.month.split("-")
    return Quarter(cell.unit_id, cell.instrument, f"{year}-Q{(int(month) + 2) // 3}")


def numbers(connection: Connection) -> dict[int, int]:
    """Unit id → how many responses to its SKM and its other surveys are folded."""
    query = select(_q.c.unit_id, func.sum(_q.c.n)).group_by(_q.c.unit_id)
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def of_all(connection: Connection, instrument: str, quarter: str) -> Sequence[Any]:
    """unit_id, n, mean and variance of every unit that somebody answered about."""
    params = {"instrument": instrument, "quarter": quarter}
    return connection.execute(_OF_ALL, params).all()


def data(
    connection: Connection, instrument: str, units: Sequence[int] | None, first: str, last: str
) -> Iterator[str]:
    """The tallies, as JSON, of these units (None: of all) in quarters `first` to `last`, both
    included, some at a time."""
    query = select(_q.c.data).where(
        _q.c.instrument == instrument, _q.c.quarter.between(first, last)
    )
    if units is not None:
        query = query.where(_q.c.unit_id.in_(units))
    yield from connection.execute(query, execution_options={"yield_per": 5_000}).scalars()


def of_units(connection: Connection, units: Sequence[int]) -> Sequence[Any]:
    """All quarters of these units, whole."""
    return connection.execute(select(_q).where(_q.c.unit_id.in_(units))).all()
