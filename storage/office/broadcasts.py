"""A text to the heads of a scope, through the outbox: once to each chat, paced with the bulk."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, func, literal, select

from storage.chat.outbox import BROADCAST
from storage.database.upsert import insert_from, table_of
from storage.scope import Scope, within
from storage.tables import Outbox, Role, Unit

_o, _r, _u = table_of(Outbox), table_of(Role), table_of(Unit)


@dataclass(frozen=True, slots=True)
class Reached:
    """Of so many chats, how many got it and how many never will; the others are still to come."""

    chats: int
    sent: int
    failed: int

    @property
    def waiting(self) -> int:
        return self.chats - self.sent - self.failed


def heads(connection: Connection, scope: Scope) -> dict[str, int]:
    """Time zone → how many chats head a unit there, in a scope. Whoever heads units in several
    zones is counted in one of them."""
    found = _addresses(scope).subquery()
    query = select(found.c.timezone, func.count()).group_by(found.c.timezone)
    return {row[0]: row[1] for row in connection.execute(query)}


def send(
    connection: Connection, id: str, scope: Scope, text: str, at: int, due: Mapping[str, int]
) -> int:
    """Put it in the outbox for every head; how many. Of one broadcast (`id`) nobody gets two.
    `due`: time zone → when (Unix seconds) it is to be sent there, if not at once."""
    found = _addresses(scope).subquery()
    row: dict[str, Any] = {
        "key": literal(_prefix(id)) + found.c.address,
        "kind": literal(BROADCAST),
        "address": found.c.address,
        "body": literal(json.dumps({"text": text}, ensure_ascii=False)),
        "due_at": case(dict(due), value=found.c.timezone, else_=at) if due else literal(at),
        **{name: literal(0) for name in ("leased_until", "attempts", "resent")},
        "error": literal(""),
        "reply_to": literal(""),
    }
    return insert_from(connection, _o, row, select(*row.values()).where(literal(1) == literal(1)))


def reached(connection: Connection, id: str) -> Reached:
    counts = (func.count(), func.count(_o.c.sent_at), func.count(_o.c.failed_at))
    mine = (_o.c.kind == BROADCAST, _o.c.key.startswith(_prefix(id), autoescape=True))
    return Reached(*connection.execute(select(*counts).where(*mine)).one())


def _prefix(id: str) -> str:
    return f"{BROADCAST}:{id}:"


def _addresses(scope: Scope) -> Select[Any]:
    query = select(_r.c.address, func.min(_u.c.timezone).label("timezone"))
    query = query.join(_u, _u.c.folded_code == func.lower(_r.c.scope))  # codes are ASCII
    is_head = (_r.c.role == "head", _r.c.scope_kind == "unit")
    return query.where(*is_head, within([scope])).group_by(_r.c.address)
