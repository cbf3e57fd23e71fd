"""Who holds which role in a scope, which invitations to it are out, and ending either.

The caller asks `permissions.gives` first.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, update

from storage.chat import outbox
from storage.database import destroyed
from storage.database.upsert import table_of
from storage.office import digest_settings
from storage.office.roles import RoleName, hash_of
from storage.scope import EVERYTHING, Scope, agency, of_row
from storage.tables import Invite, Role
from storage.units import Unit

KEPT = 30 * 86_400  # seconds an invitation is remembered after it could have been used

_i, _r = table_of(Invite), table_of(Role)
_UNUSED = (_i.c.used_at.is_(None), _i.c.withdrawn_at.is_(None))


def _in_scope(table: Any) -> Any:
    return and_(table.c.scope_kind == bindparam("kind"), table.c.scope == bindparam("here"))


_HELD = select(_r).where(_in_scope(_r)).order_by(_r.c.role, _r.c.since, _r.c.address)
_OUT = (
    select(_i)
    .where(_in_scope(_i), *_UNUSED, _i.c.expires_at > bindparam("at"))
    .order_by(_i.c.expires_at, _i.c.id)
)
_END = (
    delete(_r)
    .where(_in_scope(_r), _r.c.role == bindparam("this_role"), _r.c.address == bindparam("who"))
    .returning(_r.c.since)
)
_WITHDRAW = update(_i).where(*_UNUSED).values(withdrawn_at=bindparam("now"))
_FORGET = delete(_i).where(_i.c.expires_at <= bindparam("before"))


def number(connection: Connection) -> "Counter[str]":
    """How many chats hold each role anywhere."""
    return Counter(connection.execute(select(_r.c.role)).scalars())


@dataclass(frozen=True, slots=True)
class Holder:
    """`function`: as whoever invited them wrote it, or ""."""

    address: str
    role: RoleName
    scope: Scope
    since: int
    function: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """`by`: the chat that invites, "" for the operator; `used_by`: the chat that joined, whose
    `function` it is."""

    id: str
    role: RoleName
    scope: Scope
    by: str
    expires_at: int
    used_by: str
    function: str

    @property
    def logged(self) -> dict[str, str]:
        return {"role": self.role, "function": self.function}


def lock(connection: Connection, scope: Scope) -> None:
    """Of two who change the roles of a scope at once, the second waits, and then sees what the
    first has done. (SQLite has one writer at a time as it is.)"""
    connection.execute(_HELD.with_for_update(), _here(scope))


def held_in(connection: Connection, scope: Scope) -> list[Holder]:
    """By role, who holds it longest first."""
    return [_make(Holder, row) for row in connection.execute(_HELD, _here(scope))]


def admins_above(connection: Connection, unit: Unit) -> set[str]:
    """Addresses of the admins of the unit or its agency; where it has none, of all."""
    for scope in (unit.scope, agency(unit.agency), EVERYTHING):
        held = held_in(connection, scope)
        if admins := {each.address for each in held if each.role == "admin"}:
            return admins
    return set()


def end(connection: Connection, address: str, role: str, scope: Scope) -> bool:
    """False where the chat does not hold it (any more). What waits to be sent to a head as such is
    sent no more."""
    if role == "head":
        outbox.withdraw_from_head(connection, scope.name, address)
        digest_settings.forget(connection, address, scope.name)
    this = {"who": address, "this_role": role, **_here(scope)}
    since = connection.execute(_END, this).scalar_one_or_none()
    if since is not None:
        destroyed.note(connection, destroyed.role(role, scope, since))
    return since is not None


def every_holder(connection: Connection) -> list[Holder]:
    """By scope and role."""
    order = (_r.c.scope_kind, _r.c.scope, _r.c.role, _r.c.since, _r.c.address)
    return [_make(Holder, row) for row in connection.execute(select(_r).order_by(*order))]


def every_invitation(connection: Connection, at: int) -> list[Invitation]:
    """Those that may still be used, whatever they are for."""
    query = select(_i).where(*_UNUSED, _i.c.expires_at > at)
    order = (_i.c.scope_kind, _i.c.scope, _i.c.role, _i.c.expires_at, _i.c.id)
    return [_make(Invitation, row) for row in connection.execute(query.order_by(*order))]


def invitations(connection: Connection, scope: Scope, at: int) -> list[Invitation]:
    """Those that may still be used."""
    found = connection.execute(_OUT, {**_here(scope), "at": at})
    return [_make(Invitation, row) for row in found]


def invitation(connection: Connection, *, id: str = "", token: str = "") -> Invitation | None:
    """By its id or by its link's token."""
    this = _i.c.id == id if id else _i.c.hash == hash_of(token)
    row = connection.execute(select(_i).where(this)).first()
    return _make(Invitation, row) if row else None


def invitations_of(connection: Connection, address: str) -> int:
    """How many name this chat, as the one who gave or used them."""
    query = select(func.count()).where(or_(_i.c.by == address, _i.c.used_by == address))
    return int(connection.execute(query).scalar_one())


def withdraw(connection: Connection, id: str, at: int) -> bool:
    """False where it was used or withdrawn before."""
    return connection.execute(_WITHDRAW.where(_i.c.id == id), {"now": at}).rowcount > 0


def withdraw_all(connection: Connection, at: int) -> int:
    """Those that may still be used; how many."""
    return connection.execute(_WITHDRAW.where(_i.c.expires_at > at), {"now": at}).rowcount


def given_by(connection: Connection, address: str, at: int) -> list[Invitation]:
    """Those that this chat gave, to whatever scope, and that may still be used."""
    mine = select(_i).where(_i.c.by == address, *_UNUSED, _i.c.expires_at > at).order_by(_i.c.id)
    return [_make(Invitation, row) for row in connection.execute(mine)]


def forget_invitations(connection: Connection, at: int) -> int:
    """Delete those that are long over, with the chats that they name; how many."""
    return connection.execute(_FORGET, {"before": at - KEPT}).rowcount


def _here(scope: Scope) -> dict[str, str]:
    return {"kind": scope.kind, "here": scope.name}


def _make(kind: Any, row: Any) -> Any:
    values = {name: getattr(row, name) for name in kind.__slots__}
    return kind(**{**values, "scope": of_row(row)})
