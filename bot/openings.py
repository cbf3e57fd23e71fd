"""What a link or a command begins: a conversation, or just a sentence.

One function for each kind of opening; those that are longer than a few lines have a file.
"""

from collections.abc import Callable
from typing import Any

from bot.begin import Begin, Said
from bot.citizen import correcting, kept_here, rating, receipt_check, receipt_erase
from bot.citizen.visiting import rate as rate_visit
from bot.console import link as console_link
from bot.desk import Desk
from bot.office import (
    announcing,
    asking,
    broadcasting,
    changes,
    ending,
    following_up,
    giving,
    innovating,
    joining,
    periods,
    poster_sending,
    recap,
    report_sending,
    standard_editing,
    unfolding,
    unit_editing,
)
from flows import opening as openings
from flows.ended import CORRECTS, ENDS, until
from flows.events import Opened
from flows.form import Line
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
from flows.opening import (
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
from flows.role_opening import Broadcast, EndInvited, LeaveRole, ManageRoles, ReadLog
from flows.screen import ENDED
from storage import subscriptions

REVIEW = "review"  # asked again before a changed survey is sent


def resolve(desk: Desk, address: str, opened: Opened) -> Begin | Said | Line:
    """What this opening means for this chat: a conversation to begin, or what there is to say."""
    opening = openings.read(opened.opening)
    return _MEANS[type(opening)](desk, address, opening, opened.at)


def _erase(desk: Desk, address: str, opening: EraseResponse, at: int) -> Begin | Line:
    sealed = receipt_erase.sealed(desk, address, opening.code)
    if isinstance(sealed, Line):
        return sealed
    again = f"{openings.ERASE} {sealed}"
    return Begin("erase", "1", Line("resume.erase"), again, about={"sealed": sealed})


def _correct(desk: Desk, address: str, opening: CorrectResponse, at: int) -> Begin | Line:
    sent = correcting.former(desk, address, opening.conversation, at)
    if isinstance(sent, Line):
        return sent
    return Begin(
        sent.form,
        sent.version,
        Line("resume.correct"),
        f"{openings.CORRECT} {sent.id}",
        about={**sent.about, CORRECTS: sent.outcome["receipt"], ENDS: str(until(sent))},
        answers={step: value for step, value in sent.answers.items() if step != REVIEW},
        offered={step: rows for step, rows in sent.offered.items() if step != ENDED},
        note=Line("survey.correcting"),
    )


def _check(desk: Desk, address: str, opening: CheckReceipt, at: int) -> Line:
    return receipt_check.checked(desk, opening.code)


def _subscribe(desk: Desk, address: str, opening: Subscribe, at: int) -> Line:
    unit = desk.unit(opening.code)
    if unit is None:
        return Line("unit_unknown")
    subscriptions.subscribe(desk.connection, address, unit, at)
    return Line("news.begun", {"unit": unit.name})


def _unsubscribe(desk: Desk, address: str, opening: Unsubscribe, at: int) -> Line:
    ended = subscriptions.end(desk.connection, address)
    return Line("news.ended" if ended else "news.none")


def _kept(desk: Desk, address: str, opening: ShowKept, at: int) -> Line:
    return kept_here.told(desk, address, at)


def _of_unit(desk: Desk, address: str, opening: OfUnit, at: int) -> Begin | Line:
    return _OF_UNITS[opening.command](desk, address, opening.said, at)


_OF_UNITS: dict[str, Callable[[Desk, str, str, int], Begin | Line]] = {
    FOLLOW_UP: following_up.plan,
    PUBLICATION: announcing.announce,
    INNOVATION: innovating.register,
    PERIOD: periods.show,
    **recap.COMMANDS,
    UNIT: unit_editing.edit,
    CONSOLE: console_link.give,
    STANDARD: standard_editing.edit,
    POSTER: poster_sending.begin,
    REPORT: report_sending.begin,
}

_MEANS: dict[type, Callable[[Desk, str, Any, int], Begin | Said | Line]] = {
    RateUnit: rating.rate,
    RateVisit: rate_visit,
    FindUnit: rating.find,
    EditQuestions: asking.edit_questions,
    Invitation: joining.join,
    CheckReceipt: _check,
    EraseResponse: _erase,
    CorrectResponse: _correct,
    Subscribe: _subscribe,
    Unsubscribe: _unsubscribe,
    ShowKept: _kept,
    ReadComments: unfolding.comments,
    ManageRoles: giving.manage,
    EndInvited: ending.end_invited,
    LeaveRole: ending.leave,
    ReadLog: changes.read,
    OfUnit: _of_unit,
    Broadcast: broadcasting.compose,
}
