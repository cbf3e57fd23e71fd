"""The register of innovations: what a unit began to do anew for an element, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from flows.office.proof import File
from storage.database.upsert import table_of
from storage.office import public_files
from storage.office_tables import Innovation as Row
from storage.office_tables import file_columns, file_in
from storage.tables import Unit as UnitRow

_i, _u = table_of(Row), table_of(UnitRow)
_INSERT = insert(_i).returning(_i.c.id)
_NEWEST_FIRST = (_i.c.started_on.desc(), _i.c.id.desc())
_OF_UNIT = (
    select(_i)
    .where(_i.c.unit_id == bindparam("unit"))
    .order_by(*_NEWEST_FIRST)
    .limit(bindparam("most"))
)
_OF_SCOPE = (
    select(_i, _u.c.code, _u.c.name.label("unit"), _u.c.agency)
    .join(_u, _u.c.id == _i.c.unit_id)
    .order_by(_u.c.agency, *_NEWEST_FIRST)
)
_ONE = select(_i).where(_i.c.id == bindparam("id"), _i.c.unit_id == bindparam("unit"))
_FOR = (
    select(_i)
    .where(
        _i.c.unit_id.in_(bindparam("units", expanding=True)), _i.c.element == bindparam("element")
    )
    .order_by(*_NEWEST_FIRST)
)

_MAY_CHANGE = ("name", "what", "started_on", "proof")


@dataclass(frozen=True, slots=True)
class Novelty:
    """`name`: what people call it; `what`: what was done; `started_on`: a local day."""

    element: str
    name: str
    what: str
    started_on: date
    proof: str
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Innovation:
    """`first_started_on`: since when it was first said to run."""

    id: int
    unit_id: int
    novelty: Novelty
    first_started_on: date


@dataclass(frozen=True, slots=True)
class Registered:
    """With its unit's code, name and agency."""

    innovation: Innovation
    code: str
    unit: str
    agency: str


def keep(connection: Connection, unit_id: int, novelty: Novelty, at: int, by: str) -> int:
    """Put it in the register; its id."""
    values = {
        "unit_id": unit_id,
        "element": novelty.element,
        "name": novelty.name,
        "what": novelty.what,
        "started_on": novelty.started_on,
        "first_started_on": novelty.started_on,
        "proof": novelty.proof,
        **file_columns(novelty.file),
        "at": at,
        "by": by,
    }
    return int(connection.execute(_INSERT, values).scalar_one())


def of_unit(connection: Connection, unit_id: int, most: int) -> list[Innovation]:
    """A unit's, the latest first."""
    rows = connection.execute(_OF_UNIT, {"unit": unit_id, "most": most}).mappings()
    return [_made(row) for row in rows]


def registered(connection: Connection, agency: str | None) -> list[Registered]:
    """The register of an agency (None: of all), the latest of each agency first."""
    query = _OF_SCOPE if agency is None else _OF_SCOPE.where(_u.c.agency == agency)
    return [
        Registered(_made(row), row["code"], row["unit"], row["agency"])
        for row in connection.execute(query).mappings()
    ]


def one(connection: Connection, unit_id: int, id: int) -> Innovation | None:
    """None where that unit has none of that id."""
    row = connection.execute(_ONE, {"unit": unit_id, "id": id}).mappings().first()
    return _made(row) if row else None


def change(connection: Connection, unit_id: int, id: int, before: Novelty, after: Novelty) -> bool:
    """Write what it is to be, of the same element. False where it is no longer what it was before:
    of two at once the second looks again."""
    was = [_i.c[name] == value for name, value in _columns(before).items()]
    here = (_i.c.id == id, _i.c.unit_id == unit_id, *was)
    now = _columns(after)
    return connection.execute(update(_i).where(*here).values(now)).rowcount == 1


def _columns(novelty: Novelty) -> dict[str, Any]:
    """What of it may change."""
    named = {name: getattr(novelty, name) for name in _MAY_CHANGE}
    return {**named, **file_columns(novelty.file)}


def remove(connection: Connection, unit_id: int, id: int) -> bool:
    """One that was put in by mistake, its public photo too. False where it is gone already."""
    public_files.withdraw(connection, unit_id, "innovation", str(id))
    gone = delete(_i).where(_i.c.id == id, _i.c.unit_id == unit_id)
    return connection.execute(gone).rowcount == 1


def latest_for(connection: Connection, units: Sequence[int], element: str) -> dict[int, Innovation]:
    """Unit → its latest for the element, of those units that have any."""
    found: dict[int, Innovation] = {}
    for row in connection.execute(_FOR, {"units": units, "element": element}).mappings():
        found.setdefault(row["unit_id"], _made(row))
    return found


def _made(row: RowMapping) -> Innovation:
    said = row["element"], row["name"], row["what"], row["started_on"], row["proof"]
    novelty = Novelty(*said, file_in(row))
    return Innovation(row["id"], row["unit_id"], novelty, row["first_started_on"])
