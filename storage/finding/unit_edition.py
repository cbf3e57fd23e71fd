"""How often the units were changed: whoever keeps their names in memory reads them again then."""

from sqlalchemy import Connection, select, update

from storage.database.upsert import insert_once, table_of
from storage.tables import Edition

_e = table_of(Edition)
_NOW = select(_e.c.number).where(_e.c.name == "units")
_RISE = update(_e).where(_e.c.name == "units").values(number=_e.c.number + 1)


def now(connection: Connection) -> int:
    """Rises with every change of a unit."""
    return connection.execute(_NOW).scalar() or 0


def rise(connection: Connection) -> None:
    """Say, in the same transaction, that names or places of units are not what they were."""
    insert_once(connection, _e, name="units", number=0)
    connection.execute(_RISE)
