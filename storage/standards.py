"""A unit's service standard: what it promises of a service, by element, from a day on."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select

from storage.database.upsert import table_of
from storage.office import audit
from storage.tables import ServiceStandard
from storage.units import Unit


class Promise(NamedTuple):
    """`service`: its id, "" for all of the unit's. `element`: as in the instrument."""

    service: str
    element: str
    text: str
    valid_from: date


_s = table_of(ServiceStandard)
_SAME = delete(_s).where(
    _s.c.unit_id == bindparam("unit"),
    _s.c.service == bindparam("of"),
    _s.c.element == bindparam("about"),
    _s.c.valid_from == bindparam("since"),
)
# One of the service's own stands before one of all services, a later one before an earlier one.
_IN_FORCE = (
    select(_s.c.element, _s.c.text)
    .where(
        _s.c.unit_id == bindparam("unit"),
        _s.c.service.in_(("", bindparam("service"))),
        _s.c.valid_from <= bindparam("day"),
    )
    .order_by(_s.c.service, _s.c.valid_from)
)


_OF_UNIT = (
    select(_s.c.service, _s.c.element, _s.c.text, _s.c.valid_from)
    .where(_s.c.unit_id == bindparam("unit"))
    .order_by(_s.c.service, _s.c.element, _s.c.valid_from)
)


def keep(connection: Connection, unit_id: int, promises: Sequence[Promise]) -> None:
    """Keep them; one of the same service, element and day is replaced."""
    for promise in promises:
        service, element, _, day = promise
        same = {"unit": unit_id, "of": service, "about": element, "since": day}
        connection.execute(_SAME, same)
        connection.execute(insert(_s).values(unit_id=unit_id, **promise._asdict()))


def in_force(connection: Connection, unit_id: int, service: str, day: date) -> dict[str, str]:
    """Element → what is promised of this service on that day."""
    rows = connection.execute(_IN_FORCE, {"unit": unit_id, "service": service, "day": day})
    return {row.element: row.text for row in rows}


def of_unit(connection: Connection, unit_id: int) -> list[Promise]:
    """All that a unit ever promised, by service and element, the earlier first."""
    return [Promise(*row) for row in connection.execute(_OF_UNIT, {"unit": unit_id})]


def changed(connection: Connection, unit_id: int, first: date, last: date) -> list[Promise]:
    """Those that began after the first of these days and are another than before it: citizens of
    the days before and after were promised different things."""
    before: dict[tuple[str, str], str] = {}
    found = []
    for each in of_unit(connection, unit_id):
        same = (each.service, each.element)
        if first < each.valid_from <= last and before.get(same) != each.text:
            found.append(each)
        before[same] = each.text
    return found


def write(
    connection: Connection, unit: Unit, promises: Sequence[Promise], by: str, at: int
) -> None:
    """Keep what somebody with a role promises, and log it."""
    there = {promise[:2]: promise.text for promise in of_unit(connection, unit.id)}
    for promise in promises:
        of = unit.service_ever(promise.service)
        named = {"service": of["label"] if of else promise.service, "element": promise.element}
        former = there.get(promise[:2])
        before = {**named, "text": former} if former else None
        after = {**named, "text": promise.text, "since": promise.valid_from.isoformat()}
        audit.note(connection, at, by, "edit_standards", unit.scope, before, after)
    keep(connection, unit.id, promises)
