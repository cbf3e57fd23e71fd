"""Keys to the web console: a one-time link from the chat, then a session. Only hashes are kept.

A session is over once nothing was asked for `IDLE`, and `SESSION` after it began; a chat has one.
"""

import base64
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage.database.upsert import table_of
from storage.office.roles import hash_of
from storage.office_tables import ConsoleKey
from storage.vault import Random

LINK, IDLE, SESSION = 600, 1_800, 8 * 3_600  # seconds
SLACK = 60  # a session is not written anew for less

Kind = Literal["link", "session"]

_k = table_of(ConsoleKey)
_GOOD = (
    _k.c.hash == bindparam("hash"),
    _k.c.kind == bindparam("kind"),
    _k.c.until > bindparam("at"),
)
_OWNER = select(_k.c.address, _k.c.until, _k.c.ends).where(*_GOOD)
_USE = delete(_k).where(*_GOOD)


def link(connection: Connection, address: str, at: int, random: Random) -> str:
    """A token for this chat; one that it got before is good no more."""
    connection.execute(delete(_k).where(_k.c.address == address, _k.c.kind == "link"))
    return _give(connection, "link", address, at + LINK, at + LINK, random)


def enter(connection: Connection, token: str, at: int, random: Random) -> str | None:
    """A session for a link's token, once: of two who use it, one gets in. One that the chat had
    before is over."""
    wanted = {"hash": hash_of(token), "kind": "link", "at": at}
    address = connection.execute(_OWNER, wanted).scalar_one_or_none()
    if address is None or connection.execute(_USE, wanted).rowcount != 1:
        return None
    connection.execute(delete(_k).where(_k.c.address == address, _k.c.kind == "session"))
    return _give(connection, "session", address, at + IDLE, at + SESSION, random)


def whose(connection: Connection, session: str, at: int) -> str | None:
    """The chat's address, whose session goes on; None where it is over."""
    wanted = {"hash": hash_of(session), "kind": "session", "at": at}
    found = connection.execute(_OWNER, wanted).first()
    if found is None:
        return None
    until = min(at + IDLE, found.ends)
    if until > found.until + SLACK:
        connection.execute(update(_k).where(_k.c.hash == wanted["hash"]).values(until=until))
    return str(found.address)


def leave(connection: Connection, session: str) -> None:
    connection.execute(delete(_k).where(_k.c.hash == hash_of(session)))


def end(connection: Connection, address: str) -> None:
    """A chat's links and session."""
    connection.execute(delete(_k).where(_k.c.address == address))


def expire(connection: Connection, now: int) -> int:
    """The number of keys that are gone."""
    return connection.execute(delete(_k).where(_k.c.until <= now)).rowcount


def _give(
    connection: Connection, kind: Kind, address: str, until: int, ends: int, random: Random
) -> str:
    token = base64.urlsafe_b64encode(random(24)).decode()
    row = {"hash": hash_of(token), "kind": kind, "address": address, "until": until, "ends": ends}
    connection.execute(insert(_k).values(row))
    return token
