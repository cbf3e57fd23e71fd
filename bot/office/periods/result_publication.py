"""Publications of results in chat: what was said so far, what may be chosen, what is written."""

from datetime import date, timedelta

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin, only
from bot.core.turns.turn_context import TurnContext
from bot.office.scope import Rows, allowed, which_unit
from flows.commands import PUBLICATION
from flows.engine import multiple_choice
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Told, Unfit
from flows.engine.form import Line, Value
from flows.formats import day_line, period_row
from flows.loader import words
from flows.office.result_publication import ANNOUNCE, MEDIA, NEW, medium_line
from flows.written_day import day_of, read_day
from storage.index import sheets
from storage.office import audit, result_publications
from storage.office.result_publications import ResultPublication
from storage.periods import previous
from storage.units import Unit

SHOWN = 5  # earlier ones that are offered
PERIODS = 6  # that are offered


def announce(context: TurnContext, said: str) -> Begin | Line:
    """`said`: nothing, a unit's code, or a code and the period that was just published."""
    code, _, period = said.rpartition(" ")
    code, period = (code, period) if context.unit(code) else (said, "")
    unit = which_unit(context, PUBLICATION, code)
    if not isinstance(unit, Unit):
        return unit
    known = result_publications.latest(context.connection, unit.id, SHOWN)
    language = context.language
    rows = [{"id": _id(each), "label": _label(each, language)} for each in known]
    rows = [{"id": NEW, "key": "announce.new"}, *rows]
    periods = _periods(context, unit)
    begun: dict[str, Value] = only(record=rows)
    note = None if known else Line("announce.first")
    if period in [each["id"] for each in periods]:
        begun, note = {"record": NEW, "period": period}, Line("announce.of", {"period": period})
    return Begin(
        "announce",
        str(context.at),  # what it lists changes with time: never the very same again
        Line("resume.announce"),
        f"{PUBLICATION} {unit.code} {period}".strip(),
        about={"unit": unit.code, "unit_name": unit.name},
        answers=begun,
        offered={
            "record": rows,
            "period": periods,
            "day": _days(unit.day_at(context.at)),
        },
        note=note,
    )


def not_to_come(context: TurnContext, talk: Conversation, said: str) -> Unfit | None:
    """A day that is still to come is asked for again: what is planned is no record."""
    today = context.unit_of(talk).day_at(context.at)
    if day_of({"text": said}) <= today:
        return None
    return Unfit("day", Line("day.to_come", {"today": day_line(today)}))


def write(context: TurnContext, talk: Conversation, given: Answers) -> Told:
    unit = allowed(context, PUBLICATION, talk)
    if isinstance(unit, Told):
        return unit
    if given["record"] == NEW:
        return _kept(context, unit, given)
    return _removed(context, unit, str(given["record"]))


def _kept(context: TurnContext, unit: Unit, given: Answers) -> Told:
    by, period, on = (context.by, str(given["period"]), day_of(given["day"]))
    media = [
        medium
        for medium in multiple_choice.chosen(given["media"])
        if result_publications.keep(
            context.connection, unit.id, ResultPublication(period, medium, on), context.at, by
        )
    ]
    if media:
        after = {"period": period, "media": media, "on": on.isoformat()}
        audit.note(context.connection, context.at, by, "plan_follow_up", unit.scope, None, after)
    return Told("announce.kept" if media else "announce.known", {"unit": unit.name})


def _removed(context: TurnContext, unit: Unit, id: str) -> Told:
    said = _meant(context, unit, id)
    if said is None or not result_publications.remove(context.connection, unit.id, said):
        return Told("announce.gone")
    by = context.by
    before = {"period": said.period, "media": [said.medium], "on": said.on.isoformat()}
    audit.note(context.connection, context.at, by, "plan_follow_up", unit.scope, before)
    return Told("announce.removed")


def _id(said: ResultPublication) -> str:
    """Behind a button: 2026-Q3_1_2026-11-19, the medium by its place."""
    return f"{said.period}_{MEDIA.index(said.medium)}_{said.on.isoformat()}"


def _meant(context: TurnContext, unit: Unit, id: str) -> ResultPublication | None:
    """The one with that id, if it is there still."""
    day = read_day(id.rpartition("_")[2])
    if day is None:
        return None
    known = result_publications.between(context.connection, unit.id, day, day)
    return next((each for each in known if _id(each) == id), None)


def _label(said: ResultPublication, language: str) -> str:
    on, medium = day_line(said.on), medium_line(said.medium)
    row = Line("announce.row", {"day": on, "period": said.period, "medium": medium})
    return words(language).line(row)


def _periods(context: TurnContext, unit: Unit) -> Rows:
    """Those that were published here, the last one first; then others that ended, the latest
    first."""
    published = reversed(sheets.of_unit(context.connection, unit.id))
    ended = [previous(unit.period_at(context.at))]
    while len(ended) < PERIODS:
        ended.append(previous(ended[-1]))
    names = (*(sheet.period for sheet in published), *(each.name for each in ended))
    return [period_row(name) for name in [*dict.fromkeys(names)][:PERIODS]]


def _days(today: date) -> Rows:
    return [
        {"id": today.isoformat(), "key": "announce.day.today"},
        {"id": (today - timedelta(days=1)).isoformat(), "key": "announce.day.yesterday"},
    ]


DIALOGUE = Dialogue(
    PUBLICATION,
    ("/publication",),
    needs="plan_follow_up",
    menu="roles",
    opens=announce,
    form=ANNOUNCE,
    looks={"announced_on": not_to_come},
    writes=write,
)
