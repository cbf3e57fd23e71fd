"""When heads want to be told of their units, of what not, and what they were told last.

What was told last rises and never falls: so a change of day or hour, a clock that jumps back and a
second process find nothing that would be told again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, and_, bindparam, delete, func, select, update

from storage.database.upsert import insert_once, table_of
from storage.office.roles import Head
from storage.office_tables import Briefing
from storage.tables import Role, Unit

Rhythm = Literal["week", "month", "both"]
Told = Literal["week", "month"]

_b, _r, _u = table_of(Briefing), table_of(Role), table_of(Unit)


@dataclass(frozen=True, slots=True)
class Wish:
    """`weekday`: 0 is Monday; `hour`: local; `muted`: kinds of alerts that are not sent."""

    rhythm: Rhythm = "week"
    weekday: int = 0
    hour: int = 8
    muted: frozenset[str] = frozenset()


DEFAULT = Wish()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A head who was told up to the period `told` and wants to be told on that day and hour."""

    head: Head
    since: int
    weekday: int
    hour: int
    told: str


_RHYTHM = func.coalesce(_b.c.rhythm, DEFAULT.rhythm)
_WEEKDAY = func.coalesce(_b.c.weekday, DEFAULT.weekday)
_HOUR = func.coalesce(_b.c.hour, DEFAULT.hour)
_TOLD = {"week": func.coalesce(_b.c.told_week, ""), "month": func.coalesce(_b.c.told_month, "")}
_HEADS = (
    _r.join(_u, _u.c.folded_code == func.lower(_r.c.scope))  # codes are ASCII
).outerjoin(_b, and_(_b.c.address == _r.c.address, _b.c.unit_id == _u.c.id))
_IS_HEAD = and_(_r.c.role == "head", _r.c.scope_kind == "unit")
_WAITING = {
    kind: select(_r.c.address, _u.c.code, _r.c.language, _r.c.since, _WEEKDAY, _HOUR, told)
    .select_from(_HEADS)
    .where(
        _IS_HEAD,
        _u.c.timezone == bindparam("timezone"),
        _RHYTHM.in_(("both", kind)),
        told < bindparam("period"),
    )
    .order_by(_u.c.code, _r.c.address)
    for kind, told in _TOLD.items()
}
_UNLOOKED = (
    select(_r.c.address, _u.c.code, _r.c.language)
    .select_from(_HEADS)
    .where(
        _IS_HEAD,
        _u.c.timezone == bindparam("timezone"),
        func.coalesce(_b.c.looked, "") < bindparam("day"),
    )
    .order_by(_u.c.code, _r.c.address)
    .limit(bindparam("most"))
)
_ZONES = select(_u.c.timezone).select_from(_HEADS).where(_IS_HEAD).distinct()
_FORGET = delete(_b).where(
    _b.c.address == bindparam("who"),
    _b.c.unit_id.in_(select(_u.c.id).where(_u.c.folded_code == func.lower(bindparam("code")))),
)
_MINE = (_b.c.address == bindparam("who"), _b.c.unit_id == bindparam("of"))


def of(connection: Connection, address: str, unit_id: int) -> Wish:
    row = _row(connection, address, unit_id)
    if row is None:
        return DEFAULT
    return Wish(row.rhythm, row.weekday, row.hour, frozenset(row.muted.split()))


def wish(connection: Connection, address: str, unit_id: int, wanted: Wish) -> Wish:
    """Keep what a head wants; what was wanted before."""
    before = of(connection, address, unit_id)
    _set(
        connection,
        address,
        unit_id,
        rhythm=wanted.rhythm,
        weekday=wanted.weekday,
        hour=wanted.hour,
        muted=" ".join(sorted(wanted.muted)),
    )
    return before


def waiting(connection: Connection, kind: Told, timezone: str, period: str) -> list[Waiting]:
    """Heads in a zone who were told neither of this period nor of a later one."""
    rows = connection.execute(_WAITING[kind], {"timezone": timezone, "period": period})
    return [Waiting(Head(*row[:3]), *row[3:]) for row in rows]


def told(connection: Connection, kind: Told, address: str, unit_id: int, period: str) -> None:
    _set(connection, address, unit_id, **{f"told_{kind}": period})


def was_told(connection: Connection, address: str, unit_id: int, week: str) -> bool:
    """Whether a head was told of this week, or of a later one."""
    row = _row(connection, address, unit_id)
    return row is not None and bool(row.told_week >= week)


def zones(connection: Connection) -> list[str]:
    """The time zones in which there are units with heads."""
    return list(connection.execute(_ZONES).scalars())


def unlooked(connection: Connection, timezone: str, day: str, most: int) -> list[Head]:
    """Heads for whom nobody looked on this local day for something urgent."""
    rows = connection.execute(_UNLOOKED, {"timezone": timezone, "day": day, "most": most})
    return [Head(*row) for row in rows]


def look(connection: Connection, address: str, unit_id: int, day: str) -> bool:
    """Whether this is the first look on this day: of two processes one looks."""
    insert_once(connection, _b, **_new(address, unit_id))
    first = update(_b).where(*_MINE, _b.c.looked < day).values(looked=day)
    return connection.execute(first, {"who": address, "of": unit_id}).rowcount == 1


def arrived(connection: Connection, address: str, unit_id: int) -> None:
    """A digest arrived: failures are counted anew."""
    none = update(_b).where(*_MINE, _b.c.failed > 0).values(failed=0)
    connection.execute(none, {"who": address, "of": unit_id})


def failed(connection: Connection, address: str, unit_id: int) -> int:
    """A digest will not arrive; how many in a row did not."""
    _set(connection, address, unit_id, failed=_b.c.failed + 1)
    row = _row(connection, address, unit_id)
    assert row is not None
    return int(row.failed)


def failing(connection: Connection, unit_ids: Sequence[int]) -> dict[int, int]:
    """Unit → how many digests in a row did not arrive at one of its heads, of those units where
    the last one did not."""
    query = select(_b.c.unit_id, func.max(_b.c.failed)).where(_b.c.unit_id.in_(unit_ids))
    rows = connection.execute(query.where(_b.c.failed > 0).group_by(_b.c.unit_id))
    return {row[0]: row[1] for row in rows}


def forget(connection: Connection, address: str, code: str) -> None:
    """What a chat wanted to be told of a unit that it heads no more."""
    connection.execute(_FORGET, {"who": address, "code": code})


def _row(connection: Connection, address: str, unit_id: int) -> Any:
    query = select(_b).where(_b.c.address == address, _b.c.unit_id == unit_id)
    return connection.execute(query).first()


def _new(address: str, unit_id: int) -> Mapping[str, object]:
    return Briefing(address=address, unit_id=unit_id).model_dump()


def _set(connection: Connection, address: str, unit_id: int, **values: Any) -> None:
    change, mine = update(_b).where(*_MINE).values(**values), {"who": address, "of": unit_id}
    if not connection.execute(change, mine).rowcount:  # as a rule the row is there
        insert_once(connection, _b, **_new(address, unit_id))
        connection.execute(change, mine)
