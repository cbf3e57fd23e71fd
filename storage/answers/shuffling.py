"""Takes away the order in which rows were written: it would join a chat to its answer.

A voice is written in one transaction with its response, a subscription soon after it. However
random their keys, a database remembers that order: SQLite in the place of a row in its page,
Postgres in ctid and in the number of the transaction (xmin). So, once a day, all such rows of a
unit are deleted and written anew in the order of their keys, in one transaction: the old ones with
the new ones, which would be known by that number otherwise. Responses keep their order, which
nothing else has then.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from storage.database.upsert import table_of
from storage.tables import Subscription, Unit, Voice

_UNIT = table_of(Unit)
# What is written anew together.
_GROUPS = {table_of(Voice): ("unit_id", "period"), table_of(Subscription): ("unit_id",)}
TABLES = tuple(table.name for table in _GROUPS)

Group = tuple[Table, Sequence[Any]]


def due(connection: Connection, today: date) -> list[Group]:
    """What has rows of another day that stand in the order of writing."""
    return [
        (table, tuple(row))
        for table, names in _GROUPS.items()
        for row in connection.execute(_waiting(table, today).distinct())
    ]


def shuffle(connection: Connection, group: Group, today: date) -> int:
    """Write the rows of a group anew; how many. 0 where another process was first."""
    table, of = group
    names = _GROUPS[table]
    # Two at once would each write a part of the rows, and tell the parts apart. Not FOR UPDATE:
    # that would keep answers to this unit waiting.
    unit = dict(zip(names, of, strict=True))["unit_id"]
    connection.execute(select(_UNIT.c.id).where(_UNIT.c.id == unit).with_for_update(key_share=True))
    these = [table.c[name] == value for name, value in zip(names, of, strict=True)]
    if connection.execute(_waiting(table, today).where(*these).limit(1)).first() is None:
        return 0
    gone = connection.execute(delete(table).where(*these).returning(*table.c)).mappings()
    keys = table.primary_key.columns.keys()
    rows = sorted(map(dict, gone), key=lambda row: [row[key] for key in keys])
    connection.execute(insert(table), [{**row, "written_on": None} for row in rows])
    return len(rows)


def _waiting(table: Table, today: date) -> Any:
    # Not "before today": a clock that ran ahead would keep its rows in order for as long.
    return select(*(table.c[name] for name in _GROUPS[table])).where(table.c.written_on != today)
