"""What the database answers to a conversation's effects, inside the turn's transaction."""

from collections.abc import Callable
from typing import Any

from bot import correcting, publishing, receipt_erase
from bot.asking import unit_rows
from bot.desk import Desk
from bot.promises import promised
from flows.conversation import Conversation
from flows.ended import CORRECTS
from flows.events import Erase, Found, Look, Noted, Publish, Submit, Told, Write
from flows.extra import extra_answers
from flows.files import instrument
from flows.form import NOT_APPLICABLE, SKIP_ALL, SKIPPED, Value
from flows.instrument import Questionnaire
from flows.survey import CONSENT, item_of
from storage import permissions, responses, units, voices
from storage.responses import Draft
from storage.units import Unit


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
            return _submit(desk, address, conversation, given, at)
        case Publish():
            return publishing.publish(desk, address, effect, at)
        case Erase(sealed):
            return receipt_erase.erase(desk, address, sealed)
        case Write(given):
            return _WRITES[conversation.form](desk, address, conversation, given, at)


def _find_unit(desk: Desk, address: str, conversation: Conversation, query: str, at: int) -> Found:
    found = units.search(desk.connection, query)
    return Found("unit", [{"id": u.code, "label": f"{u.name} · {u.region}"} for u in found])


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
    unit = _unit(desk, conversation)
    person = _person(desk, address, unit, service, conversation)
    counted = voices.is_counted(desk.connection, desk.vault, person, unit.period_at(at))
    if not counted or correcting.is_own(desk, conversation, service):
        return promised(desk, unit, conversation, service, at)
    return correcting.counted(desk, address, conversation, service, at)


_LOOKS: dict[str, Callable[..., Any]] = {
    "unit": _find_unit,
    "scope": _find_in_scope,
    "voice": _is_counted,
    "earlier": publishing.earlier,
    "choices": publishing.choices,
}

# What a finished form writes, by the form's id; each asks again what this chat may do.
_WRITES: dict[str, Callable[..., Told]] = {}


def _submit(
    desk: Desk, address: str, conversation: Conversation, given: dict[str, Value], at: int
) -> Told:
    unit = _unit(desk, conversation)
    questionnaire = desk.questionnaire(conversation.version)
    draft = drafted(questionnaire, conversation, given, address, at)
    if all(value is None for value in draft.answers.values()):
        return Told("survey.nothing")
    if CORRECTS in conversation.about:
        return correcting.correct(desk, address, unit, conversation, draft, at)
    person = _person(desk, address, unit, draft.service, conversation)
    period = unit.period_at(at)
    if not voices.count(desk.connection, desk.vault, person, period, desk.random):
        return correcting.counted(desk, address, conversation, draft.service, at)
    claim = voices.claims(desk.connection, desk.vault, person, period)
    receipt = responses.keep(desk.connection, unit, draft, desk.random, claim)
    return correcting.thanks(conversation, receipt)


def _person(
    desk: Desk, address: str, unit: Unit, service: str, conversation: Conversation
) -> voices.Person:
    asked = instrument(desk.questionnaire(conversation.version).instrument)
    return voices.Person(address, unit.id, service, asked.survey)


def drafted(
    questionnaire: Questionnaire,
    conversation: Conversation,
    given: dict[str, Value],
    address: str,
    at: int,
) -> Draft:
    """A response from the answers that count: items as values or null, skipped ones left out."""
    asked = instrument(questionnaire.instrument)
    given = {step: value for step, value in given.items() if value not in (SKIPPED, SKIP_ALL)}
    said = {step: _text(value) for step, value in given.items() if not isinstance(value, list)}
    scores = {item_of(step): value for step, value in said.items()}
    return Draft(
        service=said["service"],
        instrument=asked.id,
        questionnaire=questionnaire.id,
        channel=address.partition(":")[0],
        at=at,
        answers={key: _score(scores[key]) for key in asked.keys if key in scores},
        profile={band.key: said[band.key] for band in asked.bands if band.key in said},
        extra=extra_answers(questionnaire.extras, given),
        comment=said.get("comment"),
        duration=at - conversation.began,
        consent=CONSENT,
    )


def _score(choice: str) -> int | None:
    return None if choice == NOT_APPLICABLE else int(choice)


def _text(value: Value) -> str:
    return value["text"] if isinstance(value, dict) else str(value)


def _unit(desk: Desk, conversation: Conversation) -> Unit:
    unit = desk.unit(conversation.about["unit"])
    assert unit is not None, "units are never deleted"
    return unit
