"""What a link or a command begins: a conversation, or just a sentence.

One function for each kind of opening; those that are longer than a few lines have a file.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.citizen import correcting, own_data, receipt_check, receipt_erase, survey_opening
from bot.citizen.visit import rate as rate_visit
from bot.core.new_conversation import Begin, Said
from bot.core.turn_context import TurnContext
from bot.office import (
    broadcast,
    follow_up,
    innovation,
    invitation,
    log,
    periods,
    poster,
    question_editor,
    recap,
    report,
    result_publication,
    role_ending,
    role_management,
    standard,
    uncensored_comments,
    unit_editor,
)
from bot.web.console import link as console_link
from flows import intents as openings
from flows.engine.ended import until
from flows.engine.events import Opened
from flows.engine.form import Line
from flows.engine.screen import ENDED
from flows.intents import (
    CheckReceipt,
    CorrectResponse,
    EditQuestions,
    EraseResponse,
    FindUnit,
    Invitation,
    RateUnit,
    RateVisit,
    ReadComments,
    ShowKept,
    Subscribe,
    Unsubscribe,
)
from flows.of_unit import (
    CONSOLE,
    FOLLOW_UP,
    INNOVATION,
    PERIOD,
    POSTER,
    PUBLICATION,
    REPORT,
    STANDARD,
    UNIT,
    OfUnit,
)
from flows.role_opening import Broadcast, EndInvited, LeaveRole, ManageRoles, ReadLog
from flows.survey.erase import EraseState
from flows.survey.state import SurveyState
from storage.chat import subscriptions

REVIEW = "review"  # asked again before a changed survey is sent


def resolve(context: TurnContext, address: str, opened: Opened) -> Begin | Said | Line:
    """What this opening means for this chat: a conversation to begin, or what there is to say."""
    opening = openings.read(opened.opening)
    return _MEANS[type(opening)](context, address, opening, opened.at)


def _erase(context: TurnContext, address: str, opening: EraseResponse, at: int) -> Begin | Line:
    sealed = receipt_erase.sealed(context, address, opening.code)
    if isinstance(sealed, Line):
        return sealed
    again = f"{openings.ERASE} {sealed}"
    return Begin("erase", "1", Line("resume.erase"), again, kept=EraseState(sealed))


def _correct(context: TurnContext, address: str, opening: CorrectResponse, at: int) -> Begin | Line:
    sent = correcting.former(context, address, opening.conversation, at)
    if isinstance(sent, Line):
        return sent
    return Begin(
        sent.form,
        sent.version,
        Line("resume.correct"),
        f"{openings.CORRECT} {sent.id}",
        about=sent.about,
        answers={step: value for step, value in sent.answers.items() if step != REVIEW},
        offered={step: rows for step, rows in sent.offered.items() if step != ENDED},
        note=Line("survey.correcting"),
        kept=replace(SurveyState.of(sent), corrects=sent.outcome["receipt"]),
        ends=until(sent),
    )


def _check(context: TurnContext, address: str, opening: CheckReceipt, at: int) -> Line:
    return receipt_check.checked(context, opening.code)


def _subscribe(context: TurnContext, address: str, opening: Subscribe, at: int) -> Line:
    unit = context.unit(opening.code)
    if unit is None:
        return Line("unit_unknown")
    subscriptions.subscribe(context.connection, address, unit, at)
    return Line("news.begun", {"unit": unit.name})


def _unsubscribe(context: TurnContext, address: str, opening: Unsubscribe, at: int) -> Line:
    ended = subscriptions.end(context.connection, address)
    return Line("news.ended" if ended else "news.none")


def _kept(context: TurnContext, address: str, opening: ShowKept, at: int) -> Line:
    return own_data.told(context, address, at)


def _of_unit(context: TurnContext, address: str, opening: OfUnit, at: int) -> Begin | Line:
    return _OF_UNITS[opening.command](context, address, opening.said, at)


_OF_UNITS: dict[str, Callable[[TurnContext, str, str, int], Begin | Line]] = {
    FOLLOW_UP: follow_up.plan,
    PUBLICATION: result_publication.announce,
    INNOVATION: innovation.register,
    PERIOD: periods.show,
    **recap.COMMANDS,
    UNIT: unit_editor.edit,
    CONSOLE: console_link.give,
    STANDARD: standard.edit,
    POSTER: poster.begin,
    REPORT: report.begin,
}

_MEANS: dict[type, Callable[[TurnContext, str, Any, int], Begin | Said | Line]] = {
    RateUnit: survey_opening.rate,
    RateVisit: rate_visit,
    FindUnit: survey_opening.find,
    EditQuestions: question_editor.edit_questions,
    Invitation: invitation.join,
    CheckReceipt: _check,
    EraseResponse: _erase,
    CorrectResponse: _correct,
    Subscribe: _subscribe,
    Unsubscribe: _unsubscribe,
    ShowKept: _kept,
    ReadComments: uncensored_comments.comments,
    ManageRoles: role_management.manage,
    EndInvited: role_ending.end_invited,
    LeaveRole: role_ending.leave,
    ReadLog: log.read,
    OfUnit: _of_unit,
    Broadcast: broadcast.compose,
}
