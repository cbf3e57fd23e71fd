"""A chat's last events once no conversation is left that remembers them: declined, cancelled, or
none was begun. Their ids alone, for some minutes, to know one that the platform delivers again.
"""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select

from flows.engine.conversation import last_ids
from flows.engine.ended import GRACE
from storage.database.upsert import insert_once, put_all, table_of
from storage.tables import Heard

_h = table_of(Heard)
_KEPT = select(_h.c.address, _h.c.events)
_OF_ALL = _KEPT.where(_h.c.address.in_(bindparam("addresses", expanding=True)))
_OF_ONE = _KEPT.where(_h.c.address == bindparam("address"))  # needs no text made for each call
_HELD = select(_h.c.events).where(_h.c.address == bindparam("address")).with_for_update()
_TAKEN = delete(_h).where(_h.c.address == bindparam("address"))


def of(connection: Connection, address: str) -> tuple[str, ...]:
    """In the order in which they came."""
    return of_all(connection, (address,))[address]


def of_all(connection: Connection, addresses: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """`of` each of these chats."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(addresses, ())
    if len(addresses) == 1:
        rows = connection.execute(_OF_ONE, {"address": addresses[0]})
    else:
        rows = connection.execute(_OF_ALL, {"addresses": addresses})
    for row in rows:
        found[row.address] = tuple(json.loads(row.events))
    return found


def keep(connection: Connection, address: str, events: Sequence[str], at: int) -> None:
    """With those that are kept already."""
    known = last_ids((*of(connection, address), *events))
    put_all(
        connection, _h, [{"address": address, "events": json.dumps(known), "until": at + GRACE}]
    )


def hold(connection: Connection, address: str, at: int) -> tuple[str, ...]:
    """As `of`, and nobody else holds them until this transaction is over."""
    insert_once(connection, _h, address=address, events="[]", until=at + GRACE)
    held: str = connection.execute(_HELD, {"address": address}).scalar_one()
    return tuple(json.loads(held))


def forget(connection: Connection, address: str) -> None:
    """A conversation remembers them now."""
    connection.execute(_TAKEN, {"address": address})


def expire(connection: Connection, now: int) -> int:
    """The number of chats whose events are forgotten."""
    return connection.execute(delete(_h).where(_h.c.until <= now)).rowcount
