"""Periods of a unit whose responses are final: nothing is added once a sheet is published."""

import json

from sqlalchemy import Connection, select

from storage import sheets
from storage.once import table_of
from storage.periods import Period
from storage.tables import PeriodKey, Unit

_unit, _key = table_of(Unit), table_of(PeriodKey)


def lock(connection: Connection, unit_id: int) -> None:
    """Wait for whoever adds to a period of this unit, or makes one final; others wait then."""
    query = select(_unit.c.id).where(_unit.c.id == unit_id)
    # Not FOR UPDATE: that would make citizens wait, whose responses refer to the unit.
    connection.execute(query.with_for_update(key_share=True))


def final_periods(connection: Connection, unit_id: int, instrument: str) -> list[Period]:
    """Nothing may be added to the answers to this instrument in these periods."""
    found = {
        sheet.period: sheet.days
        for sheet in sheets.of_unit(connection, unit_id)
        if json.loads(sheet.content)["instrument"] == instrument
    }
    return sorted(found.values(), key=lambda period: period.first)


def can_erase(connection: Connection, unit_id: int, period: Period) -> bool:
    """Whether the key of the period is still there, by which a chat's own response is found."""
    query = select(_key.c.unit_id).where(_key.c.unit_id == unit_id, _key.c.period == period.name)
    return connection.execute(query).first() is not None
