"""What waits until its reader writes, on a channel with a window (docs/decisions/0033).

Once a day from when it was held, at the same hour, a knock says that something waits, where the
channel can. After a week it is given up: it is no news any more.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from storage.chat import outbox
from storage.chat.outbox import KNOCK, LONGEST_WAIT

DAYS = 7
DAY = 86_400
# Seconds until it is looked at again, at most: further ahead it would count as due, and be tried
# each second, as soon as the clock is put back.
LOOK = LONGEST_WAIT - 3_600


def next_look(since: int, at: int) -> int | None:
    """When to look again at what is held `since` then; None where it has waited long enough."""
    if at >= since + DAYS * DAY:
        return None
    return min(at + LOOK, _day(since, at) + DAY)


def put(
    connection: Connection,
    key: str,
    kind: str,
    address: str,
    body: Mapping[str, object],
    at: int,
    knocks: bool,
) -> None:
    """Something that is known to be outside of the window. `knocks`: whether that can be told."""
    if outbox.put(connection, key, kind, address, body, at + LOOK, held_since=at) and knocks:
        knock(connection, address, at, at)


def knock(connection: Connection, address: str, since: int, at: int) -> None:
    """Put one for this day of waiting, unless there was one."""
    key = f"{KNOCK}:{address}:{_day(since, at) // DAY}"
    outbox.put(connection, key, KNOCK, address, {}, at)


def _day(since: int, at: int) -> int:
    """When the present day of waiting began."""
    return at - (at - since) % DAY
