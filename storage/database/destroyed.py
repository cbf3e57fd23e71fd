"""What was destroyed for good, a line each: it is also kept outside the database, in the file that
counts its minutes (`storage.database.rollback_check`), and so outlives a backup that is put in the
database's place.

    keys before 2026-10-15                      period keys whose last day was before that one
    answer 5f2c…                                a response, by its leaf: it tells nothing of it
    role head 1764380000 unit:SAMSAT-BC         a role, by the second in which it was given
    file 7 1764380000 0a3c…                     what was imported into that unit in that second
    counter 5f2c1a                              a counter's key, by the id that names it
    public 7 1764380000 follow_up 12            a public file of that unit, by the second in which
                                                it was published, and what it belonged to
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select

from storage.database.upsert import insert_missing, table_of
from storage.scope import Scope, kept
from storage.tables import Destroyed

_d = table_of(Destroyed)
_KINDS = ("keys before", "answer", "role", "file", "counter", "public")


def keys(before: date) -> str:
    return f"keys before {before.isoformat()}"


def answer(leaf: bytes) -> str:
    return f"answer {leaf.hex()}"


def role(name: str, scope: Scope, since: int) -> str:
    return f"role {name} {since} {scope}"


def file(unit_id: int, at: int, id: str) -> str:
    return f"file {unit_id} {at} {id}"


def counter(id: str) -> str:
    return f"counter {id}"


def public(unit_id: int, kind: str, of: str, at: int) -> str:
    return f"public {unit_id} {at} {kind} {of}"


def note(connection: Connection, *lines: str) -> None:
    """In the transaction that destroys."""
    insert_missing(connection, _d, [{"what": line} for line in lines])


def all_of_them(connection: Connection) -> list[str]:
    return sorted(connection.execute(select(_d.c.what)).scalars())


def last_keys(lines: Iterable[str]) -> date | None:
    """The last day before which keys were destroyed."""
    days = [date.fromisoformat(what) for kind, what in _of(lines) if kind == "keys before"]
    return max(days, default=None)


def leaves(lines: Iterable[str]) -> list[bytes]:
    return [bytes.fromhex(what) for kind, what in _of(lines) if kind == "answer"]


def roles(lines: Iterable[str]) -> list[tuple[str, Scope, int]]:
    """Name, scope and since when, of each role that was ended."""
    found = []
    for kind, what in _of(lines):
        if kind == "role":
            name, since, scope = what.split(" ", 2)
            found.append((name, kept(scope), int(since)))
    return found


def files(lines: Iterable[str]) -> list[tuple[int, int, str]]:
    """Unit, when it came in (Unix seconds) and id of each import that was undone."""
    found = [what.split(" ", 2) for kind, what in _of(lines) if kind == "file"]
    return [(int(unit), int(at), id) for unit, at, id in found]


def counters(lines: Iterable[str]) -> list[str]:
    """Ids of counters whose key was taken back."""
    return [what for kind, what in _of(lines) if kind == "counter"]


def public_files(lines: Iterable[str]) -> list[tuple[int, str, str, int]]:
    """Unit, kind, what it belonged to and when it was published, of each that was taken off."""
    found = [what.split(" ", 3) for kind, what in _of(lines) if kind == "public"]
    return [(int(unit), kind, of, int(at)) for unit, at, kind, of in found]


def _of(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    for line in lines:
        kind = next((kind for kind in _KINDS if line.startswith(kind + " ")), "")
        yield kind, line[len(kind) + 1 :]
