"""What is added to the transparency log, once a day and before a sheet is published.

Added is what has no entry yet, so that downtime and two processes are no cases of their own:

- the leaf of each response whose day in its unit's zone is over, past the time in which it may be
  changed; and of each that was erased and that digests or sheets had counted;
- of each that was erased, that it is gone: `{"gone": leaf}`;
- of each sheet `{"sheet": hash}`;
- of the log of who changed what (`storage.office.audit`), the digest of what came since.

Leaves are added in the order of their bytes, which are hashes under random salts: nothing tells who
answered when, and only whole days are added (`tests/storage/test_order.py`). An entry is never
changed: tree and proofs are `reports.transparency.tree`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine

from reports.sheets.merkle import Proof
from reports.transparency import tree
from storage.index import sheets
from storage.index import transparency_log as log
from storage.index.transparency_log import Checkpoint, Entry, saying
from storage.office import audit
from storage.periods import CAPITAL, local_date

SETTLED = (
    3_600  # seconds after midnight: longer than an answer may be changed (`flows.engine.ended`)
)
PART = 20_000  # leaves added in one transaction


def gone(leaf: bytes) -> Entry:
    return saying({"gone": leaf.hex()})


def published(hash: bytes) -> Entry:
    return saying({"sheet": hash.hex()})


def reader(connection: Connection) -> tree.Read:
    return partial(log.hashes, connection)


def append(engine: Engine, now: int) -> int:
    """Add all that is due and keep the day's checkpoint; the number of entries added. Nothing where
    it was done today (WIB)."""
    today = local_date(now - SETTLED, CAPITAL)
    with engine.connect().execution_options(reads=True) as connection:
        done = log.done(connection)
        if done is not None and done >= today:
            return 0
        zones = log.zones(connection)
    added = sum(_responses(engine, timezone, now, today) for timezone in zones)
    with engine.connect().execution_options(reads=True) as connection:
        due = unsaid(connection)
    with engine.begin() as connection:
        log.lock(connection)
        added += rest(connection, due, now, today)
        checkpoint(connection, today)
        log.mark_done(connection, today)
    return added


def _responses(engine: Engine, timezone: str, now: int, today: date) -> int:
    """They are looked for before the log is locked: nobody waits while all are read. Of one that is
    erased meanwhile nothing is left, so that nothing of it may come into the log."""
    before, after, added = local_date(now - SETTLED, timezone), b"", 0
    while True:
        with engine.connect().execution_options(reads=True) as reading:
            found = log.unlogged(reading, timezone, before, after, PART)
        with engine.begin() as connection:
            log.lock(connection)
            there = log.still_there(connection, found)
            added += add(connection, [Entry(leaf) for leaf in there], today)
        if len(found) < PART:
            return added
        after = found[-1]


def unsaid(connection: Connection) -> list[Sequence[Entry]]:
    """Of all that was ever erased and published what has no entry yet. It is looked for before the
    log is locked, so that nobody waits the longer, the older the log is."""
    erased = log.erased(connection)
    kinds = (
        [Entry(leaf) for leaf in erased],
        [gone(leaf) for leaf in erased],
        [published(hash) for hash in sheets.hashes(connection)],
    )
    return [_new(connection, kind) for kind in kinds]


def rest(connection: Connection, due: Sequence[Sequence[Entry]], now: int, today: date) -> int:
    kinds = (*due, changes(connection, now - SETTLED))
    return sum(add(connection, kind, today) for kind in kinds)


def changes(connection: Connection, until: int) -> list[Entry]:
    """The digest of what the log of changes has more than was added of it, noted before then (Unix
    seconds)."""
    before = log.last_changes(connection)
    after = before["last"] if before else 0
    last = audit.last_id(connection, until)
    if last is None or last <= after:
        return []
    number, digest = audit.digest(connection, after, last)
    return [saying({"changes": {"after": after, "last": last, "n": number, "hash": digest.hex()}})]


def keep_sheet(
    connection: Connection,
    unit_id: int,
    content: Mapping[str, Any],
    at: int,
    erased: Sequence[bytes] = (),
) -> dict[str, Any]:
    """Keep a sheet that rests on the log: all its leaves are among the entries of the root that it
    names, and it is itself an entry, in a checkpoint of its own: signed, it is public within a
    minute. Its content with that root. `at`: Unix seconds."""
    today = local_date(at, CAPITAL)
    log.lock(connection)
    there = sheets.without_entry(connection, unit_id, content)
    add(connection, [Entry(leaf) for leaf in sorted([*there, *erased])], today)
    until = log.done(connection) or date.min
    head = checkpoint(connection, until)
    rests = {"size": head.size, "root": head.root.hex()} if head else None
    kept = {**content, "log": rests}
    hash = sheets.keep(connection, unit_id, kept, at, erased)
    add(connection, [published(hash)], today)
    checkpoint(connection, until)
    return kept


def proof_of(connection: Connection, leaf: bytes) -> tuple[Checkpoint, Proof] | None:
    """That an entry is in the log as the newest checkpoint has it, a signed one where there is one;
    None where it is in none yet."""
    found = log.of_size(connection, log.latest_signed(connection)) or log.latest(connection)
    at = log.position(connection, leaf)
    if found is None or at is None or at >= found.size:
        return None
    return found, Proof(at, found.size, tree.inclusion(reader(connection), at, found.size))


def add(connection: Connection, entries: Sequence[Entry], day: date) -> int:
    """Those that have no entry yet, in the order given; how many. The log must be locked."""
    new, old = _new(connection, entries), log.size(connection)
    log.add(connection, old, new, day)
    for height in tree.KEPT:
        nodes = tree.completed(reader(connection), height, old, old + len(new))
        log.add_nodes(connection, height, nodes)
    return len(new)


def _new(connection: Connection, entries: Sequence[Entry]) -> list[Entry]:
    wanted = {each.hash: each for each in entries}
    return [wanted[hash] for hash in log.missing(connection, list(wanted))]


def checkpoint(connection: Connection, day: date) -> Checkpoint | None:
    """The log as it stands, kept to be signed; None of an empty log."""
    size = log.size(connection)
    if not size:
        return None
    found = Checkpoint(size, tree.root_at(reader(connection), size), day)
    log.keep(connection, found)
    return found
