"""The question editor, for whoever may edit questions somewhere: what is asked in a place."""

import re
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from bot.office.questions import question_scope
from bot.office.questions.question_scope import Row, Rows, opening_of, reach, sight_of, survey_of
from bot.office.scope import unit_in
from flows.commands import QUESTION
from flows.engine.conversation import Conversation
from flows.engine.form import Line, cut
from flows.instrument import Questionnaire
from flows.loader import SKM, instrument
from flows.office.questions.draft import SEND, QuestionState, base
from flows.office.questions.faults import short
from flows.survey.extra import EXTRA
from storage import publications, questionnaire_snapshot, questionnaires
from storage.publications import Made
from storage.questionnaire_snapshot import FIRST, Sight
from storage.scope import Scope, kept

_OTHER_SURVEY = re.compile(r"(?P<scope>.+)__(?P<survey>[a-z0-9-]{1,20})\Z", re.DOTALL)

VERSIONS = 9  # former ones that are offered
LABEL = 40  # characters of a question on a button


@dataclass(frozen=True, slots=True)
class Meant:
    """`scope`: of a unit's code, an agency or "*"; none: to be chosen. `since`: as it was once the
    publication of that number was made. `survey`: none is the SKM."""

    scope: str = ""
    since: str = ""
    survey: str = ""


def meant(said: str) -> Meant:
    """Of "SCOPE", "SCOPE__spak", each with " #41" behind it or not."""
    scope, _, since = said.rpartition(" #")
    known = since.isascii() and since.isdecimal() and len(since) < 19  # what a database counts to
    scope, since = (scope, since) if scope and known else (said, "")
    if match := _OTHER_SURVEY.match(scope):
        return Meant(match["scope"], since, match["survey"])
    return Meant(scope, since)


def edit_questions(context: TurnContext, said: str) -> Begin | Line:
    opening = meant(said)
    if not question_scope.held(context):
        return Line("role.none")
    rows = question_scope.offered(context, "")
    if opening.scope:
        named = question_scope.named(context, opening.scope)
        if named is None:
            return Line("question.denied")
        rows = [{**named, "survey": opening.survey} if opening.survey else named]
        if opening.survey and not _is_run(context, rows[0]):
            return Line("question.survey.none")
    again = opening_of(rows[0]) if opening.scope else QUESTION
    again += f" #{opening.since}" if opening.since else ""
    begin = Begin("question", "1", Line("resume.question"), again)
    begin.offered["units"] = rows
    if len(rows) == 1:
        begin.answers["units"] = rows[0]["id"]
    if opening.since:
        return _restoring(context, begin, rows[0], opening.since)
    return begin


def _is_run(context: TurnContext, row: Row) -> bool:
    scopes = reach(context, row["scope"])
    return sight_of(context, scopes, row).units > 0


def _restoring(context: TurnContext, begin: Begin, row: Row, since: str) -> Begin:
    """As if the history had been opened and that version been chosen."""
    scopes = reach(context, row["scope"])
    now = sight_of(context, scopes, row)
    begin.about.update(about(now, row))
    begin.offered["pick"] = question_rows(now.asked)
    begin.offered["version"] = [{"id": since, "key": "question.version.before"}]
    begin.answers.update(pick="history", version=since)
    return replace(begin, kept=QuestionState(now.asked.to_json(), dict(now.services)))


def about(now: Sight, row: Row) -> dict[str, str]:
    """What the form knows of what is asked there (`flows.office.questions.draft`)."""
    name = row.get("label") or row.get("agency", "")
    beside = f" · {row['survey'].upper()}" if "survey" in row else ""
    return {
        "version": now.version,
        "units": str(now.units),
        "name": name + beside if name else "",
        "place": row["scope"],
        "agreed": "",
        "lines": str(len(instrument(now.asked.instrument).values)),
    }


def state_of(conversation: Conversation, now: Sight) -> QuestionState:
    """With the former version that was chosen, if any; of the same place with the changes that are
    kept."""
    before = QuestionState.of(conversation)
    is_there = conversation.about.get("place") == question_scope.chosen(conversation)["scope"]
    drafted = before.drafted if is_there else []
    asked = now.asked.to_json()
    return before.but(base=asked, services=dict(now.services), drafted=drafted)


def question_rows(asked: Questionnaire) -> Rows:
    return [{"id": EXTRA + e.key, "label": cut(short(e), LABEL)} for e in asked.extras]


def pick_rows(context: TurnContext, now: Sight, row: Row, state: QuestionState) -> Rows:
    """What is kept, to be published; the extra questions, and the other surveys that a unit
    runs."""
    talk = Conversation("", state.FORM, "", "", "id", 0, 0, kept=state.to_json())
    rows, kept_ones = question_rows(base(talk)), len(state.drafted)
    if kept_ones:
        rows = [{"id": SEND, "key": "question.send", "count": str(kept_ones)}, *rows]
    unit = unit_in(context, kept(row["scope"])) if now.units == 1 else None
    if unit is None:
        return rows
    run = questionnaires.surveys(context.connection, unit)
    others = [_survey_row(row, *each) for each in run.items() if each[0] != survey_of(row)]
    return [*rows, *others]


def _survey_row(row: Row, survey: str, asked: str) -> Row:
    there = {"scope": row["scope"]} | ({"survey": survey} if survey != SKM else {})
    title = f"{asked.partition('+')[0]}.title"
    return {"id": f"other-{survey}", "key": title, "opening": opening_of(there)}


def version_rows(context: TurnContext, scopes: list[Scope], now: Sight, survey: str) -> Rows:
    """Former versions, the newest first; what is in force in a unit is none of them."""
    made = _history(context, scopes, survey)
    if not made:
        return []
    shown = made[1:] if now.units == 1 else made
    rows = [_version_row(each, several=now.units > 1) for each in shown]
    first = [{"id": str(FIRST), "key": "question.version.first"}] if survey == SKM else []
    return [*rows, *first]


def _history(context: TurnContext, scopes: list[Scope], survey: str) -> list[Made]:
    def look(connection: Connection) -> list[Made]:
        return publications.history(connection, scopes, VERSIONS, survey)

    if not questionnaire_snapshot.is_wide(context.connection, scopes):
        return look(context.connection)
    return context.made_before(("history", *scopes, survey), look)


def _version_row(made: Made, *, several: bool) -> dict[str, str]:
    """Several units number their versions each by itself."""
    kind = "many" if several else "made"
    kind += ".noted" if made.note else ""
    said = {"number": str(made.number), "date": publications.day(made), "units": str(made.units)}
    said["note"] = cut(made.note, LABEL)
    return {"id": str(made.id), "key": f"question.version.{kind}", **said}
