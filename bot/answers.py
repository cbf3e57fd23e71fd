"""What the database answers to a conversation's effects, inside the turn's transaction."""

from collections.abc import Callable
from typing import Any

from bot.citizen import correcting, finding, receipt_erase, submitting
from bot.citizen.promises import promised
from bot.citizen.submitting import person_of, unit_of
from bot.desk import Desk
from bot.office import (
    announcing,
    broadcasting,
    ending,
    finished,
    following_up,
    giving,
    innovating,
    periods,
    poster_sending,
    publishing,
    questions_found,
    report_sending,
    standard_editing,
    unit_editing,
    unit_table,
    which,
)
from bot.office.briefing import write as write_briefing
from flows.citizen.part import CITIZEN, PART
from flows.conversation import Conversation
from flows.events import Erase, Found, Look, Noted, Submit, Told, Unfit, Write
from storage import voices


def answer(
    desk: Desk,
    address: str,
    conversation: Conversation,
    effect: Look | Submit | Erase | Write,
    at: int,
) -> Found | Told | Noted | Unfit | None:
    """None where there is nothing to say."""
    match effect:
        case Look(kind, query):
            return _LOOKS[kind](desk, address, conversation, query, at)
        case Submit(given):
            return submitting.submit(desk, address, conversation, given, at)
        case Erase(sealed):
            return receipt_erase.erase(desk, address, sealed)
        case Write(given):
            return _WRITES[conversation.form](desk, address, conversation, given, at)


def _is_counted(
    desk: Desk, address: str, conversation: Conversation, service: str, at: int
) -> Told | Noted | None:
    unit = unit_of(desk, conversation)
    person = person_of(desk, address, unit, service, conversation)
    if (
        conversation.about.get(PART, CITIZEN) == CITIZEN
        and voices.is_counted(desk.connection, desk.vault, person, unit.period_at(at))
        and not correcting.is_own(desk, conversation, service)
    ):
        return correcting.counted(desk, address, conversation, service, at)
    return promised(desk, unit, conversation, service, at)


_LOOKS: dict[str, Callable[..., Any]] = {
    "unit": finding.named,
    "near": finding.near,
    "within": finding.within,
    "voice": _is_counted,
    **questions_found.LOOKS,
    **unit_editing.LOOKS,
    **unit_table.LOOKS,
    **standard_editing.LOOKS,
    "where": which.found,
    "follow_up": following_up.chosen,
    "follow_up_due": following_up.due,
    "follow_up_ended": finished.shown,
    "announced_on": announcing.not_to_come,
    **periods.LOOKS,
    "innovation_which": innovating.chosen,
    "innovation_start": innovating.start,
    "heads": broadcasting.counted,
}

# What a finished form writes, by the form's id; each asks again what this chat may do.
_WRITES: dict[str, Callable[..., Told | Unfit]] = {
    "question": publishing.publish,
    "unit": unit_editing.write,
    "units": unit_table.write,
    "standard": standard_editing.write,
    "poster": poster_sending.send,
    "report": report_sending.send,
    "roles": giving.change,
    "leave": ending.left,
    "briefing": write_briefing,
    "follow_up": following_up.write,
    "announce": announcing.write,
    "innovation": innovating.write,
    "period": periods.write,
    "broadcast": broadcasting.send,
}
