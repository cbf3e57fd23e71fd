"""Follow-up plans (rencana tindak lanjut, RTL): made, begun, moved, and closed once.

Every change is a conditional update of an open plan: of two who close one at once, one does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, bindparam, func, insert, select, update

from flows.office.proof import File
from storage.database.upsert import table_of
from storage.office.roles import Head
from storage.office_tables import FollowUp as Row
from storage.office_tables import file_columns, file_in
from storage.tables import Role
from storage.tables import Unit as UnitRow

Status = Literal["planned", "running", "done", "dropped"]

_f, _u, _r = table_of(Row), table_of(UnitRow), table_of(Role)
_IS_OPEN = _f.c.finished_on.is_(None)
_INSERT = insert(_f).returning(_f.c.id)
_OPEN = (
    select(_f)
    .where(_f.c.unit_id == bindparam("unit"), _IS_OPEN)
    .order_by(_f.c.due, _f.c.id)
    .limit(bindparam("most"))
)
_ONE = select(_f).where(_f.c.id == bindparam("id"), _f.c.unit_id == bindparam("unit"))
_PLANNED = (
    select(_f)
    .where(
        _f.c.unit_id == bindparam("unit"),
        _f.c.planned_on.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_f.c.planned_on, _f.c.id)
)
_DONE = (
    select(_f)
    .where(
        _f.c.unit_id.in_(bindparam("units", expanding=True)),
        _f.c.element == bindparam("element"),
        _f.c.status == "done",
    )
    .order_by(_f.c.finished_on.desc(), _f.c.id.desc())
)
_ENDED = (
    select(_f)
    .where(_f.c.unit_id == bindparam("unit"), _f.c.status == "done")
    .order_by(_f.c.finished_on.desc(), _f.c.id.desc())
    .limit(bindparam("most"))
)
_DUE = (
    select(_f, _u.c.code, _u.c.name, _u.c.timezone)
    .join(_u, _u.c.id == _f.c.unit_id)
    .where(_IS_OPEN, _f.c.due <= bindparam("until"))
    .order_by(_f.c.id)
)
_HEADS = (
    select(_r.c.address, _r.c.scope, _r.c.language)
    .where(
        _r.c.role == "head",
        _r.c.scope_kind == "unit",
        func.lower(_r.c.scope) == bindparam("code"),  # codes are ASCII
    )
    .order_by(_r.c.address)
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for an element. `due`: a local day; `person`: a function, no name."""

    element: str
    programme: str
    due: date
    person: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`finished_on`: the local day on which it was done or dropped; None while it is open."""

    id: int
    unit_id: int
    plan: Plan
    status: Status
    planned_on: date
    finished_on: date | None
    proof: str
    told: str
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """An open one whose day is near or past, with its unit's code, name and time zone.

    `reminded`: the last stage at which its heads were."""

    follow_up: FollowUp
    code: str
    unit: str
    timezone: str
    reminded: int


def keep(connection: Connection, unit_id: int, plan: Plan, today: date, at: int, by: str) -> int:
    """A new plan, made today (the unit's local day); its id."""
    values = {
        "unit_id": unit_id,
        "element": plan.element,
        "programme": plan.programme,
        "due": plan.due,
        "person": plan.person,
        "status": "planned",
        "planned_on": today,
        "proof": "",
        **file_columns(None),
        "told": "",
        "reminded": 0,
        "at": at,
        "by": by,
    }
    return int(connection.execute(_INSERT, values).scalar_one())


def open_of(connection: Connection, unit_id: int, most: int) -> list[FollowUp]:
    """A unit's open ones, the earliest due first: what is overdue stands on top."""
    rows = connection.execute(_OPEN, {"unit": unit_id, "most": most}).mappings()
    return [_made(row) for row in rows]


def done_of(connection: Connection, unit_id: int, most: int) -> list[FollowUp]:
    """What a unit has finished, the latest first."""
    rows = connection.execute(_ENDED, {"unit": unit_id, "most": most}).mappings()
    return [_made(row) for row in rows]


def one(connection: Connection, unit_id: int, id: int) -> FollowUp | None:
    """None where that unit has none of that id."""
    row = connection.execute(_ONE, {"unit": unit_id, "id": id}).mappings().first()
    return _made(row) if row else None


def planned_in(connection: Connection, unit_id: int, first: date, last: date) -> list[FollowUp]:
    """All that were planned on these days, both included, open or not, in that order."""
    params = {"unit": unit_id, "first": first, "last": last}
    return [_made(row) for row in connection.execute(_PLANNED, params).mappings()]


def planned_of(
    connection: Connection, unit_ids: Sequence[int], first: date, last: date
) -> dict[int, list[FollowUp]]:
    """Unit → as `planned_in`, of those of these units that planned anything."""
    query = select(_f).where(_f.c.unit_id.in_(unit_ids), _f.c.planned_on.between(first, last))
    found: dict[int, list[FollowUp]] = {}
    for row in connection.execute(query.order_by(_f.c.planned_on, _f.c.id)).mappings():
        found.setdefault(row["unit_id"], []).append(_made(row))
    return found


def done_for(connection: Connection, units: Sequence[int], element: str) -> dict[int, FollowUp]:
    """Unit → what it finished last for the element, of those units that finished anything."""
    rows = connection.execute(_DONE, {"units": units, "element": element}).mappings()
    found: dict[int, FollowUp] = {}
    for row in rows:
        found.setdefault(row["unit_id"], _made(row))
    return found


def due_until(connection: Connection, until: date) -> list[Due]:
    """The open ones of all units that are due by that day."""
    rows = connection.execute(_DUE, {"until": until}).mappings()
    return [
        Due(_made(row), row["code"], row["name"], row["timezone"], row["reminded"]) for row in rows
    ]


def heads(connection: Connection, code: str) -> list[Head]:
    """The heads of the unit with that code."""
    rows = connection.execute(_HEADS, {"code": code.casefold()})
    return [Head(*row) for row in rows]


def remind(connection: Connection, id: int, stage: int) -> bool:
    """True for whoever comes first to a stage, which only rises; False too where it is closed."""
    here = (_f.c.id == id, _IS_OPEN, _f.c.reminded < stage)
    return connection.execute(update(_f).where(*here).values(reminded=stage)).rowcount == 1


def begin(connection: Connection, unit_id: int, id: int) -> bool:
    """False where it is not open any more; one that had begun has begun."""
    return _change(connection, unit_id, id, status="running")


def move(connection: Connection, unit_id: int, id: int, due: date) -> bool:
    """To another day, of which its heads are reminded anew. False where it is not open any more."""
    return _change(connection, unit_id, id, due=due, reminded=0)


def finish(
    connection: Connection,
    unit_id: int,
    id: int,
    today: date,
    proof: str,
    told: str,
    file: File | None = None,
) -> bool:
    """`proof`: words; `file`: in their place. False where it is not open any more: somebody else
    has closed it."""
    done: dict[str, Any] = {"status": "done", "finished_on": today, "proof": proof, "told": told}
    done |= file_columns(file)
    return _change(connection, unit_id, id, **done)


def drop(connection: Connection, unit_id: int, id: int, today: date) -> bool:
    """False where it is not open any more."""
    return _change(connection, unit_id, id, status="dropped", finished_on=today)


def _change(connection: Connection, unit_id: int, id: int, **values: Any) -> bool:
    here = (_f.c.id == id, _f.c.unit_id == unit_id, _IS_OPEN)
    return connection.execute(update(_f).where(*here).values(**values)).rowcount == 1


def _made(row: RowMapping) -> FollowUp:
    plan = Plan(row["element"], row["programme"], row["due"], row["person"])
    state = row["status"], row["planned_on"], row["finished_on"]
    said = row["proof"], row["told"], file_in(row)
    return FollowUp(row["id"], row["unit_id"], plan, *state, *said)
