"""What a table of units would change: cell by cell, beside the units there are."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from storage import units
from storage.files.unit_file import CELLS
from storage.office import audit
from storage.units import Unit

COLUMNS = tuple(name for name in CELLS if name != "code")


@dataclass(frozen=True, slots=True)
class Change:
    """Of one unit, the columns that differ; `unit` is None for a new one."""

    code: str
    unit: Unit | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def changes(rows: Sequence[Mapping[str, Any]], known: Mapping[str, Unit]) -> list[Change]:
    """Those of the rows (`storage.files.unit_file`) that change a unit; `known` by folded code."""
    found = []
    for row in rows:
        unit = known.get(row["folded_code"])
        there = [column for column in COLUMNS if column in row]
        before = {column: getattr(unit, column) for column in there} if unit else {}
        after = {column: row[column] for column in there}
        differ = [column for column in there if not unit or before[column] != after[column]]
        if differ:
            now = {column: before[column] for column in differ} if unit else {}
            then = {column: after[column] for column in differ}
            found.append(Change(unit.code if unit else row["code"], unit, now, then))
    return found


def fingerprint(found: Sequence[Change]) -> str:
    """The same for the same changes of the same units: whoever saw them may apply them."""
    said = [[change.code, change.before, change.after] for change in found]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def cell(value: Any) -> str:
    """A cell as the units file has it."""
    if isinstance(value, list):
        labels = [service["label"] for service in value]
        is_one = len(labels) == 1 and "," in labels[0]  # which the ; at the end says
        return "; ".join(labels) + (";" if is_one else "")
    return "" if value is None else str(value)


def write(
    connection: Connection,
    unit: Unit,
    columns: Mapping[str, Any],
    by: str,
    at: int,
    action: str = "edit_units",
) -> None:
    """Change these columns of a `locked` unit, and log those that differ, as done by that action's
    power."""
    differ = {name: new for name, new in columns.items() if getattr(unit, name, new) != new}
    if not differ:
        return
    units.change(connection, unit, **columns)
    before = {name: _logged(getattr(unit, name)) for name in differ}
    after = {name: _logged(new) for name, new in differ.items()}
    audit.note(connection, at, by, action, unit.scope, before, after)


def _logged(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
