"""A table of units sent into a chat: what is wrong with it, what it would change, and the change.

All rows or none. What was shown is what is applied: where a unit became different meanwhile, the
table is shown anew.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from bot.begin import Begin
from bot.desk import Desk
from flows.conversation import Conversation
from flows.events import Noted, Told, Unfit
from flows.files import CURRENT, words
from flows.form import Line, Value
from flows.instrument import Questionnaire
from flows.of_unit import UNIT
from storage import outbox, questionnaires, units
from storage.files import spreadsheet, unit_file
from storage.files.refused import FileRefused
from storage.finding import directory
from storage.office import audit, permissions, sent_files, unit_changes
from storage.office.roles import EVERYWHERE
from storage.office.unit_changes import Change, cell, fingerprint
from storage.units import Unit

MOST = 2_000  # rows
FAULTS, SHOWN = 5, 4  # lines of a message
LABEL = 60  # characters of a change

SHORT = 5_000  # bytes of a table that is read at once

Rows = Sequence[dict[str, Any]]
Found = list[tuple[Change, dict[str, Any]]] | Line


def send(desk: Desk, scope: str) -> Begin:
    """The form that takes a table, or hands out the one there is."""
    about = {"scope": scope}
    return Begin("units", "1", Line("resume.unit"), f"{UNIT} {scope}", about=about)


def seen(desk: Desk, address: str, talk: Conversation, query: str, at: int) -> Noted | Unfit:
    """What a table that was just sent would change."""
    found = _changes(desk, address, talk)
    if isinstance(found, Line):
        return Unfit("table", found)
    return Noted({**talk.about, **_shown(found)})


def write(
    desk: Desk, address: str, talk: Conversation, given: Mapping[str, Value], at: int
) -> Told | Unfit:
    if given["what"] == "list":
        body = {"document": "units", "scope": talk.about["scope"], "language": talk.language}
        outbox.put(desk.connection, f"document:{talk.id}", "document", address, body, at)
        return Told("units.list.sent")
    found = _changes(desk, address, talk)
    if isinstance(found, Line):
        return Unfit("table", found)
    if fingerprint([each for each, _ in found]) != talk.about["state"]:
        return Unfit("apply", Line("unit.table.moved"), about=_shown(found))
    questionnaires.keep(desk.connection, Questionnaire(CURRENT))
    added, updated = units.save(desk.connection, [row for _, row in found])
    audit.note_all(desk.connection, [_noted(desk, address, change, at) for change, _ in found])
    sent_files.forget(desk.connection, address)
    return Told("units.done", {"new": str(added), "changed": str(updated)})


def _changes(desk: Desk, address: str, talk: Conversation) -> Found:
    """Each change with its row; or what is wrong. Raises NotReady for a table that is not short."""
    sent = talk.answers["table"]
    assert isinstance(sent, dict), "a table"
    content = sent_files.content(desk.connection, address, sent["file"])
    if content is None:
        return Line("unit.table.gone")

    def find(connection: Connection) -> Found:
        return _found(connection, address, sent["text"], content, talk.language)

    if len(content) <= SHORT:
        return find(desk.connection)
    now = directory.edition(desk.connection)  # where a unit changes meanwhile, it is found anew
    return desk.made_before(("table", address, sent["file"], now), find)


def _found(connection: Connection, address: str, name: str, content: bytes, language: str) -> Found:
    try:
        rows = _read(name, content)
    except FileRefused as refused:
        return listed(refused.faults, language)
    known = units.known(connection, [row["folded_code"] for row in rows])
    scopes = permissions.scopes(connection, address, "edit_units")
    outside = _outside(rows, known, scopes)
    if outside:
        return listed(outside, language)
    found = unit_changes.changes(rows, known)
    by_code = {row["folded_code"]: row for row in rows}
    pairs = [(change, by_code[change.code.casefold()]) for change in found]
    return pairs or Line("unit.table.same", {"rows": len(rows)})


def _read(name: str, content: bytes) -> Rows:
    """Raises FileRefused."""
    cells = spreadsheet.table(name, content)
    if len(cells) > MOST + 1:
        raise FileRefused(Line("file.many", {"rows": len(cells) - 1, "most": MOST}))
    return unit_file.parsed(cells).rows


def _outside(rows: Rows, known: dict[str, Unit], scopes: Sequence[str]) -> list[Line]:
    """Rows of units, or for agencies, that this chat may not change."""
    if EVERYWHERE in scopes:
        return []
    return [
        Line("file.scope", {"code": row["code"], "agency": row["agency"]})
        for row in rows
        if not _is_within(row, known.get(row["folded_code"]), scopes)
    ]


def _is_within(row: dict[str, Any], unit: Unit | None, scopes: Sequence[str]) -> bool:
    """A unit may not be moved out of the scope, nor taken into it from another."""
    if unit is None:
        return row["agency"] in scopes
    mine = unit.agency in scopes and row["agency"] in scopes
    own = row["folded_code"] in map(str.casefold, scopes) and row["agency"] == unit.agency
    return mine or own


def listed(faults: Sequence[Line], language: str) -> Line:
    """The first of them, and how many there are."""
    spoken = words(language)
    shown = "\n".join(spoken.line(fault) for fault in faults[:FAULTS])
    if len(faults) <= FAULTS:
        return Line("file.refused", {"faults": shown})
    return Line("file.refused.many", {"faults": shown, "count": len(faults), "shown": FAULTS})


def _shown(found: Sequence[tuple[Change, Any]]) -> dict[str, str]:
    changed = [change for change, _ in found]
    new = [change for change in changed if change.unit is None]
    lines = [_line(change, column) for change in changed for column in _columns(change)]
    return {
        "state": fingerprint(changed),
        "new": str(len(new)),
        "changed": str(len(changed) - len(new)),
        "changes": "\n".join(lines[:SHOWN]),
        "more": str(len(lines) - SHOWN) if len(lines) > SHOWN else "",
    }


def _columns(change: Change) -> Sequence[str]:
    return list(change.after) if change.unit else ["name"]


def _line(change: Change, column: str) -> str:
    if change.unit is None:
        return f"+ {change.code}: {cell(change.after[column])}"[:LABEL]
    before, after = cell(change.before[column]) or "–", cell(change.after[column]) or "–"
    return f"{change.code} {column}: {_cut(before)} → {_cut(after)}"


def _cut(text: str) -> str:
    return text if len(text) <= LABEL // 2 else text[: LABEL // 2 - 1] + "…"


def _noted(desk: Desk, address: str, change: Change, at: int) -> audit.Entry:
    by = desk.vault.pseudonym(address)
    before = {column: cell(value) for column, value in change.before.items()}
    after = {column: cell(value) for column, value in change.after.items()}
    was = before if change.unit else None
    return audit.Entry(at, by, "edit_units", change.code, was, after)


LOOKS: Mapping[str, Callable[..., Any]] = {"unit_table": seen}
