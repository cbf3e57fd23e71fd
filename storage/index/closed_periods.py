"""Periods of a unit whose responses are final: nothing is added once a sheet is published."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, select, union

from storage.database.upsert import table_of
from storage.index import sheets
from storage.index_tables import SheetLeaf
from storage.periods import Period
from storage.tables import PeriodKey, Response, Unit

_unit, _key = table_of(Unit), table_of(PeriodKey)
_response, _leaf = table_of(Response), table_of(SheetLeaf)
# Not FOR UPDATE: that would make citizens wait, whose responses refer to the unit.
_LOCK = select(_unit.c.id).where(_unit.c.id == bindparam("unit")).with_for_update(key_share=True)


def lock(connection: Connection, unit_id: int) -> None:
    """Wait for whoever adds to a period of this unit, or makes one final; others wait then."""
    connection.execute(_LOCK, {"unit": unit_id})


def final_periods(connection: Connection, unit_id: int, instrument: str) -> list[Period]:
    """Nothing may be added to the answers to this instrument in these periods."""
    found = {
        sheet.period: sheet.days
        for sheet in sheets.of_unit(connection, unit_id)
        if json.loads(sheet.content)["instrument"] == instrument
    }
    return sorted(found.values(), key=lambda period: period.first)


def with_open_periods(connection: Connection, unit_ids: Collection[int]) -> set[int]:
    """The units with answers that no sheet holds, or with the key of a period. Their kind of period
    may not change: the same person would have a voice in both kinds, and what was answered could
    not be published any more (docs/decisions/0017)."""
    listed = exists().where(_leaf.c.leaf == _response.c.leaf)
    answered = select(_response.c.unit_id).where(_response.c.unit_id.in_(unit_ids), ~listed)
    return set(connection.execute(union(answered, _keyed(unit_ids))).scalars())


def with_keys(connection: Connection, unit_ids: Collection[int]) -> set[int]:
    """The units with the key of a period: a voice or a visit is counted under it. Their clock may
    not change: beside the end of the period the same person would have a voice on either side."""
    return set(connection.execute(_keyed(unit_ids)).scalars())


def _keyed(unit_ids: Collection[int]) -> Select[Any]:
    return select(_key.c.unit_id).where(_key.c.unit_id.in_(unit_ids))


def lock_all(connection: Connection, unit_ids: Collection[int]) -> None:
    """Wait for every turn that adds to these units, and let the others wait: what none of them has
    kept by now is kept by what is changed here (`storage.answers.votes`)."""
    query = select(_unit.c.id).where(_unit.c.id.in_(unit_ids)).order_by(_unit.c.id)
    connection.execute(query.with_for_update())


def keyed(connection: Connection) -> frozenset[tuple[int, str]]:
    """Unit and period of every key that is still there."""
    rows = connection.execute(select(_key.c.unit_id, _key.c.period))
    return frozenset((row.unit_id, row.period) for row in rows)


def can_erase(connection: Connection, unit_id: int, period: Period) -> bool:
    """Whether the key of the period is still there, by which a chat's own response is found."""
    query = select(_key.c.unit_id).where(_key.c.unit_id == unit_id, _key.c.period == period.name)
    return connection.execute(query).first() is not None
