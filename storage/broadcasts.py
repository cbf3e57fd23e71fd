"""A text to the heads of a scope, through the outbox: once to each chat, paced with the bulk."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select

from storage.once import insert_from, table_of
from storage.outbox import BROADCAST
from storage.roles import EVERYWHERE
from storage.tables import Outbox, Role, Unit

_o, _r, _u = table_of(Outbox), table_of(Role), table_of(Unit)


@dataclass(frozen=True, slots=True)
class Reached:
    """Of so many chats, how many got it and how many never will; the others are still to come."""

    chats: int
    sent: int
    failed: int


def heads(connection: Connection, scope: str) -> int:
    """How many chats head a unit in a scope: a unit's code, an agency's name, or "*"."""
    query = select(func.count()).select_from(_addresses(scope).subquery())
    return int(connection.execute(query).scalar_one())


def send(connection: Connection, id: str, scope: str, text: str, at: int) -> int:
    """Put it in the outbox for every head; how many. Of one broadcast (`id`) nobody gets two."""
    found = _addresses(scope).subquery()
    row: dict[str, Any] = {
        "key": literal(_prefix(id)) + found.c.address,
        "kind": literal(BROADCAST),
        "address": found.c.address,
        "body": literal(json.dumps({"text": text}, ensure_ascii=False)),
        "due_at": literal(at),
        **{name: literal(0) for name in ("leased_until", "attempts", "resent")},
        "error": literal(""),
    }
    return insert_from(connection, _o, row, select(*row.values()).where(literal(1) == literal(1)))


def reached(connection: Connection, id: str) -> Reached:
    counts = (func.count(), func.count(_o.c.sent_at), func.count(_o.c.failed_at))
    mine = (_o.c.kind == BROADCAST, _o.c.key.startswith(_prefix(id), autoescape=True))
    return Reached(*connection.execute(select(*counts).where(*mine)).one())


def _prefix(id: str) -> str:
    return f"{BROADCAST}:{id}:"


def _addresses(scope: str) -> Select[Any]:
    query = select(_r.c.address).distinct().where(_r.c.role == "head")
    query = query.join(_u, _u.c.folded_code == func.lower(_r.c.scope))
    if scope == EVERYWHERE:
        return query
    return query.where((_u.c.agency == scope) | (_u.c.folded_code == scope.casefold()))
