"""An admin's extra question meets the units it is for: what may lead to it there, publishing."""

from collections.abc import Sequence
from dataclasses import replace

from bot.desk import Desk
from flows.conversation import Conversation
from flows.events import Found, Publish, Told
from flows.extra import EXTRA, MOST, extra_choices
from flows.files import CURRENT, instrument
from flows.form import Choice, Line
from flows.own_question import Extra
from flows.question import ITEMS
from storage import permissions, questionnaires
from storage.questionnaires import QuestionUnasked, TooManyQuestions
from storage.roles import EVERYWHERE
from storage.units import Unit

LABEL = 40  # characters of a question on a button

Rows = list[dict[str, str]]


def earlier(
    desk: Desk, address: str, conversation: Conversation, units: str, at: int
) -> Found | Told:
    """What a new question in these units may depend on, or that one of them has enough."""
    chosen = _chosen(desk, address, units)
    for unit in chosen:
        if len(desk.questionnaire(unit.questionnaire).extras) >= MOST:
            return _full(unit)
    asked = instrument(CURRENT)
    rows: Rows = [{"id": item.key, "key": asked.title_key(item)} for item in asked.items]
    if len(_services(chosen)) > 1:
        rows.append({"id": "service", "key": "survey.service.title"})
    extras = (e for e in _extras(desk, chosen) if extra_choices(e))
    return Found("of", [*rows, *({"id": EXTRA + e.key, "label": _cut(e.text)} for e in extras)])


def choices(desk: Desk, address: str, conversation: Conversation, of: str, at: int) -> Found | None:
    """The answers of what it depends on; None of an item, whose low scores are meant."""
    if of in ITEMS:
        return None
    chosen = _chosen(desk, address, str(conversation.answers["units"]))
    if of == "service":
        return Found("is", _services(chosen))
    meant = [extra for extra in _extras(desk, chosen) if EXTRA + extra.key == of]
    return Found("is", [_row(choice) for extra in meant for choice in extra_choices(extra)])


def publish(desk: Desk, address: str, wanted: Publish, at: int) -> Told:
    """Asked anew whether it may be: roles and questions may have changed meanwhile."""
    chosen = _chosen(desk, address, wanted.units)
    if not chosen:
        return Told("question.denied")
    new, by = replace(wanted.extra, key=desk.random(4).hex()), desk.vault.pseudonym(address)
    try:
        numbers = questionnaires.add_extra(desk.connection, chosen, new, at, by)
    except TooManyQuestions as refused:
        return _full(refused.unit)
    except QuestionUnasked as refused:
        return Told("question.gone", {"unit": refused.unit.name})
    if len(chosen) > 1:
        return Told("question.published.many", {"count": str(len(chosen))})
    return Told("question.published", {"version": str(numbers[0]), "unit": chosen[0].name})


def _chosen(desk: Desk, address: str, units: str) -> list[Unit]:
    mine = permissions.units_where(desk.connection, address, "edit_questions")
    return [unit for unit in mine if units in (EVERYWHERE, unit.code)]


def _full(unit: Unit) -> Told:
    return Told("question.full", {"unit": unit.name, "most": str(MOST)})


def _services(chosen: Sequence[Unit]) -> Rows:
    """The services that all of them have."""
    common = [{service["id"] for service in unit.services} for unit in chosen]
    return [s for s in chosen[0].services if all(s["id"] in ids for ids in common)]


def _extras(desk: Desk, chosen: Sequence[Unit]) -> list[Extra]:
    """The extra questions that all of them ask."""
    asked = [desk.questionnaire(version).extras for version in {u.questionnaire for u in chosen}]
    return [extra for extra in asked[0] if all(extra in extras for extras in asked)]


def _row(choice: Choice) -> dict[str, str]:
    label = choice.label.params.get("label", choice.label)  # "1 Tidak baik" is its "Tidak baik"
    assert isinstance(label, Line)
    if label.key == "=":
        return {"id": choice.id, "label": str(label.params["text"])}
    return {"id": choice.id, "key": label.key}


def _cut(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"
