"""What the database answers to a conversation's effects, inside the turn's transaction."""

from collections.abc import Callable
from typing import Any

from bot import (
    announcing,
    broadcasting,
    correcting,
    ending,
    finding,
    following_up,
    giving,
    publishing,
    receipt_erase,
    submitting,
    which,
)
from bot.asking import unit_rows
from bot.desk import Desk
from bot.promises import promised
from bot.submitting import person_of, unit_of
from flows.conversation import Conversation
from flows.events import Erase, Found, Look, Noted, Publish, Submit, Told, Write
from flows.part import CITIZEN, PART
from storage import permissions, voices


def answer(
    desk: Desk,
    address: str,
    conversation: Conversation,
    effect: Look | Submit | Publish | Erase | Write,
    at: int,
) -> Found | Told | Noted | None:
    """None where there is nothing to say."""
    match effect:
        case Look(kind, query):
            return _LOOKS[kind](desk, address, conversation, query, at)
        case Submit(given):
            return submitting.submit(desk, address, conversation, given, at)
        case Publish():
            return publishing.publish(desk, address, effect, at)
        case Erase(sealed):
            return receipt_erase.erase(desk, address, sealed)
        case Write(given):
            return _WRITES[conversation.form](desk, address, conversation, given, at)


def _find_in_scope(
    desk: Desk, address: str, conversation: Conversation, query: str, at: int
) -> Found:
    wanted = query.casefold().split()
    mine = permissions.units_where(desk.connection, address, "edit_questions")
    found = [unit for unit in mine if all(word in unit.name.casefold() for word in wanted)]
    return Found("units", unit_rows(found, mine) if found else [])


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
    "scope": _find_in_scope,
    "voice": _is_counted,
    "earlier": publishing.earlier,
    "choices": publishing.choices,
    "where": which.found,
    "follow_up": following_up.chosen,
    "follow_up_due": following_up.due,
    "announced_on": announcing.not_to_come,
    "heads": broadcasting.counted,
}

# What a finished form writes, by the form's id; each asks again what this chat may do.
_WRITES: dict[str, Callable[..., Told]] = {
    "roles": giving.change,
    "leave": ending.left,
    "follow_up": following_up.write,
    "announce": announcing.write,
    "broadcast": broadcasting.send,
}
