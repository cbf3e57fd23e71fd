"""Proving that the log, what was answered, published and changed, and the checkpoints that left are
of one another.

Who holds the database can rewrite all of it, the log too, but not a checkpoint that left, nor sign
another one. So every way to change what was is found by one of these: an entry without its answer,
sheet or change; one of these without its entry; a root that is not the one that was signed.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection

from reports.transparency import tree
from reports.transparency.verify_skm import (
    EMPTY,
    Checkpoint,
    Key,
    Malformed,
    Tree,
    hash_of,
    root_of,
)
from storage import units
from storage.answers import votes
from storage.database import destroyed
from storage.index import sheets
from storage.index import transparency_log as log
from storage.office import audit
from storage.periods import period_of

_MARGIN = timedelta(days=1)  # zones differ by less


def differences(
    connection: Connection, outside: Sequence[Checkpoint] = (), key: Key | None = None
) -> Iterator[str]:
    """What differs, a sentence each. `outside`: checkpoints from elsewhere."""
    kept = log.checkpoints(connection)
    rests = list(_rests(connection))
    sizes = {size for _, size, _ in rests}.union(
        (each.size for each in kept), (each.size for each in outside)
    )
    roots, faults = _read(connection, sizes)
    yield from faults
    yield from _kept(kept, roots, key)
    yield from _sent(outside, kept, log.size(connection), roots, key)
    yield from _answers(connection, kept)
    yield from _erased(connection)
    yield from _published(connection)
    for name, size, root in rests:
        if roots.get(size, EMPTY).hex() != root:
            yield f"{name} rests on a log of {size} entries that is not this one."
    yield from _changes(connection)
    yield from _voices(connection)


def _read(connection: Connection, sizes: set[int]) -> tuple[dict[int, bytes], list[str]]:
    """The roots at these sizes, and what is wrong with entries and kept subtrees."""
    roots, faults, grown = dict[int, bytes](), list[str](), Tree()
    level, wrong = list[bytes](), 0
    subtrees: dict[int, list[bytes]] = {height: [] for height in tree.KEPT}
    for row in log.entries(connection):
        if row.position != grown.size:
            faults.append(f"Entry {grown.size} of the log is missing.")
            break
        wrong += bool(row.says) and hash_of(row.says.encode()) != row.hash
        grown.add(row.hash)
        level.append(row.hash)
        if len(level) == 256:
            _rise(subtrees, root_of(level))
            level.clear()
        if grown.size in sizes:
            roots[grown.size] = grown.root()
    if wrong:
        faults.append(f"{wrong} entries of the log are not the hash of what they say.")
    kept = {(row.height, row.number): row.hash for row in log.nodes(connection)}
    made = {(h, n): hash for h, level in subtrees.items() for n, hash in enumerate(level)}
    if kept != made and not faults:
        faults.append("The hashes kept of the log's subtrees are not those of its entries.")
    return roots, faults


def _rise(subtrees: dict[int, list[bytes]], hash: bytes) -> None:
    for height in tree.KEPT:
        subtrees[height].append(hash)
        if len(subtrees[height]) % 256:
            return
        hash = root_of(subtrees[height][-256:])


def _kept(
    kept: Sequence[log.Checkpoint], roots: dict[int, bytes], key: Key | None
) -> Iterator[str]:
    for each in kept:
        name = f"The checkpoint of {each.size} entries"
        if roots.get(each.size) != each.root:
            yield f"{name} is not of this log."
        if not each.note:
            continue
        try:
            said = Checkpoint.read(each.note)
        except Malformed:
            yield f"{name} holds no signed note."
            continue
        if (said.size, said.root) != (each.size, each.root):
            yield f"{name} is not what was signed."
        elif key is not None and said.origin == key.name and not said.is_by(key):
            yield f"{name} is not signed by the log's key."


def _sent(
    outside: Sequence[Checkpoint],
    kept: Sequence[log.Checkpoint],
    size: int,
    roots: dict[int, bytes],
    key: Key | None,
) -> Iterator[str]:
    there = {each.size for each in kept}
    for each in outside:
        if key is not None and each.origin != key.name:
            yield f"The checkpoint of {each.size} entries that was given is of {each.origin}."
        elif key is not None and not each.is_by(key):
            yield f"The checkpoint of {each.size} entries that was given is not signed by our key."
        elif each.size > size:
            yield f"A checkpoint of {each.size} entries was sent; the log has only {size}."
        elif roots.get(each.size, EMPTY) != each.root:
            yield f"The first {each.size} entries of the log are not those that were sent."
        elif each.size not in there:  # by its day late answers and erasings are known
            yield f"The checkpoint of {each.size} entries that was given is kept no more."


def _answers(connection: Connection, kept: Sequence[log.Checkpoint]) -> Iterator[str]:
    """Entries whose answer is gone, and answers that came in when their day was closed already."""
    if lost := log.without_answer(connection):
        yield f"{lost} answers that the log has are gone or were changed, and nobody erased them."
    late: Counter[int] = Counter()
    closed = _closing(kept)
    for unit_id, day, without, last in log.days(connection):
        size = closed(day)
        if size < _NEVER and (without or last >= size):
            late[unit_id] += log.late(connection, unit_id, day, size)
    for unit_id, number in sorted(late.items()):
        code = units.by_id(connection, unit_id).code
        yield f"{number} answers of {code} came in after the log had closed their day."


_NEVER = 2**62


def _closing(kept: Sequence[log.Checkpoint]) -> Callable[[date], int]:
    """Local day → the size at which the log had everything of it, if ever."""

    @cache
    def closed(day: date) -> int:
        return min((each.size for each in kept if each.day > day + _MARGIN), default=_NEVER)

    return closed


def _erased(connection: Connection) -> Iterator[str]:
    """Erasings that no chat can have asked for: without a note of it, or when the key by which a
    chat is known to have answered was destroyed already. It may have asked on the last day on which
    the log did not say so yet: weeks before it did, where the jobs stood still."""
    noted = set(destroyed.leaves(destroyed.all_of_them(connection)))
    wrong: dict[int, int] = defaultdict(int)
    for row, since in log.gone(connection):
        unit = units.by_id(connection, row.unit_id)
        last = period_of(unit.period, row.local_date).last + votes.KEPT
        if row.source not in ("", "imported"):
            wrong[row.unit_id] += row.leaf not in noted or since > last + 2 * _MARGIN
    for unit_id, number in sorted(wrong.items()):
        if number:
            code = units.by_id(connection, unit_id).code
            yield f"{number} answers of {code} are erased, and not by whoever gave them."


def _published(connection: Connection) -> Iterator[str]:
    there = {each.hex() for each in sheets.hashes(connection)}
    said = [json.loads(row.says) for row in log.spoken(connection)]
    logged = {each["sheet"] for each in said if "sheet" in each}
    for hash in sorted(logged - there):
        yield f"The sheet {hash} is in the log and is gone."
    if log.done(connection) is not None:
        for hash in sorted(there - logged):
            yield f"The sheet {hash} is not in the log."


def _rests(connection: Connection) -> Iterator[tuple[str, int, str]]:
    """Sheet, size and root of the log that it names."""
    for unit_id in sheets.publishing(connection):
        for sheet in sheets.of_unit(connection, unit_id):
            try:
                rests: Any = json.loads(sheet.content).get("log")
                if rests:
                    yield f"Sheet {sheet.number} of unit {unit_id}", rests["size"], rests["root"]
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # `reports.sheets.check` says so


def _changes(connection: Connection) -> Iterator[str]:
    last = 0
    for row in log.spoken(connection):
        said = json.loads(row.says).get("changes")
        if said is None:
            continue
        number, digest = audit.digest(connection, said["after"], said["last"])
        if said["after"] != last or (number, digest.hex()) != (said["n"], said["hash"]):
            yield (
                f"The log of changes has {number} entries from {said['after'] + 1} to "
                f"{said['last']} that are not the {said['n']} that it had."
            )
        last = said["last"]


def _voices(connection: Connection) -> Iterator[str]:
    """More answers by chat than chats that answered, while voices are kept."""
    for unit_id, period, voices in votes.numbers(connection):
        given = log.by_chat(connection, unit_id, period)
        if given > voices:
            code = units.by_id(connection, unit_id).code
            yield f"{code} has {given} answers by chat in {period.name}, and {voices} voices."
