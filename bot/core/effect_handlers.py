"""What the database answers to a conversation's effects, inside the turn's transaction."""

from collections.abc import Callable
from typing import Any

from bot.citizen import correcting, finding, receipt_erase, submitting
from bot.citizen.promises import promised
from bot.citizen.submitting import person_of
from bot.core.turn_context import TurnContext
from bot.office import (
    broadcast,
    follow_up,
    follow_up_finished,
    innovation,
    periods,
    poster,
    question_lookups,
    question_publishing,
    report,
    result_publication,
    role_ending,
    role_management,
    scope,
    standard,
    unit_editor,
    unit_table,
)
from bot.office.digest_settings import write as write_briefing
from flows.engine.conversation import Conversation
from flows.engine.events import Erase, Found, Look, Noted, Submit, Told, Unfit, Write
from flows.survey.state import CITIZEN, SurveyState
from storage.answers import votes


def answer(
    context: TurnContext,
    address: str,
    conversation: Conversation,
    effect: Look | Submit | Erase | Write,
    at: int,
) -> Found | Told | Noted | Unfit | None:
    """None where there is nothing to say."""
    match effect:
        case Look(kind, query):
            return _LOOKS[kind](context, address, conversation, query, at)
        case Submit(given):
            return submitting.submit(context, address, conversation, given, at)
        case Erase(sealed):
            return receipt_erase.erase(context, address, sealed)
        case Write(given):
            return _WRITES[conversation.form](context, address, conversation, given, at)


def _is_counted(
    context: TurnContext, address: str, conversation: Conversation, service: str, at: int
) -> Told | Noted | None:
    unit = context.unit_of(conversation)
    person = person_of(context, address, unit, service, conversation)
    if (
        SurveyState.of(conversation).part == CITIZEN
        and votes.is_counted(context.connection, context.vault, person, unit.period_at(at))
        and not correcting.is_own(context, conversation, service)
    ):
        return correcting.counted(context, address, conversation, service, at)
    return promised(context, unit, conversation, service, at)


_LOOKS: dict[str, Callable[..., Any]] = {
    "unit": finding.named,
    "near": finding.near,
    "within": finding.within,
    "voice": _is_counted,
    **question_lookups.LOOKS,
    **unit_editor.LOOKS,
    **unit_table.LOOKS,
    **standard.LOOKS,
    "where": scope.found,
    "follow_up": follow_up.chosen,
    "follow_up_due": follow_up.due,
    "follow_up_ended": follow_up_finished.shown,
    "announced_on": result_publication.not_to_come,
    **periods.LOOKS,
    "innovation_which": innovation.chosen,
    "innovation_start": innovation.start,
    "heads": broadcast.counted,
}

# What a finished form writes, by the form's id; each asks again what this chat may do.
_WRITES: dict[str, Callable[..., Told | Unfit]] = {
    "question": question_publishing.publish,
    "unit": unit_editor.write,
    "units": unit_table.write,
    "standard": standard.write,
    "poster": poster.send,
    "report": report.send,
    "roles": role_management.change,
    "leave": role_ending.left,
    "briefing": write_briefing,
    "follow_up": follow_up.write,
    "announce": result_publication.write,
    "innovation": innovation.write,
    "period": periods.write,
    "broadcast": broadcast.send,
}
