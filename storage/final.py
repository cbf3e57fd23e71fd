"""Periods of a unit whose responses are final, so that nothing is added: published or exported."""

import json

from sqlalchemy import Connection, select

from storage import released
from storage.once import table_of
from storage.periods import Period, parse
from storage.tables import PeriodKey, Released, Sheet
from storage.tables import Unit as UnitRow

_sheet, _released, _unit = table_of(Sheet), table_of(Released), table_of(UnitRow)
_key = table_of(PeriodKey)
_EXPORT = "export:"


def lock(connection: Connection, unit_id: int) -> None:
    """Wait for whoever adds to a period of this unit, or makes one final; others wait then."""
    query = select(_unit.c.id).where(_unit.c.id == unit_id)
    # Not FOR UPDATE: that would make citizens wait, whose responses refer to the unit.
    connection.execute(query.with_for_update(key_share=True))


def final_periods(connection: Connection, unit_id: int, instrument: str) -> list[Period]:
    """Nothing may be added to the answers to this instrument in these periods."""
    sheets = select(_sheet.c.period, _sheet.c.content).where(_sheet.c.unit_id == unit_id)
    names = {
        row.period
        for row in connection.execute(sheets)
        if json.loads(row.content).get("instrument", instrument) == instrument
    }
    names.update(exported(connection, unit_id, instrument))
    return [parse(name) for name in sorted(names)]


def can_erase(connection: Connection, unit_id: int, period: Period) -> bool:
    """Whether the key of the period is still there, by which a chat's own response is found."""
    query = select(_key.c.unit_id).where(_key.c.unit_id == unit_id, _key.c.period == period.name)
    return connection.execute(query).first() is not None


def exported(connection: Connection, unit_id: int, instrument: str) -> dict[str, str]:
    """Name of a period → fingerprint of the rows that were exported of it."""
    prefix = f"{_EXPORT}{instrument}:"
    query = select(_released.c.period, _released.c.figures).where(
        _released.c.unit_id == unit_id, _released.c.period.startswith(prefix, autoescape=True)
    )
    return {
        row.period.removeprefix(prefix): json.loads(row.figures)
        for row in connection.execute(query)
    }


def keep_exported(
    connection: Connection, unit_id: int, instrument: str, period: str, rows: str, at: int
) -> None:
    """`rows`: their fingerprint. A period that was exported before stays as it was."""
    name = f"{_EXPORT}{instrument}:{period}"
    released.keep(connection, unit_id, name, json.dumps(rows), at)
