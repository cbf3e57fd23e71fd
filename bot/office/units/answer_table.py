"""Answers on paper or of an online form, sent into a chat as a table: /impor.

What was shown is what is imported: where anything became different meanwhile, it is shown anew.
Nothing of other people's answers is told; what the index becomes is told where it may be
(`reports.disclosure`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from bot.office.scope import Rows, allowed, which_unit
from bot.office.units.unit_table import listed, read_sent
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Told, Unfit
from flows.engine.form import Line, cut
from flows.engine.input_parsing import text_of
from flows.formats import day_line, days, number
from flows.loader import words
from flows.office.answers import (
    AGAIN,
    ANSWERS_FORM,
    BLANK,
    DEGREES,
    DO_IMPORT,
    ONCE,
    SWAP,
    UNDO,
)
from reports.incoming.drafts import Filed, Incoming, Reading, earliest, incoming
from reports.incoming.preview import Preview, preview
from reports.incoming.remembered import remember, remembered
from reports.incoming.repeats import Repeats, repeats, without
from reports.incoming.responses import Imported, keep, let_write, stage, undo
from reports.incoming.told import column_name, degrees_named, told
from reports.statistics.index import rounded
from storage.answers import imports
from storage.answers.imports import TakenFile
from storage.files.likeness import plain
from storage.files.refused import CellUnfit, FileRefused
from storage.files.response_file import AnswersRefused
from storage.files.spreadsheet import Sheets
from storage.files.written_day import DaysDoubtful, written_day
from storage.index import closed_periods
from storage.index import sheets as published
from storage.office import audit, sent_files
from storage.periods import local_time
from storage.units import Unit

COMMAND = "/impor"
SHOWN = 12  # lines of what would be done
COLUMNS = 20  # headings that are offered
LABEL = 60  # characters of a heading
AT_ONCE = 20  # responses that come in with the turn
LOOKED_AT = 10  # imports, the newest first, that may be taken back


@dataclass(frozen=True, slots=True)
class Ready:
    """A table that says all: what it would do, what is left once repeated rows are left out."""

    filed: Filed
    key: str
    read: Incoming
    rest: Incoming
    same: Repeats
    would: Preview | None

    @property
    def counts_again(self) -> bool:
        return self.rest is self.read and bool(self.same.places)

    @property
    def fingerprint(self) -> str:
        """The same for the same import."""
        same = sorted(self.same.places)
        return imports.id_of(imports.file_key([[self.key, f"{self.would}", f"{same}"]]))


def edit(context: TurnContext, said: str) -> Begin | Line:
    unit = which_unit(context, COMMAND, said)
    if not isinstance(unit, Unit):
        return unit
    return Begin(
        "answers",
        "1",
        Line("resume.answers"),
        f"{COMMAND} {unit.code}",
        about={"unit": unit.code, "unit_name": unit.name},
        offered={"which": _offered(context, unit)},
    )


def seen(context: TurnContext, talk: Conversation, query: str) -> Unfit:
    """What a table that was just sent would do, or what it does not say."""
    begun = {**talk.about, "said": json.dumps(_NOTHING)}
    return _next(context, talk.but(about=begun), Line("answers.read"))


def _said(context: TurnContext, talk: Conversation) -> Unfit | None:
    """Take what was said of the table, and ask what is left; None: import it."""
    chosen = text_of(talk.answers["ask"])
    offered = [row["id"] for row in talk.offered.get("ask", ())]
    if chosen == DO_IMPORT and chosen in offered:
        return None
    state = json.loads(talk.about["said"])
    if chosen in offered:
        _take(state, chosen, talk)
    elif offered:
        return Unfit("ask", Line("choose"))
    else:
        try:
            state["day"] = _day(context.unit_of(talk), chosen, context.at).isoformat()
        except CellUnfit as fault:
            return Unfit("ask", fault.line)
    now = talk.but(about={**talk.about, "said": json.dumps(state)})
    return _next(context, now, Line("answers.kept"))


def write(context: TurnContext, talk: Conversation, given: Answers) -> Told | Unfit:
    unit = allowed(context, COMMAND, talk)
    if isinstance(unit, Told):
        return unit
    if given["do"] == UNDO:
        return _undone(context, unit, str(given["which"]))
    if (asks := _said(context, talk)) is not None:
        return asks
    ready = _ready(context, talk)
    if not isinstance(ready, Ready) or ready.fingerprint != talk.about.get("state"):
        return _next(context, talk, Line("unit.table.moved"))
    done = _kept(context, unit, ready)
    if isinstance(done, FileRefused):
        return Unfit("table", listed(done, talk.language))
    if done.before is not None:
        day = words(talk.language).line(day_line(unit.day_at(done.before)))
        return Told("answers.before", {"day": day})
    sent_files.forget(context.connection, context.address)
    return Told("answers.done", {"count": str(done.new), "unit": unit.name})


def _kept(context: TurnContext, unit: Unit, ready: Ready) -> Imported | FileRefused:
    """A short table comes in with this turn, another before it. Raises NotReady."""
    key, same, random = ready.key, ready.same, context.random
    filed, rest, mark = ready.filed, ready.rest, random(8).hex()

    def also(connection: Connection, done: Imported) -> None:
        remember(connection, filed, rest)
        again = {"again": len(same.places)} if ready.counts_again else {}
        after = {"responses": done.new, "id": imports.id_of(key), **again}
        _note(context, connection, unit, "import_responses", after)

    def come(connection: Connection) -> Imported | FileRefused:
        try:
            stage(connection, filed, rest, random)
            return keep(
                connection, filed, key, rest, context.at, mark, same.compared, also, let_write
            )
        except FileRefused as refused:
            return refused

    if len(rest.drafts) <= AT_ONCE:
        return come(context.connection)
    return context.made_before(("import", context.address, ready.fingerprint), come)


_NOTHING: dict[str, Any] = {
    "mapped": {}, "blanks": [], "degrees": {}, "order": None, "days": None, "sheet": None,
    "day": None, "again": False,
}  # fmt: skip


def _take(state: dict[str, Any], chosen: str, talk: Conversation) -> None:
    """One of the choices that `_asked` offers."""
    label = next(row.get("said", "") for row in talk.offered["ask"] if row["id"] == chosen)
    kind = chosen.partition("_")[0]
    if kind == "sheet":
        state["sheet"] = label
    elif kind == "column":
        state["mapped"][plain(label)] = talk.about["missing"]
    elif kind in ("day", "month"):
        state["days"] = kind
    elif kind == BLANK:
        state["blanks"] += json.loads(label)
    elif kind == DEGREES:
        state["degrees"] |= json.loads(label)
    elif kind == SWAP:
        state["order"] = label
    elif kind in (AGAIN, ONCE):
        state["again"] = kind == AGAIN


def _next(context: TurnContext, talk: Conversation, why: Line) -> Unfit:
    found = _ready(context, talk)
    if isinstance(found, Line):
        return Unfit("table", found)
    state = {"state": found.fingerprint} if isinstance(found, Ready) else {"state": ""}
    shown, rows, missing = _shown(found, talk) if isinstance(found, Ready) else found
    about = {"said": talk.about["said"], "shown": shown, "missing": missing, **state}
    return Unfit("ask", why, about=about, offered={"ask": rows})


Asked = tuple[str, Rows, str]  # what is shown, what is offered, the element whose column is missing


def _ready(context: TurnContext, talk: Conversation) -> Ready | Asked | Line:
    """All that the table says with what was said of it; what is to be asked; or what is wrong.
    Raises NotReady for a table that is not short."""
    said, unit = talk.about["said"], context.unit_of(talk)
    state = json.loads(said)

    def read(connection: Connection, sheets: Sheets) -> Ready | Asked | Line:
        return _read(connection, unit, sheets, state, talk.language, context.at)

    return read_sent(context, talk, read, said, sheet=state["sheet"])


def _read(
    connection: Connection,
    unit: Unit,
    sheets: Sheets,
    state: Mapping[str, Any],
    language: str,
    at: int,
) -> Ready | Asked | Line:
    filed = _filed(connection, unit, state, at)
    try:
        filed = remembered(connection, sheets, filed)
        read = incoming(sheets, filed)
    except FileRefused as refused:
        return _to_ask(refused, sheets, filed, language) or listed(refused, language)
    key = imports.file_key(sheets[read.found.sheet])
    before = imports.taken_at(connection, unit.id, key)
    if before is not None:
        return Line("answers.before", {"day": day_line(unit.day_at(before))})
    same = repeats(connection, filed, read)
    rest = read if state["again"] else without(read, same)
    return Ready(filed, key, read, rest, same, preview(filed, rest))


def _filed(connection: Connection, unit: Unit, state: Mapping[str, Any], at: int) -> Filed:
    today = unit.day_at(at)
    day = date.fromisoformat(state["day"]) if state["day"] else None
    asked = unit.instrument_on(day or today)
    blanks, order = frozenset(state["blanks"]), state["order"]
    reading = Reading(state["mapped"], blanks, state["degrees"], order, state["days"])
    return Filed(
        unit,
        asked,
        today,
        day=day,
        reading=reading,
        final=closed_periods.final_periods(connection, unit.id, asked.id),
        known=imports.taken_rows(connection, unit.id),
    )


def _to_ask(refused: FileRefused, sheets: Sheets, filed: Filed, language: str) -> Asked | None:
    """What a person can say that the table does not; None of what is wrong."""
    fault, spoken = refused.faults[0], words(language)
    shown = spoken.line(fault)
    if fault.key == "file.sheets":
        rows = [_row(f"sheet_{n}", cut(name, LABEL), name) for n, name in enumerate(sheets)]
        return shown, rows, ""
    if isinstance(refused, DaysDoubtful):
        rows = [
            _row(order, spoken.line(Line(f"answers.{order}", {"day": fault.params[order]})))
            for order in ("day", "month")
        ]
        return shown, rows, ""
    if fault.key == "file.header.date":
        return spoken.line(Line("answers.which_day")), [], ""
    if isinstance(refused, AnswersRefused) and refused.missing and refused.unread:
        key, headings = refused.missing[0], refused.unread[:COLUMNS]
        asks = spoken.line(Line("answers.which_column", {"column": column_name(filed, key)}))
        rows = [_row(f"column_{n}", cut(text, LABEL), text) for n, text in enumerate(headings)]
        return asks, rows, key
    if isinstance(refused, AnswersRefused) and refused.degrees and refused.are_all:
        label = spoken.line(Line("answers.are_degrees"))
        texts = degrees_named(refused.degrees)
        asks = spoken.line(Line("answers.which_degrees", {"texts": texts}))
        return asks, [_row(DEGREES, label, json.dumps(dict(refused.degrees)))], ""
    if isinstance(refused, AnswersRefused) and refused.blanks and refused.are_all:
        texts = ", ".join(f"“{text}”" for text in refused.blanks)
        label = spoken.line(Line("answers.are_blank"))
        asks = spoken.line(Line("answers.which_blank", {"texts": texts}))
        return asks, [_row(BLANK, label, json.dumps(refused.blanks))], ""
    return None


def _row(id: str, label: str, said: str = "") -> dict[str, str]:
    """`said`: what it stands for, where its label is cut or worded."""
    return {"id": id, "label": label, "said": said}


def _shown(ready: Ready, talk: Conversation) -> Asked:
    spoken, again = words(talk.language), ready.counts_again
    lines = [spoken.line(line) for line in
             told(ready.filed, ready.read, ready.would, ready.same, again=again)]  # fmt: skip
    if len(lines) > SHOWN:
        lines[SHOWN - 1 : -1] = [spoken.line(Line("answers.more"))]
    rows: Rows = []
    if ready.would is not None:
        own = ready.would.own
        if own is not None:
            index = number(rounded(own, 2), spoken)
            lines.append(spoken.line(Line("answers.own", {"index": index})))
        label = spoken.line(Line("answers.import", {"count": ready.would.new}))
        rows.append(_row(DO_IMPORT, label))
    if ready.read.order is not None:
        other = "list" if ready.read.order == "questionnaire" else "questionnaire"
        rows.append(_row(SWAP, spoken.line(Line("answers.swap")), other))
    if ready.same.places:
        what = ONCE if again else AGAIN
        rows.append(_row(what, spoken.line(Line(f"answers.count.{what}"))))
    return "\n".join(lines), rows, ""


def _day(unit: Unit, text: str, at: int) -> date:
    """The day of all rows, as it was typed. Raises CellUnfit."""
    today = unit.day_at(at)
    return written_day(text, earliest(unit.instrument_on(today)), today)


def _undoable(connection: Connection, unit: Unit) -> Iterator[tuple[TakenFile, tuple[date, date]]]:
    """The newest imports of which nothing is published, and from when until when their answers
    are."""
    of_unit = published.of_unit(connection, unit.id)
    for file in imports.files(connection, unit.id)[:LOOKED_AT]:
        span = imports.days_of(connection, unit.id, file.id)
        if span and published.over(of_unit, span) is None:
            yield file, span


def _offered(context: TurnContext, unit: Unit) -> Rows:
    """Two that came on one day are told apart by their hour, and by the days of their answers."""
    spoken = words(context.language)
    rows = []
    for file, (first, last) in _undoable(context.connection, unit):
        at = local_time(file.at, unit.timezone)
        span = days(first, last, spoken) if first != last else day_line(first)
        of = {"count": file.responses, "days": span}
        label = Line("answers.import_of", {"day": day_line(at.date()), "time": f"{at:%H.%M}", **of})
        rows.append(_row(file.id, spoken.line(label)))
    return rows


def _undone(context: TurnContext, unit: Unit, id: str) -> Told:
    key = ("undo", context.address, unit.code, id)
    file = next((each for each, _ in _undoable(context.connection, unit) if each.id == id), None)
    if file is None and key not in context.made:
        return Told("answers.gone")

    def also(connection: Connection, gone: int) -> None:
        _note(context, connection, unit, "undo_import", {"undone": gone, "id": id})

    def go(connection: Connection) -> int:
        return undo(connection, unit.id, id, also, let_write)

    at_once = file is not None and file.responses <= AT_ONCE
    gone = go(context.connection) if at_once else context.made_before(key, go)
    return Told("answers.undone", {"count": str(gone), "unit": unit.name})


def _note(
    context: TurnContext, connection: Connection, unit: Unit, action: str, after: Mapping[str, Any]
) -> None:
    by = context.by
    audit.note(connection, context.at, by, action, unit.scope, after=after)


DIALOGUE = Dialogue(
    COMMAND,
    ("/import",),
    needs="import_responses",
    menu="roles",
    opens=edit,
    form=ANSWERS_FORM,
    looks={"answers_table": seen},
    writes=write,
)
