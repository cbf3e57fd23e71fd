"""Removing a unit that was never used: a slip in a table of units.

Whatever says that somebody answered, or that somebody did something because of it, keeps the unit.
The rest of what refers to it goes with it.
"""

from sqlalchemy import Connection, Table, delete, func, select
from sqlmodel import SQLModel

from storage import index_tables, office_tables, tables
from storage.database.upsert import table_of
from storage.finding import unit_edition
from storage.office import holders, paper_details
from storage.units import Unit

# Named to people, in this order.
KEEP = {
    tables.Response: "answers",
    tables.Voice: "voices in a running period",
    index_tables.Tombstone: "answers that were erased",
    index_tables.Sheet: "published sheets",
    index_tables.F02Score: "F-02 scores",
    office_tables.FollowUp: "follow-ups",
    office_tables.Innovation: "innovations",
    office_tables.ResultPublication: "publications of results",
    office_tables.PublicFile: "public files",
}
_u, _c = table_of(tables.Unit), table_of(tables.Conversation)
_i = table_of(tables.Invite)


class Needed(Exception):
    """The unit stays; the message says because of what."""


def remove(connection: Connection, unit: Unit) -> None:
    """For good. Whoever begins to answer meanwhile waits, and then finds no unit. Raises Needed."""
    connection.execute(select(_u.c.id).where(_u.c.id == unit.id).with_for_update())
    for model, what in KEEP.items():
        if number := _number(connection, table_of(model), unit.id):
            raise Needed(f"{number} {what}")
    paper_details.remove(connection, unit.scope)
    for held in holders.held_in(connection, unit.scope):
        holders.end(connection, held.address, held.role, held.scope)
    for table in _of_units():
        connection.execute(delete(table).where(table.c.unit_id == unit.id))
    connection.execute(delete(_i).where(_i.c.scope_kind == "unit", _i.c.scope == unit.code))
    about = (_c.c.unit == "") & _c.c.state.contains(f'"{unit.code}"', autoescape=True)
    connection.execute(delete(_c).where((_c.c.unit == unit.code) | about))
    connection.execute(delete(_u).where(_u.c.id == unit.id))
    unit_edition.rise(connection)


def _number(connection: Connection, table: Table, unit_id: int) -> int:
    query = select(func.count()).select_from(table).where(table.c.unit_id == unit_id)
    return int(connection.execute(query).scalar_one())


def _of_units() -> list[Table]:
    """Those whose rows refer to a unit."""
    return [
        table
        for table in reversed(SQLModel.metadata.sorted_tables)
        if any(key.column.table is _u for key in table.foreign_keys)
    ]
