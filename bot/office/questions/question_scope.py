"""Where a chat may edit questions: in one unit, in an agency, or in all that it may.

Thirty thousand units are never all read: they are offered by name, and counted.
"""

from sqlalchemy import Connection

from bot.core.turns.turn_context import TurnContext
from bot.office.scope import OFFERED, unit_in
from flows.commands import QUESTION
from flows.engine.conversation import Conversation
from flows.engine.events import Found
from flows.loader import SKM
from storage import questionnaire_snapshot, units
from storage.office import permissions
from storage.questionnaire_snapshot import Sight
from storage.scope import EVERYTHING, Scope, agency, kept

Row = dict[str, str]
Rows = list[Row]


def held(context: TurnContext) -> list[Scope]:
    return permissions.scopes(context.connection, context.address, "edit_questions")


def reach(context: TurnContext, place: str) -> list[Scope]:
    """The scopes that a place (a scope, as it is kept) stands for, of those in which this chat may
    edit questions now. Everything is all that it may."""
    mine, scope = held(context), kept(place)
    if scope == EVERYTHING:
        return mine
    may = permissions.may_in(context.connection, context.address, "edit_questions", scope)
    return [scope] if may else []


def sight_of(
    context: TurnContext, scopes: list[Scope], row: Row, publication: int | None = None
) -> Sight:
    """What is asked there, or was once that was published. Raises NotReady where units are many."""
    survey = survey_of(row)

    def look(connection: Connection) -> Sight:
        return questionnaire_snapshot.sight(connection, scopes, publication, survey)

    if not questionnaire_snapshot.is_wide(context.connection, scopes):
        return look(context.connection)
    return context.made_before(("sight", *scopes, publication, survey), look)


def offered(context: TurnContext, text: str) -> Rows:
    """All of it, agencies and units, those whose names hold the text."""
    mine = held(context)
    found = {
        unit.code: unit.name
        for scope in mine
        for unit in units.search(context.connection, text, scope, OFFERED)
    }
    by_name = sorted(found.items(), key=lambda unit: unit[1])[:OFFERED]
    rows = [
        *_agency_rows(_agencies(context, mine, text)),
        *(_unit_row(code, name) for code, name in by_name),
    ]
    return [*(_all_of_it(context, mine) if found else []), *rows]


def named(context: TurnContext, place: str) -> Row | None:
    """What was typed behind the command, or stands in a button. Of a text that is a unit's code and
    an agency's name the unit, where this chat may edit its questions."""
    for scope in units.scopes_meant(context.connection, place):
        if scope == EVERYTHING:
            return next(iter(_all_of_it(context, held(context))), None)
        if reach(context, str(scope)):
            unit = unit_in(context, scope)
            return _unit_row(unit.code, unit.name) if unit else _agency_rows([scope.name])[0]
    return None


def chosen(conversation: Conversation) -> Row:
    """The row of the place that was chosen."""
    id = conversation.answers.get("units")
    rows = conversation.offered.get("units", [])
    return next((row for row in rows if row["id"] == id), {"id": "", "scope": "unit:"})


def survey_of(row: Row) -> str:
    """Whose questions are meant there."""
    return row.get("survey", SKM)


def opening_of(row: Row) -> str:
    """What opens the editor for that place."""
    beside = f"__{row['survey']}" if "survey" in row else ""
    return f"{QUESTION} {row['scope']}{beside}"


def find(context: TurnContext, conversation: Conversation, query: str) -> Found:
    return Found("units", offered(context, query))


def _all_of_it(context: TurnContext, mine: list[Scope]) -> Rows:
    count = questionnaire_snapshot.count(context.connection, mine)
    place = str(EVERYTHING)
    row = {"id": place, "key": "question.units.all", "count": str(count), "scope": place}
    return [row] if count > 1 else []


def _agencies(context: TurnContext, mine: list[Scope], text: str) -> list[str]:
    """Those of which all may be edited. One that is all there is needs no row of its own."""
    if not text:
        others = [scope.name for scope in mine if scope.kind == "agency"]
        return others if len(mine) > 1 else []
    found = questionnaire_snapshot.agencies(context.connection, mine, text, OFFERED)
    return [each for each in found if EVERYTHING in mine or agency(each) in mine]


def _unit_row(code: str, name: str) -> Row:
    return {"id": code, "label": name, "scope": str(Scope("unit", code))}


def _agency_rows(agencies: list[str]) -> Rows:
    """By number: an agency's name may be longer than a button has room for."""
    return [
        {
            "id": f"agency-{number}",
            "key": "question.units.agency",
            "agency": name,
            "scope": str(agency(name)),
        }
        for number, name in enumerate(agencies, 1)
    ]
