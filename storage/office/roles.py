"""Roles and the one-time links that give them. Only a link's hash is kept."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.database.upsert import insert_once, table_of
from storage.scope import Scope, columns, of_row
from storage.tables import Invite, Outbox, Role, Unit
from storage.vault import Random

RoleName = Literal["head", "admin", "evaluator", "officer"]
ROLES: tuple[RoleName, ...] = ("head", "admin", "evaluator", "officer")
LANGUAGE = "id"  # of whoever has none
VALID = 7 * 86_400  # seconds an invitation may be used
OF_A_UNIT: tuple[RoleName, ...] = ("head", "officer", "admin")
OF_AN_AGENCY: tuple[RoleName, ...] = ("admin", "evaluator")

_i, _r, _u, _o = table_of(Invite), table_of(Role), table_of(Unit), table_of(Outbox)


_HELD = select(_r.c.address, _r.c.role, _r.c.scope_kind, _r.c.scope, _r.c.function, _r.c.language)
_OF_ALL = _HELD.where(_r.c.address.in_(bindparam("who", expanding=True)))
_OF_ONE = _HELD.where(_r.c.address == bindparam("who"))  # needs no text made for each call
_HEARD = (
    update(_r)
    .where(_r.c.address == bindparam("who"), _r.c.heard < bindparam("at"))
    .values(heard=bindparam("at"))
)
_LAST_HEARD = select(func.max(_r.c.heard), func.max(_r.c.since)).where(
    _r.c.address == bindparam("who")
)
_SPEAK = update(_r).where(_r.c.address == bindparam("who")).values(language=bindparam("said"))


@dataclass(frozen=True, slots=True)
class Held:
    """`function`: as whoever invited this chat wrote it, or "". `language`: in which what the roles
    of a chat bring is told there."""

    role: RoleName
    scope: Scope
    function: str = field(default="", compare=False)
    language: str = field(default=LANGUAGE, compare=False)


class InviteRefused(Exception):
    def __init__(self, reason: Literal["unknown", "used", "withdrawn", "expired"]) -> None:
        super().__init__(reason)
        self.reason = reason


def invite(
    connection: Connection,
    role: RoleName,
    scope: Scope,
    at: int,
    random: Random,
    by: str = "",
    function: str = "",
) -> str:
    """A token for a link, good for one use within a week; `by` a chat, or the operator; `function`
    of whoever is invited (`flows.office.role_management`), or "".

    The caller checks the scope, and whether this chat may.
    """
    token = base64.urlsafe_b64encode(random(18)).decode()
    hash = hash_of(token)
    new = {"hash": hash, "id": base64.urlsafe_b64encode(hash[:9]).decode(), "by": by, "used_by": ""}
    said = {"role": role, "function": function, **columns(scope), "expires_at": at + VALID}
    connection.execute(insert(_i).values(**said, **new))
    return token


def join(connection: Connection, token: str, address: str, at: int) -> Held:
    """Use an invitation: the chat holds the role from now on. Raises InviteRefused.

    Claimed by a conditional update: of two chats that use one link at once, one gets the role.
    Whoever holds the role already (its platform repeats what was not answered) uses up nothing.
    """
    unused = (_i.c.used_at.is_(None), _i.c.withdrawn_at.is_(None), _i.c.expires_at > at)
    claim = update(_i).where(_i.c.hash == hash_of(token), *unused)
    found = select(_i).where(_i.c.hash == hash_of(token))
    row = connection.execute(found).first()
    if row is None:
        raise InviteRefused("unknown")
    given = Held(row.role, of_row(row), row.function)
    if given in held(connection, address):
        return given
    if connection.execute(claim.values(used_at=at, used_by=address)).rowcount == 0:
        raise InviteRefused(_why(connection.execute(found).one()))
    spoken = language(connection, address)
    new = {"role": row.role, **columns(given.scope), "since": at, "language": spoken}
    insert_once(connection, _r, address=address, function=given.function, **new)
    return given


def _why(row: Any) -> Literal["used", "withdrawn", "expired"]:
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "expired" if row.used_at is None else "used"


def held(connection: Connection, address: str) -> list[Held]:
    return held_by(connection, (address,))[address]


def held_by(connection: Connection, addresses: Sequence[str]) -> dict[str, list[Held]]:
    """The roles of each of these chats."""
    found: dict[str, list[Held]] = {address: [] for address in addresses}
    if len(addresses) == 1:
        rows = connection.execute(_OF_ONE, {"who": addresses[0]})
    else:
        rows = connection.execute(_OF_ALL, {"who": addresses})
    for row in rows:
        found[row.address].append(Held(row.role, of_row(row), row.function, row.language))
    return found


def language(connection: Connection, address: str) -> str:
    """The language in which what a chat's roles bring is told there."""
    found = held(connection, address)
    return found[0].language if found else LANGUAGE


def speak(connection: Connection, address: str, language: str) -> None:
    """From now on, whatever this chat's roles bring is told in that language."""
    connection.execute(_SPEAK, {"who": address, "said": language})


def heard(connection: Connection, address: str, at: int) -> None:
    """A chat that has a role has written, where that opens a window to write back
    (`flows.engine.capabilities`)."""
    connection.execute(_HEARD, {"who": address, "at": at})


def last_heard(connection: Connection, address: str) -> int:
    """When it last wrote, as far as that is kept; 0: never, or it has no role."""
    return max(at or 0 for at in connection.execute(_LAST_HEARD, {"who": address}).one())


@dataclass(frozen=True, slots=True)
class Head:
    """A head of the unit with that code, and where to reach them."""

    address: str
    code: str
    language: str


def digest_key(head: Head, week: str) -> str:
    """The key of a digest in the outbox."""
    return f"digest:{head.code}:{head.address}:{week}"


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
