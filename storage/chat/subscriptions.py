"""Who asked to be told of a unit's improvements: a chat, a unit and until when.

Kept apart from answers: neither an element nor a response is in it, and the chat of a subscription
may have answered or not.
"""

import hashlib
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from flows.engine.form import Line
from flows.loader import words
from storage.chat import outbox
from storage.database.upsert import insert_once, table_of
from storage.tables import Subscription
from storage.tables import Unit as UnitRow
from storage.units import Unit

KEPT = 365 * 86_400  # seconds: twelve months
MONTH = 30 * 86_400
LONGEST = 1_000  # characters of a piece of news

_s, _u = table_of(Subscription), table_of(UnitRow)
_LONGER = (
    update(_s)
    .where(_s.c.address == bindparam("who"), _s.c.unit_id == bindparam("of"))
    .values(until=bindparam("until"), written_on=bindparam("written_on"))
)
_ENDED = delete(_s).where(_s.c.address == bindparam("address"))
_EXPIRED = delete(_s).where(_s.c.until <= bindparam("now"))
_OF_CHAT = (
    select(_u.c.code, _u.c.name, _u.c.timezone, _s.c.until)
    .join(_u, _u.c.id == _s.c.unit_id)
    .where(_s.c.address == bindparam("address"))
    .order_by(_u.c.name)
)
_OF_UNIT = (
    select(_s.c.address)
    .where(_s.c.unit_id == bindparam("unit"), _s.c.until > bindparam("at"))
    .order_by(_s.c.address)
)


def subscribe(connection: Connection, address: str, unit: Unit, at: int) -> bool:
    """For twelve months from now; False where the chat had asked before, and asks for longer.

    Until the end of a month of thirty days: most ask just after they have answered, so the very
    second would tell which response is theirs.
    """
    until = -(-(at + KEPT) // MONTH) * MONTH
    kept = {"until": until, "written_on": unit.day_at(at)}
    new = insert_once(connection, _s, address=address, unit_id=unit.id, **kept)
    if not new:  # as if it were new: it would tell the time otherwise
        connection.execute(_LONGER, {"who": address, "of": unit.id, **kept})
    return new


def end(connection: Connection, address: str) -> int:
    """End all of a chat, with what is about to be sent to it; how many there were."""
    outbox.withdraw(connection, "news", address)
    return connection.execute(_ENDED, {"address": address}).rowcount


def expire(connection: Connection, now: int) -> int:
    """Delete those whose time is over; the number deleted."""
    return connection.execute(_EXPIRED, {"now": now}).rowcount


def of_chat(connection: Connection, address: str) -> list[Any]:
    """Units' codes, names and time zones, and until when (Unix seconds)."""
    return list(connection.execute(_OF_CHAT, {"address": address}).all())


def number(connection: Connection, unit: Unit, at: int) -> int:
    """How many chats would be told now."""
    query = _OF_UNIT.with_only_columns(func.count()).order_by(None)
    return int(connection.execute(query, {"unit": unit.id, "at": at}).scalar_one())


def message(unit: Unit, text: str) -> str:
    """A piece of news as subscribers read it."""
    return words("id").line(Line("news.text", {"unit": unit.name, "text": text}))


def notify(connection: Connection, unit: Unit, text: str, at: int) -> int:
    """Put one message for every subscriber of the unit in the outbox; how many were put.

    The same text of the same unit goes to nobody twice while it is in the outbox.
    """
    name, body = hashlib.sha256(text.encode()).hexdigest()[:16], {"text": message(unit, text)}
    addresses = connection.execute(_OF_UNIT, {"unit": unit.id, "at": at}).scalars().all()
    return sum(
        outbox.put(connection, f"news:{unit.id}:{name}:{who}", "news", who, body, at)
        for who in addresses
    )
