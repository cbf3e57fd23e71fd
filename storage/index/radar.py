"""What the radar looks at, and what it found, kept when the exact times are gone."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, update

from storage.database.upsert import insert_once, table_of
from storage.index_tables import Radar as Row
from storage.periods import Kind, Period
from storage.tables import Response, Unit

_f, _r, _u = table_of(Row), table_of(Response), table_of(Unit)
_SEEN = (
    _r.c.id,
    _r.c.unit_id,
    _r.c.instrument,
    _r.c.answers,
    _r.c.local_date,
    _r.c.submitted_at,
    _r.c.duration,
    _r.c.service,
    _r.c.source,
)
_DAYS = _r.c.local_date.between(bindparam("first"), bindparam("last"))
_OF_UNIT = select(*_SEEN).where(_r.c.unit_id == bindparam("unit"), _DAYS)
_OF_KIND = (
    select(*_SEEN)
    .join(_u, _u.c.id == _r.c.unit_id)
    .where(_u.c.kind == bindparam("kind"), _r.c.instrument == bindparam("instrument"), _DAYS)
    .order_by(_r.c.unit_id)
)
_KEPT_OF_KIND = (
    select(_f.c.unit_id, _f.c.findings)
    .join(_u, _u.c.id == _f.c.unit_id)
    .where(
        _u.c.kind == bindparam("kind"),
        _f.c.instrument == bindparam("instrument"),
        _f.c.period == bindparam("period"),
    )
)
_KEY = (
    _f.c.unit_id == bindparam("unit"),
    _f.c.instrument == bindparam("asked"),
    _f.c.period == bindparam("name"),
)
_GET = select(_f.c.findings, _f.c.at).where(*_KEY)
_SET = update(_f).where(*_KEY).values(findings=bindparam("text"), at=bindparam("now"))
_SUITS = (_u.c.period == bindparam("kind"), _u.c.timezone == bindparam("timezone"))
_UNSEEN = (
    select(_u.c.id)
    .where(
        *_SUITS,
        ~exists().where(_f.c.unit_id == _u.c.id, _f.c.period == bindparam("period")),
        exists().where(_r.c.unit_id == _u.c.id, _DAYS),
    )
    .order_by(_u.c.id)
    .limit(bindparam("most"))
)


def responses(connection: Connection, unit_id: int, period: Period) -> Sequence[Any]:
    """A unit's responses of the period, of all instruments, with times and durations."""
    days = {"first": period.first, "last": period.last}
    return connection.execute(_OF_UNIT, {"unit": unit_id, **days}).all()


def instruments(connection: Connection, unit_id: int, period: Period) -> list[str]:
    """Those that a unit was answered about by in the period."""
    query = select(_r.c.instrument).where(_r.c.unit_id == unit_id, _DAYS).distinct()
    days = {"first": period.first, "last": period.last}
    return list(connection.execute(query, days).scalars())


def responses_of_kind(
    connection: Connection, kind: str, instrument: str, period: Period
) -> Iterator[Any]:
    """The same of all units of a kind, unit by unit, for one instrument; some at a time."""
    days = {"first": period.first, "last": period.last}
    params = {"kind": kind, "instrument": instrument, **days}
    yield from connection.execute(_OF_KIND, params, execution_options={"yield_per": 5_000})


def keep(
    connection: Connection, unit_id: int, instrument: str, period: str, findings: str, at: int
) -> None:
    """Keep findings (JSON) in place of earlier ones."""
    key = {"unit_id": unit_id, "instrument": instrument, "period": period}
    if not insert_once(connection, _f, **key, findings=findings, at=at):
        params = {"unit": unit_id, "asked": instrument, "name": period}
        connection.execute(_SET, {**params, "text": findings, "now": at})


def get(
    connection: Connection, unit_id: int, instrument: str, period: str
) -> tuple[str, int] | None:
    """Findings and when they were made."""
    params = {"unit": unit_id, "asked": instrument, "name": period}
    row = connection.execute(_GET, params).first()
    return (row.findings, row.at) if row else None


def of_kind(
    connection: Connection, kind: str, instrument: str, period: str
) -> list[tuple[int, str]]:
    """Unit id and findings of the units of a kind that were looked at."""
    params = {"kind": kind, "instrument": instrument, "period": period}
    return [(row.unit_id, row.findings) for row in connection.execute(_KEPT_OF_KIND, params)]


def looked_at(connection: Connection, unit_id: int, period: str) -> bool:
    query = select(_f.c.unit_id).where(_f.c.unit_id == unit_id, _f.c.period == period).limit(1)
    return connection.execute(query).first() is not None


def cycles(connection: Connection) -> list[tuple[Kind, str]]:
    """Every SKM period kind and zone that units have together."""
    query = select(_u.c.period, _u.c.timezone).distinct()
    return [(row.period, row.timezone) for row in connection.execute(query)]


def unseen(connection: Connection, period: Period, timezone: str, most: int) -> list[int]:
    """Units with this SKM period and zone that were answered about in it and not looked at."""
    days = {"first": period.first, "last": period.last, "period": period.name}
    params = {"kind": period.kind, "timezone": timezone, "most": most, **days}
    return list(connection.execute(_UNSEEN, params).scalars())


def opening_hours(connection: Connection, unit_id: int) -> str:
    """As the units file wrote them; "" where it did not."""
    return connection.execute(select(_u.c.opening_hours).where(_u.c.id == unit_id)).scalar_one()
