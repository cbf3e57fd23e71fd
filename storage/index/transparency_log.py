"""The transparency log as it is kept: entries in their order, hashes of subtrees, checkpoints.

Entries are added at the end by one transaction at a time (`lock`); nothing here changes one or
takes one out.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select, text, update

from flows.survey.source import NOBODYS, OWN
from storage.answers.receipts import canonical
from storage.database.upsert import insert_missing, insert_once, table_of
from storage.index_tables import Checkpoint as CheckpointRow
from storage.index_tables import LogEntry, LogNode, Tombstone
from storage.periods import Period
from storage.tables import Edition, Response, Unit

NAME = "log"  # of a row of Edition: the last day on which all that was due was added
AT_ONCE = 500  # hashes asked for in one statement
READ = 5_000  # rows at a time

_e, _n, _c = table_of(LogEntry), table_of(LogNode), table_of(CheckpointRow)
_r, _t, _u, _edition = table_of(Response), table_of(Tombstone), table_of(Unit), table_of(Edition)
_SIZE = select(func.coalesce(func.max(_e.c.position) + 1, 0))
_HASHES = (
    select(_e.c.hash)
    .where(_e.c.position.between(bindparam("first"), bindparam("last")))
    .order_by(_e.c.position)
)
_NODES = (
    select(_n.c.hash)
    .where(
        _n.c.height == bindparam("height"),
        _n.c.number.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_n.c.number)
)
_COLUMNS = (_c.c.size, _c.c.root, _c.c.day, _c.c.note)
_LATEST = select(*_COLUMNS).order_by(_c.c.size.desc()).limit(1)
_OF_SIZE = select(*_COLUMNS).where(_c.c.size == bindparam("size"))
# In the very words of the index that holds only these, or SQLite does not use it.
_SPOKEN = select(_e).where(text("says <> ''"))
_LAST_CHANGES = (
    _SPOKEN.where(_e.c.says.startswith('{"changes":', autoescape=False))
    .order_by(_e.c.position.desc())
    .limit(1)
)
_WITH_ENTRY = _r.outerjoin(_e, _e.c.hash == _r.c.leaf)
_GIVEN = select(func.count()).select_from(_WITH_ENTRY).where(_r.c.source != "imported")
_DONE = select(_edition.c.number).where(_edition.c.name == NAME)


@dataclass(frozen=True, slots=True)
class Entry:
    """Not placed yet. `says`: "" of a response, whose leaf `hash` is."""

    hash: bytes
    says: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`day`: whose end had come for all that was due to be in it. `note`: "" until it is signed."""

    size: int
    root: bytes
    day: date
    note: str = ""


def saying(what: Mapping[str, Any]) -> Entry:
    """An entry that is no response."""
    said = canonical(what)
    return Entry(hashlib.sha256(b"\x00" + said).digest(), said.decode())


def lock(connection: Connection) -> None:
    """Wait for whoever adds to the log; others wait then."""
    insert_once(connection, _edition, name=NAME, number=0)
    connection.execute(_DONE.with_for_update())


def done(connection: Connection) -> date | None:
    """The last day on which all that was due was added."""
    number = connection.execute(_DONE).scalar()
    return date.fromordinal(number) if number else None


def mark_done(connection: Connection, day: date) -> None:
    named = update(_edition).where(_edition.c.name == NAME)
    connection.execute(named.values(number=day.toordinal()))


def size(connection: Connection) -> int:
    return int(connection.execute(_SIZE).scalar_one())


def hashes(connection: Connection, height: int, first: int, number: int) -> list[bytes]:
    """Of so many complete subtrees (`reports.transparency.tree.Read`)."""
    query = _NODES if height else _HASHES
    params = {"first": first, "last": first + number - 1}
    return list(
        connection.execute(query, params | {"height": height} if height else params).scalars()
    )


def add(connection: Connection, first: int, entries: Sequence[Entry], day: date) -> None:
    """At the end of the log, which has `first` entries."""
    rows = [
        {"position": first + n, "hash": each.hash, "says": each.says, "day": day}
        for n, each in enumerate(entries)
    ]
    if rows:
        connection.execute(insert(_e), rows)


def add_nodes(connection: Connection, height: int, nodes: Iterable[tuple[int, bytes]]) -> None:
    rows = [{"height": height, "number": number, "hash": hash} for number, hash in nodes]
    if rows:
        connection.execute(insert(_n), rows)


def missing(connection: Connection, wanted: Sequence[bytes]) -> list[bytes]:
    """Those of these hashes that are no entry's, in their order."""
    there: set[bytes] = set()
    for n in range(0, len(wanted), AT_ONCE):
        query = select(_e.c.hash).where(_e.c.hash.in_(wanted[n : n + AT_ONCE]))
        there.update(connection.execute(query).scalars())
    return [each for each in wanted if each not in there]


def position(connection: Connection, hash: bytes) -> int | None:
    found = connection.execute(select(_e.c.position).where(_e.c.hash == hash)).scalar()
    return None if found is None else int(found)


def zones(connection: Connection) -> list[str]:
    return list(connection.execute(select(_u.c.timezone).distinct()).scalars())


def unlogged(
    connection: Connection, timezone: str, before: date, after: bytes, most: int
) -> list[bytes]:
    """Leaves of responses of days before that one, in units of that zone, that have no entry: in
    their order, which tells nothing, those after a leaf."""
    no_entry = ~select(_e.c.position).where(_e.c.hash == _r.c.leaf).exists()
    query = (
        select(_r.c.leaf)
        .join(_u, _u.c.id == _r.c.unit_id)
        .where(_r.c.leaf > after, _u.c.timezone == timezone, _r.c.local_date < before, no_entry)
    )
    return list(connection.execute(query.order_by(_r.c.leaf).limit(most)).scalars())


def still_there(connection: Connection, leaves: Sequence[bytes]) -> list[bytes]:
    """Those of these leaves whose response is there, in their order; it stays there until this
    transaction ends."""
    there: set[bytes] = set()
    for n in range(0, len(leaves), AT_ONCE):
        query = select(_r.c.leaf).where(_r.c.leaf.in_(leaves[n : n + AT_ONCE]))
        stays = query.with_for_update(read=True, key_share=True)
        there.update(connection.execute(stays).scalars())
    return [each for each in leaves if each in there]


def erased(connection: Connection) -> list[bytes]:
    """Leaves of all tombstones, in their order."""
    return list(connection.execute(select(_t.c.leaf).order_by(_t.c.leaf)).scalars())


def entries(connection: Connection) -> Iterator[Any]:
    """All rows, in order."""
    query = select(_e).order_by(_e.c.position)
    yield from connection.execute(query, execution_options={"yield_per": READ})


def between(connection: Connection, first: int, end: int) -> Iterator[Any]:
    """Rows from a position to before another, in order: each part by itself, so that nothing is
    held meanwhile (what is there does not change)."""
    for at in range(first, end, READ):
        last = min(at + READ, end) - 1
        query = select(_e).where(_e.c.position.between(at, last)).order_by(_e.c.position)
        yield from connection.execute(query)


def spoken(connection: Connection) -> Iterator[Any]:
    """All rows that are no response's, in order."""
    query = _SPOKEN.order_by(_e.c.position)
    yield from connection.execute(query, execution_options={"yield_per": READ})


def last_changes(connection: Connection) -> dict[str, Any] | None:
    """What the last entry that counts changes says; None: there is none."""
    row = connection.execute(_LAST_CHANGES).first()
    said: dict[str, Any] | None = json.loads(row.says)["changes"] if row else None
    return said


def nodes(connection: Connection) -> Iterator[Any]:
    """Height, number and hash of every subtree that is kept."""
    query = select(_n.c.height, _n.c.number, _n.c.hash)
    yield from connection.execute(query, execution_options={"yield_per": READ})


def without_answer(connection: Connection) -> int:
    """How many entries are of responses that are not there, and that nobody erased."""
    answer = select(_r.c.id).where(_r.c.leaf == _e.c.hash).exists()
    erased = select(_t.c.leaf).where(_t.c.leaf == _e.c.hash).exists()
    query = select(func.count()).select_from(_e).where(_e.c.says == "", ~answer, ~erased)
    return int(connection.execute(query).scalar_one())


def days(connection: Connection) -> Iterator[Any]:
    """Of each unit and local day with responses that were not imported: how many have no entry, and
    the position of the last that has one (None: none)."""
    without = func.count() - func.count(_e.c.position)
    query = _GIVEN.with_only_columns(
        _r.c.unit_id,
        _r.c.local_date.label("day"),
        without.label("without"),
        func.max(_e.c.position).label("last"),
    ).group_by(_r.c.unit_id, _r.c.local_date)
    yield from connection.execute(query, execution_options={"yield_per": READ})


def late(connection: Connection, unit_id: int, day: date, size: int) -> int:
    """How many responses of a unit's day, imported ones aside, are not among the first entries."""
    mine = _r.c.unit_id == unit_id, _r.c.local_date == day
    query = _GIVEN.where(*mine, or_(_e.c.position.is_(None), _e.c.position >= size))
    return int(connection.execute(query).scalar_one())


def by_chat(connection: Connection, unit_id: int, period: Period) -> int:
    """How many responses came from chats or browsers, each with a voice of its own: by no visit
    link."""
    days = _r.c.local_date.between(period.first, period.last)
    mine = (
        _r.c.unit_id == unit_id,
        _r.c.source.in_((OWN, *NOBODYS)),
        _r.c.verified.is_(False),
        days,
    )
    return int(connection.execute(select(func.count()).select_from(_r).where(*mine)).scalar_one())


def gone(connection: Connection) -> list[tuple[Any, date]]:
    """Tombstones, and the last day on which the log, with all that was due in it, did not say yet
    that their response is gone: it may have been erased on that day already. Where the log was not
    kept for weeks, it says so weeks later."""
    kept = checkpoints(connection)
    sizes, days = [each.size for each in kept], accumulate((each.day for each in kept), max)
    until = [date.min, *days]
    said = {
        bytes.fromhex(leaf): until[bisect_right(sizes, row.position)]
        for row in spoken(connection)
        if (leaf := json.loads(row.says).get("gone"))
    }
    rows = connection.execute(select(_t).order_by(_t.c.leaf))
    last = done(connection) or date.min
    return [(row, said.get(row.leaf, last)) for row in rows]


def keep(connection: Connection, checkpoint: Checkpoint) -> None:
    """Of one size there is one; a later day is put in its place."""
    insert_missing(
        connection,
        _c,
        [
            {
                "size": checkpoint.size,
                "root": checkpoint.root,
                "day": checkpoint.day,
                "note": checkpoint.note,
            }
        ],
    )
    older = (_c.c.size == checkpoint.size, _c.c.day < checkpoint.day)
    connection.execute(update(_c).where(*older).values(day=checkpoint.day))


def write_note(connection: Connection, size: int, note: str) -> None:
    connection.execute(update(_c).where(_c.c.size == size).values(note=note))


def latest(connection: Connection) -> Checkpoint | None:
    row = connection.execute(_LATEST).first()
    return Checkpoint(*row) if row else None


def latest_of(connection: Connection, origin: str) -> Checkpoint | None:
    """The newest that is signed under that name."""
    signed = _LATEST.where(_c.c.note.startswith(f"{origin}\n", autoescape=True))
    row = connection.execute(signed).first()
    return Checkpoint(*row) if row else None


def of_size(connection: Connection, size: int) -> Checkpoint | None:
    row = connection.execute(_OF_SIZE, {"size": size}).first()
    return Checkpoint(*row) if row else None


def latest_signed(connection: Connection) -> int:
    """The size of the log's newest signed checkpoint; 0: there is none."""
    found = connection.execute(_LATEST.where(_c.c.note != "")).first()
    return int(found.size) if found else 0


def unsigned(connection: Connection) -> list[Checkpoint]:
    """By size."""
    query = select(*_COLUMNS).where(_c.c.note == "").order_by(_c.c.size)
    return [Checkpoint(*row) for row in connection.execute(query)]


def checkpoints(connection: Connection) -> list[Checkpoint]:
    """By size."""
    return [Checkpoint(*row) for row in connection.execute(select(*_COLUMNS).order_by(_c.c.size))]
