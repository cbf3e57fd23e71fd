"""What is to be sent: composed once (unique key), sent at least once (leases).

A row is claimed with a lease; a lapsed lease is claimed again and counted as a re-send, because the
process that held it may have died just after sending. What it said is kept only until it is sent or
given up; a row that names a citizen's chat, not much longer (`forget_replies`). Of an ending, which
may show a receipt, nothing is kept but of which conversation, and no longer than that is.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.database.upsert import insert_once, table_of
from storage.tables import Conversation, Outbox

LEASE = 60  # seconds one send may take
LONG = 300  # … that is made first
# Whatever would wait or be leased for longer was put so by a clock that was ahead.
LONGEST_WAIT, LONGEST_LEASE = 86_400, 2 * LONG
SLOWEST = 3_600  # seconds between tries at most
WORK = "work"  # a turn that takes long (`bot.core.turns.deferred_work`)
MADE = (WORK, "document")  # kinds that take long to make: they go beside the others
DIGESTS = ("digest", "extras", "comments")
ENDING = "ending"  # of a closed conversation, which the key names
BROADCAST = "broadcast"
COMMANDS = "commands"  # the list behind a chat's menu button
KNOCK = "knock"  # says that something waits (`release`)
HELD = "held until they write"  # why something waits
# Kinds whose rows stay: nothing is composed again, and what was sent can be asked for.
KEPT = (*DIGESTS, "alert", BROADCAST)
OF_A_HEAD = (*DIGESTS, "alert", "reminder")  # kinds whose key names the unit, then the address

_o, _c = table_of(Outbox), table_of(Conversation)
_UNSENT = (_o.c.sent_at.is_(None), _o.c.failed_at.is_(None))
_DUE = (
    select(_o)
    .where(
        *_UNSENT,
        ~_o.c.due_at.between(bindparam("at") + 1, bindparam("at") + LONGEST_WAIT),
        ~_o.c.leased_until.between(bindparam("at") + 1, bindparam("at") + LONGEST_LEASE),
    )
    .order_by(_o.c.due_at, _o.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_LONG = _DUE.where(_o.c.kind.in_(MADE))
_REPLIES = _DUE.where(_o.c.reply_to != "", _o.c.kind.not_in(MADE))
_BULK = _DUE.where(_o.c.reply_to == "", _o.c.kind.not_in(MADE), _o.c.address.like(bindparam("of")))
_LEASE = (
    update(_o)
    .where(_o.c.id == bindparam("this"))
    .values(
        leased_until=bindparam("until"),
        attempts=_o.c.attempts + 1,
        resent=_o.c.resent + bindparam("again"),
    )
)
_IS_REPLY = (_o.c.reply_to != literal_column("''")).label("is_reply")
# One that is leased is being tried: that has not failed yet.
_FAILED = (_o.c.attempts - case((_o.c.leased_until > 0, 1), else_=0)).label("failed")
_UNSENT_NOW = (
    select(
        _o.c.kind,
        _IS_REPLY,
        _FAILED,
        func.count().label("number"),
        func.min(_o.c.due_at).label("due_at"),
    )
    .where(*_UNSENT)
    .group_by("kind", "is_reply", "failed")
)
_DONE = delete(_o).where(
    _o.c.kind.not_in(KEPT),
    or_(_o.c.sent_at <= bindparam("since"), _o.c.failed_at <= bindparam("since")),
)
_SHOWN = delete(_o).where(_o.c.id == bindparam("this"), _o.c.kind == ENDING)
_OVER = delete(_o).where(
    _o.c.kind == ENDING,
    ~exists().where(_c.c.id == func.substr(_o.c.key, len(ENDING) + 2)),
)
_HELD = (_o.c.held_since.is_not(None), *_UNSENT)  # as the index has it
_RELEASED = (
    update(_o)
    .where(_o.c.address == bindparam("to"), *_HELD)
    .values(
        due_at=bindparam("now"),
        attempts=0,
        error="",
        reply_to=bindparam("event"),
        held_since=None,
    )
)
_WITHDRAWN = delete(_o).where(
    _o.c.kind == bindparam("kind"), _o.c.address == bindparam("address"), *_UNSENT
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing to send; `body` as its kind has it. To be sent before `until`, when its lease
    lapses; `again` if one has lapsed already. `is_reply`: to what this very person did;
    `held_since`: it waits for them to write."""

    id: int
    key: str
    kind: str
    address: str
    body: dict[str, Any]
    attempts: int
    until: int
    again: bool
    is_reply: bool = False
    held_since: int | None = None


@dataclass(frozen=True, slots=True)
class Unsent:
    """What of one kind is not sent yet. In seconds: for how long the oldest has been `due`, and, at
    least, since it was due first; each try that failed has put it off (`bot.core.sending.post`)."""

    kind: str
    is_reply: bool
    number: int
    due: int
    age: int


def unsent(connection: Connection, at: int) -> list[Unsent]:
    """By kind, whether it is a reply, and tries."""
    return [
        Unsent(row.kind, bool(row.is_reply), row.number, due, due + waited(row.failed))
        for row in connection.execute(_UNSENT_NOW)
        for due in [max(0, at - row.due_at)]
    ]


def pause(attempts: int) -> int:
    """Seconds to the next try, at least, after so many that failed."""
    return min(2**attempts, SLOWEST)


def waited(attempts: int) -> int:
    """Seconds that have passed, at least, once so many failed."""
    return sum(map(pause, range(1, attempts + 1)))


def put(
    connection: Connection,
    key: str,
    kind: str,
    address: str,
    body: Mapping[str, object],
    due_at: int,
    reply_to: str = "",
    held_since: int | None = None,
) -> bool:
    """Compose once: False where the key is there already.

    `reply_to`: the id of this very person's event that it answers, which goes at once. Whatever
    else is put, by the scheduler or for somebody else, is bulk: paced, and after the replies.
    `held_since`: it waits for its reader to write (`hold`).
    """
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
        error="" if held_since is None else HELD,
        reply_to=reply_to,
        held_since=held_since,
    )


def claim(connection: Connection, at: int, most: int) -> list[Parcel]:
    """Lease what is due: replies."""
    return _claim(connection, _REPLIES, at, most, LEASE)


def claim_bulk(connection: Connection, at: int, most: int, channel: str) -> list[Parcel]:
    """… or what goes in bulk, to addresses of this channel."""
    return _claim(connection, _BULK, at, most, LEASE, of=f"{channel}:%")


def claim_long(connection: Connection, at: int, most: int) -> list[Parcel]:
    """… or what takes long to make."""
    return _claim(connection, _LONG, at, most, LONG)


def _claim(
    connection: Connection, due: Any, at: int, most: int, seconds: int, **more: str
) -> list[Parcel]:
    rows = connection.execute(due, {"at": at, "most": most, **more}).all()
    parcels = [_parcel(row, at + seconds) for row in rows]
    if parcels:
        leases = [{"this": p.id, "until": p.until, "again": int(p.again)} for p in parcels]
        connection.execute(_LEASE, leases)
    return parcels


def _parcel(row: Any, until: int) -> Parcel:
    body, again, is_reply = json.loads(row.body), row.leased_until > 0, row.reply_to != ""
    tries = row.attempts + 1
    return Parcel(
        row.id,
        row.key,
        row.kind,
        row.address,
        body,
        tries,
        until,
        again,
        is_reply,
        row.held_since,
    )


def sent(connection: Connection, id: int, at: int) -> None:
    """The send is done: what it said is forgotten, that it was said is kept."""
    _done(connection, id, sent_at=at)


def drop(connection: Connection, id: int) -> None:
    """It is over, and may be put there again."""
    connection.execute(delete(_o).where(_o.c.id == id))


def postpone(connection: Connection, id: int, until: int, error: str) -> None:
    """A passing fault: again at `until`. The lease is given back, so this is no re-send."""
    _mark(connection, id, due_at=until, leased_until=0, error=error)


def hold(connection: Connection, id: int, until: int, since: int) -> None:
    """It waits for its reader to write (`release`), since then; looked at again at `until`."""
    _mark(connection, id, due_at=until, leased_until=0, error=HELD, held_since=since)


def failed(connection: Connection, id: int, at: int, error: str) -> None:
    """A permanent fault: nobody will be reached by trying again. What it said is forgotten."""
    _done(connection, id, failed_at=at, error=error)


def ending_key(conversation: str) -> str:
    return f"{ENDING}:{conversation}"


def drop_endings(connection: Connection) -> int:
    """Delete those that could not be sent while their conversation was kept; the number deleted."""
    return connection.execute(_OVER).rowcount


def drop_unsent(connection: Connection, at: int, error: str) -> int:
    """Give up all that waits; how many. It may have been sent: nobody can tell any more."""
    given_up = update(_o).where(*_UNSENT).values(failed_at=at, error=error, body="{}")
    return connection.execute(given_up).rowcount


def forget_replies(connection: Connection, since: int) -> int:
    """Delete what was sent to citizens, or given up, before then; the number deleted.

    Digests stay: their keys see to it that nothing is composed again.
    """
    return connection.execute(_DONE, {"since": since}).rowcount


def forget_kept(connection: Connection, since: int) -> int:
    """… and digests and their like that were sent or given up before then: what they were composed
    for is long past, and is composed no more."""
    old = or_(_o.c.sent_at <= since, _o.c.failed_at <= since)
    return connection.execute(delete(_o).where(_o.c.kind.in_(KEPT), old)).rowcount


def held(connection: Connection) -> tuple[int, int]:
    """How many wait for their reader to write, and for how many readers."""
    people = func.count(_o.c.address.distinct())
    query = select(func.count(), people).where(*_HELD)
    number, readers = connection.execute(query).one()
    return int(number), int(readers)


def release(connection: Connection, address: str, event: str, now: int) -> int:
    """What was held until this person writes is from now on a reply to that event; how many."""
    released = {"to": address, "event": event, "now": now}
    number: int = connection.execute(_RELEASED, released).rowcount
    if number:
        withdraw(connection, KNOCK, address)
    return number


def take_back(
    connection: Connection, address: str, event: str, documents: Collection[str]
) -> list[dict[str, Any]]:
    """The files of these names that were put in answer to this person's event: what is said of
    each, in their order. They are sent no more."""
    mine = (*_UNSENT, _o.c.kind == "document", _o.c.address == address, _o.c.reply_to == event)
    found = connection.execute(select(_o.c.id, _o.c.body).where(*mine).order_by(_o.c.id)).all()
    bodies = {row.id: json.loads(row.body) for row in found}
    taken = {id: body for id, body in bodies.items() if body["document"] in documents}
    for id in taken:
        drop(connection, id)
    return [*taken.values()]


def withdraw(connection: Connection, kind: str, address: str) -> None:
    """Delete what of this kind is still to be sent to an address."""
    connection.execute(_WITHDRAWN, {"kind": kind, "address": address})


def withdraw_from_head(connection: Connection, code: str, address: str) -> None:
    """Delete what is still to be sent to an address as the head of that unit."""
    keys = func.lower(_o.c.key).contains(f":{code}:".lower(), autoescape=True)
    mine = (_o.c.address == address, _o.c.kind.in_(OF_A_HEAD), *_UNSENT)
    connection.execute(delete(_o).where(*mine, keys))


def _done(connection: Connection, id: int, **values: object) -> None:
    """An ending's row would tell when that chat had answered: it goes at once."""
    if connection.execute(_SHOWN, {"this": id}).rowcount == 0:
        _mark(connection, id, body="{}", **values)


def _mark(connection: Connection, id: int, **values: object) -> None:
    connection.execute(update(_o).where(_o.c.id == id).values(**values))
