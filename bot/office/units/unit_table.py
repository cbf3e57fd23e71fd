"""A table of units sent into a chat: what is wrong with it, what it would change, and the change.

All rows or none. What was shown is what is applied: where a unit became different meanwhile, the
table is shown anew.
"""

import io
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from bot.core.channel import Document
from bot.core.dialogue import Dialogue, send_file
from bot.core.links import Links
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from flows.commands import UNIT
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Noted, Told, Unfit
from flows.engine.form import Line, cut
from flows.loader import words
from flows.office.unit import UNITS_FORM
from storage import questionnaires, units
from storage.files import unit_file
from storage.files.letters import undrawn
from storage.files.refused import Faults, FileRefused, and_more
from storage.files.spreadsheet import Sheets, cells_in, only
from storage.finding import unit_edition
from storage.office import audit, permissions, sent_files, unit_changes
from storage.office.unit_changes import COLUMNS, Change, cell, fingerprint
from storage.scope import EVERYTHING, Scope, agency, kept
from storage.units import Unit

SHOWN = 4  # changes that a message lists
FAULTS = 600  # characters of a message for what is wrong
FAULT = 200  # … for one of them
LABEL = 60  # characters of a change

SHORT = 400  # cells of a table that is read at once

HEADER = ("code", *COLUMNS)

Rows = Sequence[dict[str, Any]]


class Changes(NamedTuple):
    """Each change with its row; `left_out`: what is to be said of rows that are no units."""

    pairs: list[tuple[Change, dict[str, Any]]]
    left_out: tuple[Line, ...]


Found = Changes | Line
T = TypeVar("T")


def send(context: TurnContext, scope: Scope) -> Begin:
    """The form that takes a table, or hands out the one there is."""
    about = {"scope": str(scope)}
    return Begin("units", "1", Line("resume.unit"), f"{UNIT} {scope}", about=about)


def seen(context: TurnContext, talk: Conversation, query: str) -> Noted | Unfit:
    """What a table that was just sent would change."""
    found = _changes(context, talk)
    if isinstance(found, Line):
        return Unfit("table", found)
    return Noted({**talk.about, **_shown(found, talk.language)})


def write(context: TurnContext, talk: Conversation, given: Answers) -> Told | Unfit:
    if given["what"] == "list":
        send_file(context, talk, "units", scope=talk.about["scope"])
        return Told("units.list.sent")
    found = _changes(context, talk)
    if isinstance(found, Line):
        return Unfit("table", found)
    if fingerprint([each for each, _ in found.pairs]) != talk.about["state"]:
        return Unfit("apply", Line("unit.table.moved"), about=_shown(found, talk.language))
    rows = [row for _, row in found.pairs]
    questionnaires.keep_first(context.connection, rows)
    added, updated = units.save(context.connection, rows)
    audit.note_all(context.connection, [_noted(context, change) for change, _ in found.pairs])
    sent_files.forget(context.connection, context.address)
    return Told("units.done", {"new": str(added), "changed": str(updated)})


def read_sent(
    context: TurnContext,
    talk: Conversation,
    read: Callable[[Connection, Sheets], T],
    *regarded: Hashable,
    sheet: str | None = None,
) -> T | Line:
    """What is read in the table that was just sent, or in that sheet of it; or that it is gone.
    `regarded`: what else it is read by, each time anew. Raises NotReady for one that is not
    short."""
    sent = talk.answers["table"]
    assert isinstance(sent, dict), "a table"
    sheets = sent_files.sheets(context.connection, context.address, sent["file"])
    if sheets is None:
        return Line("unit.table.gone")
    meant = only(sheets, sheet)
    if cells_in(meant) <= SHORT:
        return read(context.connection, meant)
    key = (talk.form, context.address, sent["file"], *regarded)
    return context.made_before(key, lambda connection: read(connection, meant))


def _changes(context: TurnContext, talk: Conversation) -> Found:
    """What it changes; or what is wrong. Raises NotReady for a table that is not short."""

    def find(connection: Connection, sheets: Sheets) -> Found:
        return _found(connection, context.address, sheets, talk.language, context.at)

    return read_sent(context, talk, find, unit_edition.now(context.connection))


def _found(connection: Connection, address: str, sheets: Sheets, language: str, at: int) -> Found:
    try:
        file = unit_file.parsed(sheets, at)
        rows = file.rows
        known = units.known(connection, [row["folded_code"] for row in rows])
        scopes = permissions.scopes(connection, address, "edit_units")
        _outside(rows, known, scopes).check()
        Faults(units.periods_kept(connection, rows, known)).check()
    except FileRefused as refused:
        return listed(refused, language)
    found = unit_changes.changes(rows, known)
    by_code = {row["folded_code"]: row for row in rows}
    pairs = [(change, by_code[change.code.casefold()]) for change in found]
    same = Line("unit.table.same", {"rows": len(rows)})
    return Changes(pairs, file.left_out) if pairs else same


def _outside(rows: Rows, known: dict[str, Unit], scopes: Sequence[Scope]) -> Faults:
    """Rows of units, or for agencies, that this chat may not change."""
    if EVERYTHING in scopes:
        return Faults()
    return Faults(
        Line("file.scope", {"code": row["code"], "agency": row["agency"]})
        for row in rows
        if not _is_within(row, known.get(row["folded_code"]), scopes)
    )


def _is_within(row: dict[str, Any], unit: Unit | None, scopes: Sequence[Scope]) -> bool:
    """A unit may not be moved out of the scope, nor taken into it from another."""
    if unit is None:
        return agency(row["agency"]) in scopes
    mine = agency(unit.agency) in scopes and agency(row["agency"]) in scopes
    own = unit.scope in scopes and row["agency"] == unit.agency
    return mine or own


def listed(refused: FileRefused, language: str) -> Line:
    """What is wrong, as far as a message has room, and how many faults there are besides."""
    spoken, lines, room = words(language), list[str](), FAULTS
    for fault in refused.faults:
        line = cut(spoken.line(fault), FAULT)
        room -= len(line)
        if lines and room < 0:
            break
        lines.append(line)
    more = len(refused.faults) - len(lines) + refused.more
    if more:
        lines.append(spoken.line(and_more(more)))
    return Line("file.refused", {"faults": "\n".join(lines)})


def _shown(found: Changes, language: str) -> dict[str, str]:
    changed = [change for change, _ in found.pairs]
    beside = [words(language).line(each) for each in found.left_out]
    new = [change for change in changed if change.unit is None]
    lines = [
        _line(change, column)
        for change in changed
        for column in (change.after if change.unit else ["name"])
    ]
    return {
        "state": fingerprint(changed),
        "new": str(len(new)),
        "changed": str(len(changed) - len(new)),
        "changes": "\n".join([*lines[:SHOWN], *beside, *_undrawn(changed, language)]),
        "more": str(len(lines) - SHOWN) if len(lines) > SHOWN else "",
    }


def _undrawn(changed: Sequence[Change], language: str) -> Iterator[str]:
    """Letters that no poster can show."""
    texts = (cell(each.after.get(column)) for each in changed for column in unit_file.DRAWN)
    if letters := undrawn("".join(texts)):
        yield words(language).line(Line("file.undrawn", {"letters": letters}))


def _line(change: Change, column: str) -> str:
    if change.unit is None:
        return cut(f"+ {change.code}: {cell(change.after[column])}", LABEL)
    before, after = cell(change.before[column]) or "–", cell(change.after[column]) or "–"
    return f"{change.code} {column}: {cut(before, LABEL // 2)} → {cut(after, LABEL // 2)}"


def _noted(context: TurnContext, change: Change) -> audit.Entry:
    by = context.by
    before = {column: cell(value) for column, value in change.before.items()}
    after = {column: cell(value) for column, value in change.after.items()}
    was = before if change.unit else None
    return audit.Entry(context.at, by, "edit_units", Scope("unit", change.code), was, after)


def made(
    connection: Connection, address: str, body: Mapping[str, str], links: Links
) -> Document | None:
    """The units there are; None where the chat may not have them any more."""
    scope, spoken = kept(body["scope"]), words(body["language"])
    if not permissions.may_in(connection, address, "edit_units", scope):
        return None
    found = units.in_scope(connection, scope)
    caption = spoken.line(Line("units.list.caption", {"count": len(found)}))
    return Document("unit.xlsx", workbook(found), caption)


def workbook(found: list[Unit]) -> bytes:
    """The units as a table that may be changed and sent back. No cell is ever a formula."""
    import xlsxwriter  # 2 MB that few ask for

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("unit")
    rows = [HEADER, *([cell(getattr(unit, name)) for name in HEADER] for unit in found)]
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(HEADER) - 1, 18)
    book.close()
    return file.getvalue()


DIALOGUE = Dialogue(
    form=UNITS_FORM, looks={"unit_table": seen}, writes=write, sends={"units": made}
)
"""Opened by the command for one unit (`bot.office.units.unit_editor`)."""
