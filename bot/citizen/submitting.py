"""Keep a finished survey: once, and only if this chat still takes part as what it began as."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.citizen import correcting
from bot.citizen.participation import needs_visit, part_of, visit_of
from bot.core.turns.turn_context import TurnContext
from flows.engine.conversation import Conversation
from flows.engine.events import Noted, Told
from flows.engine.form import NOT_APPLICABLE, SKIP_ALL, SKIPPED, Value
from flows.engine.input_parsing import text_of
from flows.instrument import Questionnaire
from flows.intents import unit_payload
from flows.loader import SKM, instrument
from flows.survey.extra import extra_answers
from flows.survey.form import CONSENT, item_of
from flows.survey.source import OWN
from flows.survey.state import CITIZEN, OFFICER, PREVIEW, SurveyState
from storage import standards
from storage.answers import responses, votes
from storage.answers.responses import Draft
from storage.answers.visits import Visit
from storage.periods import Period, zone
from storage.units import Unit


def submit(context: TurnContext, conversation: Conversation, given: dict[str, Value]) -> Told:
    unit = context.unit_of(conversation)
    visit, state = visit_of(context, conversation), SurveyState.of(conversation)
    part = part_of(context, unit, visit)
    if part == PREVIEW or part != state.part:
        return Told("survey.previewed")
    questionnaire = context.questionnaire(conversation.version)
    draft = drafted(questionnaire, conversation, given, context.address, context.at)
    draft = replace(draft, at=_counts_at(unit, questionnaire, conversation.began, context.at))
    if all(value is None for value in draft.answers.values()):
        return Told("survey.nothing")
    if state.corrects:
        return correcting.correct(context, unit, conversation, draft)
    if visit:
        source = "assisted" if part == OFFICER else OWN
        draft = replace(draft, source=source, verified=True)
        return _of_visit(context, unit, conversation, draft, visit)
    if needs_visit(context, unit):
        return Told("web.visit", {"unit_name": unit.name})
    draft = replace(draft, source=context.source(context.address))
    return _of_person(context, unit, conversation, draft)


def is_counted(
    context: TurnContext, conversation: Conversation, service: str
) -> Told | Noted | None:
    """What is said where this chat has voted before; else what the unit promises of the service."""
    unit = context.unit_of(conversation)
    person = person_of(context, unit, service, conversation)
    asked = context.questionnaire(conversation.version)
    period = unit.period_at(_counts_at(unit, asked, conversation.began, context.at))
    if (
        SurveyState.of(conversation).part == CITIZEN
        and votes.is_counted(context.keys, person, period)
        and not correcting.is_own(context, conversation, service)
    ):
        return correcting.counted(context, conversation, service)
    return _promised(context, unit, conversation, service)


def _promised(
    context: TurnContext, unit: Unit, conversation: Conversation, service: str
) -> Noted | None:
    """What a unit promises of the service, for `survey.form.SEE`; None if that did not change.
    Of the SKM only: the standard's elements are its own."""
    if instrument(context.questionnaire(conversation.version).instrument).survey != SKM:
        return None
    day = unit.day_at(context.at)
    state = SurveyState.of(conversation)
    promises = context.once(
        ("promises", unit.id, service, day),
        lambda: standards.in_force(context.connection, unit.id, service, day),
    )
    return Noted(kept=state.but(promises=promises)) if promises != state.promises else None


def _counts_at(unit: Unit, questionnaire: Questionnaire, began: int, at: int) -> int:
    """When a survey counts that is sent now. One that was begun by an instrument that holds no
    more belongs to the period in which it was begun, and counts in that period's last second: it
    cannot be added to answers by another instrument. No period is published while such a one is
    open (`reports.sheets.publish`)."""
    asked = instrument(questionnaire.instrument)
    if not asked.holds_from or unit.instrument_on(unit.day_at(at)).id == asked.id:
        return at
    after = unit.period_at(began).last + timedelta(days=1)
    return min(at, int(datetime.combine(after, time.min, zone(unit.timezone)).timestamp()) - 1)


def _of_person(context: TurnContext, unit: Unit, conversation: Conversation, draft: Draft) -> Told:
    person = person_of(context, unit, draft.service, conversation)
    period, today = _period(unit, draft), unit.day_at(context.at)
    if not votes.count(context.keys, person, period, context.random, today):
        return correcting.counted(context, conversation, draft.service)
    kept = _keep(context, unit, draft, person)
    return correcting.thanks(context, conversation, kept)


def _of_visit(
    context: TurnContext, unit: Unit, conversation: Conversation, draft: Draft, visit: Visit
) -> Told:
    """A visit has one vote, whichever chat it comes from. What an officer fills in is not joined to
    the officer's chat: from there it can neither be changed nor erased."""
    today = unit.day_at(context.at)
    if not _fits(visit, unit, draft, today):
        return _unsent("visit.unfit", unit)
    period = visit.period(unit)
    if not votes.count(context.keys, visit, period, context.random, today):
        return _unsent("visit.taken", unit)
    if draft.source == "assisted":
        code = responses.keep(context.connection, unit, draft, context.random)
        return Told("survey.assisted", {"code": code})
    person = person_of(context, unit, draft.service, conversation)
    kept = _keep(context, unit, draft, person)
    return correcting.thanks(context, conversation, kept)


def _fits(visit: Visit, unit: Unit, draft: Draft, today: date) -> bool:
    return visit.unit_id == unit.id and visit.is_of(draft.service) and visit.counts(today)


def _keep(context: TurnContext, unit: Unit, draft: Draft, person: votes.Person) -> str:
    period = _period(unit, draft)
    claim = votes.claims(context.keys, person, period, context.random)
    return responses.keep(context.connection, unit, draft, context.random, claim)


def _period(unit: Unit, draft: Draft) -> Period:
    assert isinstance(draft.at, int), "sent in a chat"
    return unit.period_at(draft.at)


def _unsent(key: str, unit: Unit) -> Told:
    ordinary = {"id": "ordinary", "key": "visit.ordinary", "opening": unit_payload(unit.code)}
    return Told(key, rows=[ordinary])


def person_of(
    context: TurnContext, unit: Unit, service: str, conversation: Conversation
) -> votes.Person:
    asked = instrument(context.questionnaire(conversation.version).instrument)
    return votes.Person(context.address, unit.id, service, asked.survey)


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
    said = {step: text_of(value) for step, value in given.items() if not isinstance(value, list)}
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
