"""The audit log: who changed what, when, from what to what. Rows are added, never changed: the
database itself refuses it (migration 0001).

Who is a pseudonym (`Vault.pseudonym`): the log shows that two changes are one person's, not whose.
Nothing of a citizen's answers is ever in it.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, insert, select

from storage.answers.receipts import canonical
from storage.database.upsert import table_of
from storage.office_tables import AuditEntry
from storage.scope import EVERYTHING, Scope, columns, is_in, of_row
from storage.tables import Unit

# What changes every unit in the scope that it is done to.
OF_UNITS = ("edit_questions", "edit_standards", "edit_units", "run_periods")

Said = Mapping[str, Any] | None

_a, _u = table_of(AuditEntry), table_of(Unit)
_NOTE = insert(_a)


@dataclass(frozen=True, slots=True)
class Entry:
    """`before`, `after`: what it was and became; None where there was nothing."""

    at: int
    by: str
    action: str
    scope: Scope
    before: Said
    after: Said
    id: int = field(default=0, compare=False)


def note(
    connection: Connection,
    at: int,
    by: str,
    action: str,
    scope: Scope,
    before: Said = None,
    after: Said = None,
) -> None:
    """In the transaction of the change itself, so that neither is there without the other."""
    note_all(connection, [Entry(at, by, action, scope, before, after)])


def note_all(connection: Connection, entries: Sequence[Entry]) -> None:
    """… of many changes that are made at once."""
    rows = [
        {
            "at": each.at,
            "by": each.by,
            "action": each.action,
            **columns(each.scope),
            "before": _text(each.before),
            "after": _text(each.after),
        }
        for each in entries
    ]
    if rows:
        connection.execute(_NOTE, rows)


def last(connection: Connection, by: str, action: str) -> Entry | None:
    """The last entry of this action by that pseudonym."""
    query = select(_a).where(_a.c.by == by, _a.c.action == action).order_by(_a.c.id.desc())
    row = connection.execute(query.limit(1)).first()
    return _entry(row) if row else None


def functions(connection: Connection, people: Collection[str]) -> dict[str, str]:
    """Pseudonym → function, as it was written into the last invitation that had one, of those of
    these people who used such an invitation."""
    query = select(_a.c.by, _a.c.after).where(_a.c.by.in_(people), _a.c.action == "join")
    joined = connection.execute(query.order_by(_a.c.id))
    said = ((by, (_said(after) or {}).get("function", "")) for by, after in joined)
    return {by: function for by, function in said if function}


def page(
    connection: Connection, scopes: list[Scope], most: int, before: int | None = None
) -> list[Entry]:
    """The last entries of these scopes and of the units in them, before the one of that id; and of
    what was changed above a unit for all the units there, so for this one too."""
    query = _within(select(_a), scopes).order_by(_a.c.id.desc()).limit(most)
    if before is not None:
        query = query.where(_a.c.id < min(before, 2**31 - 1))
    return [_entry(row) for row in connection.execute(query)]


def number(connection: Connection, scopes: list[Scope]) -> int:
    """How many `page` leads through."""
    query = _within(select(func.count()).select_from(_a), scopes)
    return int(connection.execute(query).scalar_one())


def last_id(connection: Connection, until: int) -> int | None:
    """Of the entries noted before then (Unix seconds)."""
    query = select(func.max(_a.c.id)).where(_a.c.at < until)
    found: int | None = connection.execute(query).scalar()
    return found


def digest(connection: Connection, after: int, last: int) -> tuple[int, bytes]:
    """How many entries there are after that id up to the last one, and SHA-256 over them: a line of
    canonical JSON each, as they are kept."""
    query = select(_a).where(_a.c.id > after, _a.c.id <= last).order_by(_a.c.id)
    number, hashed = 0, hashlib.sha256()
    for row in connection.execute(query, execution_options={"yield_per": 5_000}).mappings():
        hashed.update(canonical(dict(row)) + b"\n")
        number += 1
    return number, hashed.digest()


def _within(query: Any, scopes: list[Scope]) -> Any:
    if EVERYTHING in scopes:
        return query
    codes = [scope.name for scope in scopes if scope.kind == "unit"]
    agencies = [scope.name for scope in scopes if scope.kind == "agency"]
    units = select(_u.c.code).where(_u.c.agency.in_(agencies))
    above = select(_u.c.agency).where(_u.c.code.in_(codes))
    of_agency = (_a.c.scope_kind == "agency") & _a.c.scope.in_(above)
    return query.where(
        is_in(_a, scopes)
        | ((_a.c.scope_kind == "unit") & _a.c.scope.in_(units))
        | (_a.c.action.in_(OF_UNITS) & (of_agency | (_a.c.scope_kind == EVERYTHING.kind)))
    )


def _entry(row: Any) -> Entry:
    said = {"before": _said(row.before), "after": _said(row.after)}
    return Entry(row.at, row.by, row.action, of_row(row), id=row.id, **said)


def _text(said: Said) -> str | None:
    return None if said is None else json.dumps(said, ensure_ascii=False, sort_keys=True)


def _said(text: str | None) -> Said:
    return None if text is None else json.loads(text)
