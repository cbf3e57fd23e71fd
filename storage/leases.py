"""A lease: of any number of processes, one may do a thing for a while."""

from sqlalchemy import Connection, or_, update

from storage.once import insert_once, table_of
from storage.tables import Lease

_l = table_of(Lease)


def hold(connection: Connection, name: str, holder: str, at: int, seconds: int) -> bool:
    """True if `holder` has the lease from now on; it renews by asking again."""
    if insert_once(connection, _l, name=name, holder=holder, until=at + seconds):
        return True
    claim = (
        update(_l)
        .where(_l.c.name == name, or_(_l.c.holder == holder, _l.c.until <= at))
        .values(holder=holder, until=at + seconds)
    )
    return connection.execute(claim).rowcount == 1
