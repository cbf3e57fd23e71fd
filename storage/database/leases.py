"""A lease: of any number of processes, one may do a thing for a while."""

from sqlalchemy import ColumnElement, Connection, or_, update

from storage.database.upsert import insert_once, table_of
from storage.tables import Lease

_l = table_of(Lease)


def hold(connection: Connection, name: str, holder: str, at: int, seconds: int) -> bool:
    """True if `holder` has the lease from now on; it renews by asking again.

    One that would last twice as long as any was set by a clock that was ahead: it has lapsed.
    """
    if insert_once(connection, _l, name=name, holder=holder, until=at + seconds):
        return True
    claim = (
        update(_l)
        .where(_l.c.name == name, _may_have(holder, at, seconds))
        .values(holder=holder, until=at + seconds)
    )
    return connection.execute(claim).rowcount == 1


def _may_have(holder: str, at: int, seconds: int) -> ColumnElement[bool]:
    lapsed = ~_l.c.until.between(at + 1, at + 2 * seconds)
    return or_(_l.c.holder == holder, lapsed)
