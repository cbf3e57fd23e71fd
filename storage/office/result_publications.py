"""Where and when a period's results were published, as somebody of the unit said.

Its table has all that is known of one as its key: who says the same twice has said it once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, delete, select

from storage.database.upsert import insert_once, table_of
from storage.office_tables import ResultPublication as Row

_p = table_of(Row)
_COLUMNS = (_p.c.period, _p.c.medium, _p.c.published_on)
_LATEST = (
    select(*_COLUMNS)
    .where(_p.c.unit_id == bindparam("unit"))
    .order_by(_p.c.published_on.desc(), _p.c.period.desc(), _p.c.medium)
    .limit(bindparam("most"))
)
_BETWEEN = (
    select(*_COLUMNS)
    .where(
        _p.c.unit_id == bindparam("unit"),
        _p.c.published_on.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_p.c.published_on, _p.c.period, _p.c.medium)
)


@dataclass(frozen=True, slots=True)
class ResultPublication:
    """`period`: whose results; `medium`: of `flows.office.result_publication`; `on`: a local
    day."""

    period: str
    medium: str
    on: date


def keep(
    connection: Connection, unit_id: int, published: ResultPublication, at: int, by: str
) -> bool:
    """False where that was said before."""
    return insert_once(
        connection,
        _p,
        unit_id=unit_id,
        period=published.period,
        medium=published.medium,
        published_on=published.on,
        at=at,
        by=by,
    )


def remove(connection: Connection, unit_id: int, published: ResultPublication) -> bool:
    """One that was said by mistake. False where it is gone already."""
    gone = delete(_p).where(
        _p.c.unit_id == unit_id,
        _p.c.period == published.period,
        _p.c.medium == published.medium,
        _p.c.published_on == published.on,
    )
    return connection.execute(gone).rowcount == 1


def latest(connection: Connection, unit_id: int, most: int) -> list[ResultPublication]:
    """A unit's last ones, the latest first."""
    rows = connection.execute(_LATEST, {"unit": unit_id, "most": most})
    return [ResultPublication(*row) for row in rows]


def between(
    connection: Connection, unit_id: int, first: date, last: date
) -> list[ResultPublication]:
    """Those of these days, both included, in their order."""
    params = {"unit": unit_id, "first": first, "last": last}
    return [ResultPublication(*row) for row in connection.execute(_BETWEEN, params)]


def media_of(
    connection: Connection, unit_ids: Sequence[int], first: date, last: date
) -> dict[int, set[str]]:
    """Unit → the media in which it published on these days, of those that did."""
    query = select(_p.c.unit_id, _p.c.medium).distinct()
    query = query.where(_p.c.unit_id.in_(unit_ids), _p.c.published_on.between(first, last))
    found: dict[int, set[str]] = {}
    for unit, medium in connection.execute(query):
        found.setdefault(unit, set()).add(medium)
    return found
