"""What was begun and is not done: runs of processes, and events that one had in hand.

A run that left its row and is no more did not end by itself. An event that left one was in hand at
that end; the first time it also counts for the end before, after which the process began to write
them down.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage.database.upsert import insert_missing, table_of
from storage.tables import Begun

_b = table_of(Begun)
_RUN = "run "
_OF = select(_b.c.key, _b.c.ends).where(_b.c.key.in_(bindparam("keys", expanding=True)))
_AGAIN = (
    update(_b).where(_b.c.key.in_(bindparam("keys", expanding=True))).values(ends=_b.c.ends + 1)
)
_DONE = delete(_b).where(_b.c.key.in_(bindparam("keys", expanding=True)))
_LEFT = select(_b.c.key).order_by(_b.c.key)


def run(connection: Connection, name: str, running: Collection[str] = ()) -> list[str]:
    """A process begins; the keys of what was begun before and is not done. `running`: how the
    names of other processes begin that have not ended."""
    begun = list(connection.execute(_LEFT).scalars())
    connection.execute(insert(_b), {"key": _RUN + name, "ends": 0})
    go_on = tuple(f"{_RUN}{each} " for each in running)
    ended = [key for key in begun if not key.startswith(go_on)]
    # An event that is in hand tells of no end: it may be in the hand of one that runs.
    return ended if any(key.startswith(_RUN) for key in ended) else []


def ran(connection: Connection, name: str) -> None:
    """It has ended by itself."""
    done(connection, [_RUN + name])


def ends(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """How many ends of processes these events have seen; those that saw any."""
    return {row.key: row.ends for row in connection.execute(_OF, {"keys": keys})}


def begin(connection: Connection, keys: Sequence[str]) -> None:
    """These events are in hand from now on: if the process ends, it is one more for each."""
    connection.execute(_AGAIN, {"keys": keys})
    insert_missing(connection, _b, [{"key": key, "ends": 1} for key in keys])


def done(connection: Connection, keys: Sequence[str]) -> None:
    connection.execute(_DONE, {"keys": keys})
