"""Questionnaires by the hash of their content, and which one is in force in a unit."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, insert, select, update

from flows.instrument import Extra, Questionnaire
from storage.once import insert_once, table_of
from storage.tables import Publication, Unit
from storage.tables import Questionnaire as Row
from storage.units import Unit as ServiceUnit

_q, _u, _p = table_of(Row), table_of(Unit), table_of(Publication)
_IN_FORCE = select(_u.c.questionnaire).where(_u.c.id == bindparam("unit")).with_for_update()


def keep(connection: Connection, questionnaire: Questionnaire) -> str:
    """Keep a questionnaire if it is not kept; its id."""
    insert_once(connection, _q, id=questionnaire.id, content=questionnaire.to_json())
    return questionnaire.id


def get(connection: Connection, id: str) -> Questionnaire:
    content = connection.execute(select(_q.c.content).where(_q.c.id == id)).scalar_one()
    return Questionnaire.from_json(content)


def publish(
    connection: Connection, unit: ServiceUnit, questionnaire: Questionnaire, at: int, by: str
) -> int:
    """Put a questionnaire in force in a unit from its next citizen on; its version number there.

    The first version is what the unit was created with, so the first published one is number 2.
    """
    keep(connection, questionnaire)
    last = select(func.max(_p.c.number)).where(_p.c.unit_id == unit.id)
    number = (connection.execute(last).scalar() or 1) + 1
    connection.execute(
        insert(_p).values(
            unit_id=unit.id, number=number, questionnaire=questionnaire.id, at=at, by=by
        )
    )
    connection.execute(update(_u).where(_u.c.id == unit.id).values(questionnaire=questionnaire.id))
    return number


def add_extra(
    connection: Connection, units: Sequence[ServiceUnit], extra: Extra, at: int, by: str
) -> list[int]:
    """Publish each unit's questionnaire with one more extra question; the version numbers."""
    numbers = []
    for unit in units:
        # Read anew and locked: another admin may have published since the unit was looked up.
        in_force = connection.execute(_IN_FORCE, {"unit": unit.id}).scalar_one()
        now = get(connection, in_force)
        more = Questionnaire(now.instrument, (*now.extras, extra))
        numbers.append(publish(connection, unit, more, at, by))
    return numbers
