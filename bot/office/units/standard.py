"""What a unit promises, written in chat or sent as a table: /standar."""

from datetime import date

from sqlalchemy import Connection

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from bot.office.scope import unit_in, which
from bot.office.units.unit_table import listed, read_sent
from flows.commands import STANDARD
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Noted, Told, Unfit
from flows.engine.form import Line
from flows.engine.input_parsing import text_of
from flows.formats import digits_of
from flows.loader import element_line, element_rows, words
from flows.office.standard import ALL, STANDARD_FORM, TABLE
from storage import standards
from storage.files import standard_file
from storage.files.refused import FileRefused
from storage.files.spreadsheet import Sheets
from storage.files.standard_file import StandardFile
from storage.files.written_day import written_day
from storage.index import closed_periods
from storage.office import permissions, sent_files
from storage.scope import Scope
from storage.standards import Promise
from storage.units import Unit

LAST = date(2100, 1, 1)
SHOWN = 4  # former promises, and lines of a table, on one screen


def edit(context: TurnContext, said: str) -> Begin | Line:
    scope = which(context, STANDARD, said)
    if not isinstance(scope, Scope):
        return scope
    unit = unit_in(context, scope)
    if unit is None:
        return Line("standard.of_unit")
    today = unit.day_at(context.at)
    promised = [item.key for item in unit.instrument_on(today).items if item.standard]
    return Begin(
        "standard",
        "1",
        Line("resume.standard"),
        f"{STANDARD} {unit.code}",
        about={"unit": unit.code, "unit_name": unit.name},
        offered={"service": unit.services, "element": element_rows(promised, today)},
    )


def present(context: TurnContext, talk: Conversation, element: str) -> Noted:
    """What was promised of the service and element that were chosen, the latest first."""
    return Noted({**talk.about, **_history(context, talk, element)})


def text(context: TurnContext, talk: Conversation, said: str) -> Unfit | None:
    return Unfit("text", Line("standard.one_line")) if "\n" in said else None


def since(context: TurnContext, talk: Conversation, said: str) -> Unfit | None:
    today = context.unit_of(talk).day_at(context.at)
    if said == "today" or _day(said, today):
        return None
    shown = digits_of(today)
    return Unfit("since", Line("standard.since.unfit", {"text": said, "today": shown}))


def seen(context: TurnContext, talk: Conversation, query: str) -> Noted | Unfit:
    """What a table that was just sent promises."""
    found = _promises(context, talk)
    if isinstance(found, Line):
        return Unfit("table", found)
    spoken = words(talk.language)
    promises = found.promises
    lines = [spoken.line(each) for each in found.left_out]
    lines += [spoken.line(Line("standard.table.preview", {"count": len(promises)}))]
    lines += [
        f"{spoken.line(element_line(p.element, p.valid_from))}: {p.text}" for p in promises[:SHOWN]
    ]
    return Noted({**talk.about, "table": "\n".join(lines)})


def write(context: TurnContext, talk: Conversation, given: Answers) -> Told | Unfit:
    """Whoever writes the same promise at the same time waits, and is shown what became of it."""
    unit = context.unit_of(talk)
    closed_periods.lock(context.connection, unit.id)
    if not permissions.may(context.connection, context.address, "edit_standards", unit):
        return Told("where.denied")
    if given["service"] == TABLE:
        found = _promises(context, talk)
        if isinstance(found, Line):
            return Unfit("table", found)
        sent_files.forget(context.connection, context.address)
        return _keep(context, unit, found.promises)
    now = _history(context, talk, str(given["element"]))
    if now["history"] != talk.about["history"]:
        latest = now["history"].partition("\n")[0]
        return Unfit("confirm", Line("standard.moved", {"now": latest}), about=now)
    service = "" if given["service"] == ALL else str(given["service"])
    day = _day(text_of(given["since"]), unit.day_at(context.at)) or unit.day_at(context.at)
    promise = Promise(service, str(given["element"]), text_of(given["text"]), day)
    return _keep(context, unit, [promise])


def _keep(context: TurnContext, unit: Unit, promises: list[Promise]) -> Told:
    by = context.by
    standards.write(context.connection, unit, promises, by, context.at)
    again = {"id": "again", "key": "unit.again", "opening": f"{STANDARD} {unit.code}"}
    told = {"unit": unit.name, "count": str(len(promises))}
    return Told("standard.saved", told, [again])


def _promises(context: TurnContext, talk: Conversation) -> StandardFile | Line:
    unit = context.unit_of(talk)

    def read(connection: Connection, sheets: Sheets) -> StandardFile | Line:
        try:
            today = unit.day_at(context.at)
            return standard_file.parsed(sheets, unit, unit.instrument_on(today).keys, today)
        except FileRefused as refused:
            return listed(refused, talk.language)

    return read_sent(context, talk, read)


def _history(context: TurnContext, talk: Conversation, element: str) -> dict[str, str]:
    chosen = str(talk.answers["service"])
    service = "" if chosen == ALL else chosen
    said = [
        f"{digits_of(p.valid_from)}: {p.text}"
        for p in standards.of_unit(context.connection, context.unit_of(talk).id)
        if (p.service, p.element) == (service, element)
    ]
    return {"history": "\n".join(reversed(said[-SHOWN:]))}


def _day(said: str, today: date) -> date | None:
    """The day that was written, if it is not over."""
    try:
        return max(written_day(said, today, LAST), today)
    except ValueError:
        return None


DIALOGUE = Dialogue(
    STANDARD,
    ("/standard",),
    needs="edit_standards",
    menu="roles",
    opens=edit,
    form=STANDARD_FORM,
    looks={
        "standard_now": present,
        "standard_text": text,
        "standard_since": since,
        "standard_table": seen,
    },
    writes=write,
)
