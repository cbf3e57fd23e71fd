"""Conversations as they are kept: loaded and saved many at a time, by compare-and-set.

These statements are the path of every tap. They are built once, here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from flows.engine.conversation import Conversation, Unreadable
from flows.engine.ended import is_over, until
from flows.survey.state import PREVIEW, SURVEY, SurveyState
from storage.database.upsert import table_of
from storage.tables import Conversation as Row
from storage.tables import Unit

_c, _u = table_of(Row), table_of(Unit)
_KEPT = select(*(_c.c[name] for name in ("address", "revision", "state", "id", "status", "last")))
_OF_ALL = _KEPT.where(_c.c.address.in_(bindparam("addresses", expanding=True)))
_OF_ONE = _KEPT.where(_c.c.address == bindparam("address"))  # needs no text made for each call
_BY_ID = _KEPT.where(_c.c.id == bindparam("id"))
_INSERT = insert(_c)
_SAVE = (
    update(_c)
    .where(_c.c.id == bindparam("this"), _c.c.revision == bindparam("was"))
    .values(
        revision=bindparam("revision"),
        status=bindparam("status"),
        state=bindparam("state"),
        last=bindparam("last"),
        until=bindparam("until"),
    )
)
_DELETE = delete(_c).where(_c.c.id == bindparam("this"), _c.c.revision == bindparam("was"))
_OPEN = select(func.count()).select_from(_c).where(text("status = 'open'"))  # as its index has it


class Conflict(Exception):
    """Another process changed what this transaction read. Begin again from the load."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation with what its row adds; revision 0 is not in the database yet."""

    address: str
    revision: int
    conversation: Conversation


def number_open(connection: Connection) -> int:
    return int(connection.execute(_OPEN).scalar_one())


def load(connection: Connection, addresses: Sequence[str]) -> dict[str, list[Kept]]:
    """All conversations of these addresses, the open one last."""
    found: dict[str, list[Kept]] = {address: [] for address in addresses}
    if len(addresses) == 1:
        rows = connection.execute(_OF_ONE, {"address": addresses[0]})
    else:
        rows = connection.execute(_OF_ALL, {"addresses": addresses})
    for row in rows.all():
        found[row.address].append(_kept(row))
    for kept in found.values():
        kept.sort(key=lambda k: (k.conversation.is_open, k.conversation.last))
    return found


def one(connection: Connection, id: str) -> Kept | None:
    row = connection.execute(_BY_ID, {"id": id}).first()
    return _kept(row) if row else None


def _kept(row: Any) -> Kept:
    return Kept(row.address, row.revision, read(row))


def read(row: Any) -> Conversation:
    """One that this release cannot read is of no form: it goes on nowhere, ends when its time has
    come, and stands in nobody's way (`bot.core.turns.unreadable`)."""
    try:
        return Conversation.from_json(row.state)
    except Unreadable:
        last = row.last
        return Conversation(row.id, "", "", "", "id", last, last, status=row.status)


def insert_all(connection: Connection, kept: Sequence[Kept]) -> None:
    if kept:
        connection.execute(_INSERT, [_new_row(k) for k in kept])


def save_all(connection: Connection, kept: Sequence[Kept]) -> None:
    """Raises Conflict where a row is no longer at the revision that was read."""
    rows = [{"this": k.conversation.id, "was": k.revision, **_columns(k)} for k in kept]
    if rows and connection.execute(_SAVE, rows).rowcount != len(rows):
        raise Conflict


def delete_all(connection: Connection, kept: Sequence[Kept]) -> None:
    """Raises Conflict as `save_all`."""
    rows = [{"this": k.conversation.id, "was": k.revision} for k in kept]
    if rows and connection.execute(_DELETE, rows).rowcount != len(rows):
        raise Conflict


def _columns(kept: Kept) -> dict[str, object]:
    conversation = kept.conversation
    return {
        "revision": kept.revision + 1,
        "status": conversation.status,
        "state": conversation.to_json(),
        "last": conversation.last,
        "until": until(conversation),
    }


def _new_row(kept: Kept) -> dict[str, object]:
    return {
        "id": kept.conversation.id,
        "address": kept.address,
        "unit": kept.conversation.about.get("unit", ""),
        "reminded": False,
        **_columns(kept),
    }


_UNREMINDED = (
    select(*_KEPT.selected_columns, _u.c.timezone)
    .join(_u, _u.c.code == _c.c.unit)
    .where(
        _c.c.status == "open",
        ~_c.c.reminded,
        _c.c.revision > 1,  # opened and nothing else: nobody to remind, but many
        _c.c.last <= bindparam("since"),
    )
)
_LEFT = _KEPT.where(_c.c.status == "open", _c.c.until <= bindparam("now"))
_CLOSED = delete(_c).where(_c.c.status != "open", _c.c.until <= bindparam("now"))


_OPEN_IN = _KEPT.where(_c.c.status == "open", _c.c.unit == bindparam("unit"))


def unreminded(connection: Connection, since: int) -> Sequence[Any]:
    """Open surveys untouched since then of which nobody was reminded: id, address, state and the
    unit's timezone."""
    return connection.execute(_UNREMINDED, {"since": since}).all()


def last_unit(connection: Connection) -> str:
    """The code of the unit that somebody answered about last; "" where nobody did."""
    query = select(_c.c.unit).where(_c.c.unit != "").order_by(_c.c.last.desc()).limit(1)
    return connection.execute(query).scalar() or ""


def mark_reminded(connection: Connection, id: str) -> None:
    connection.execute(update(_c).where(_c.c.id == id).values(reminded=True))


def open_in(connection: Connection, unit: str, at: int) -> list[Conversation]:
    """Surveys of the unit of that code that may still be sent: no form of its staff, no preview,
    none whose time is over. At most as old as `flows.engine.ended.LEFT`, however often somebody
    taps."""
    rows = connection.execute(_OPEN_IN, {"unit": unit})
    found = [read(row) for row in rows]
    return [
        each
        for each in found
        if each.form == SURVEY and SurveyState.of(each).part != PREVIEW and not is_over(each, at)
    ]


def left(connection: Connection, now: int) -> list[Kept]:
    """Open conversations whose time has come."""
    rows = connection.execute(_LEFT, {"now": now})
    return [_kept(row) for row in rows]


def forget_open(connection: Connection, address: str) -> int:
    """Nobody is at that address any more; the number deleted."""
    gone = delete(_c).where(_c.c.address == address, text("status = 'open'"))
    return connection.execute(gone).rowcount


def forget_closed(connection: Connection, now: int) -> int:
    """Delete what is closed and whose time has come; the number deleted."""
    return connection.execute(_CLOSED, {"now": now}).rowcount
