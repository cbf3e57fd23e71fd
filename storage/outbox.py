"""What is to be sent: composed once (unique key), sent at least once (leases).

A row is claimed with a lease; a lapsed lease is claimed again and counted as a re-send, because the
process that held it may have died just after sending.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.once import insert_once, table_of
from storage.tables import Outbox

LEASE = 60  # seconds one send may take
BULK = ("digest", "extras")  # kinds that are paced and go after replies

_o = table_of(Outbox)
_UNSENT = (_o.c.sent_at.is_(None), _o.c.failed_at.is_(None))
_DUE = (
    select(_o)
    .where(*_UNSENT, _o.c.due_at <= bindparam("at"), _o.c.leased_until <= bindparam("at"))
    .order_by(_o.c.due_at, _o.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_REPLIES = _DUE.where(_o.c.kind.not_in(BULK))
_BULK = _DUE.where(_o.c.kind.in_(BULK))
_LEASE = (
    update(_o)
    .where(_o.c.id == bindparam("this"))
    .values(
        leased_until=bindparam("until"),
        attempts=_o.c.attempts + 1,
        resent=_o.c.resent + bindparam("again"),
    )
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing to send; `body` as its kind has it."""

    id: int
    key: str
    kind: str
    address: str
    body: dict[str, Any]
    attempts: int


def put(
    connection: Connection,
    key: str,
    kind: str,
    address: str,
    body: Mapping[str, object],
    due_at: int,
) -> bool:
    """Compose once: False where the key is there already."""
    return insert_once(
        connection,
        _o,
        key=key,
        kind=kind,
        address=address,
        body=json.dumps(body, ensure_ascii=False),
        due_at=due_at,
        leased_until=0,
        attempts=0,
        resent=0,
        error="",
    )


def claim(connection: Connection, at: int, most: int, bulk: bool) -> list[Parcel]:
    """Lease what is due: replies, or bulk."""
    rows = connection.execute(_BULK if bulk else _REPLIES, {"at": at, "most": most}).all()
    if rows:
        leases = [
            {"this": row.id, "until": at + LEASE, "again": int(row.leased_until > 0)}
            for row in rows
        ]
        connection.execute(_LEASE, leases)
    return [
        Parcel(r.id, r.key, r.kind, r.address, json.loads(r.body), r.attempts + 1) for r in rows
    ]


def sent(connection: Connection, id: int, at: int) -> None:
    """The send is done: what it said is forgotten, that it was said is kept."""
    _mark(connection, id, sent_at=at, body="{}")


def postpone(connection: Connection, id: int, until: int, error: str) -> None:
    """A passing fault: again at `until`. The lease is given back, so this is no re-send."""
    _mark(connection, id, due_at=until, leased_until=0, error=error)


def failed(connection: Connection, id: int, at: int, error: str) -> None:
    """A permanent fault: nobody will be reached by trying again."""
    _mark(connection, id, failed_at=at, error=error)


def _mark(connection: Connection, id: int, **values: object) -> None:
    connection.execute(update(_o).where(_o.c.id == id).values(**values))
