"""What an admin's answers in the question editor come to: a change, and how it will look.

What the units ask now lies in the conversation (`QuestionState`). So all of it is derived, and goes
on where that has become another meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from flows.engine.conversation import Conversation, FeatureState, counted_answers
from flows.engine.form import Form, Line, Value, literal
from flows.extra_question import Asked, Extra, Translation
from flows.instrument import Instrument, Questionnaire
from flows.loader import SKM, instrument, instrument_of, items_of
from flows.office.question_change import (
    NEW,
    Add,
    Change,
    Edit,
    Move,
    Restore,
    Retire,
    Reword,
    Translate,
    changed,
    find,
    key_of,
)
from flows.office.question_difference import difference
from flows.office.question_preview import as_seen, condition, item_as_seen
from flows.office.question_texts import choice_texts, translation_of
from flows.survey.extra import EXTRA
from flows.survey.kinds.number import limits_of
from flows.survey.reasons import LOW

ITEMS = frozenset(items_of(SKM))  # of any day: each unit asks those of its own instrument
OWN = ("add", "order", "history", "official")  # what may be picked besides a question
CONFIRMS = ("confirm", "asked", "meaning")  # the last step of each way


@dataclass(frozen=True, slots=True)
class QuestionState(FeatureState):
    """`base`: what the units ask now, `former`: the version that was chosen, both as
    `Questionnaire.to_json` gives it or ""; `services`: id → label."""

    FORM: ClassVar[str] = "question"

    base: str = ""
    services: dict[str, str] = field(default_factory=dict)
    former: str = ""


def base(conversation: Conversation) -> Questionnaire:
    said = QuestionState.of(conversation).base
    if said:
        return Questionnaire.from_json(said)
    return Questionnaire(instrument_of(SKM, conversation.began_on).id)


def asked_by(conversation: Conversation) -> Instrument:
    return instrument(base(conversation).instrument)


def services(conversation: Conversation) -> dict[str, str]:
    return QuestionState.of(conversation).services


def picked(conversation: Conversation) -> Extra | None:
    """The question that is being changed."""
    return find(base(conversation), str(conversation.answers.get("pick", "")).removeprefix(EXTRA))


def change_of(form: Form, conversation: Conversation) -> Change | None:
    """None where the answers come to none."""
    given = counted_answers(form, conversation)
    match given.get("pick"):
        case "add":
            return Add(_new(given, asked_by(conversation)))
        case "order":
            return Move(str(given["move"]).removeprefix(EXTRA), int(str(given["to"])))
        case "history":
            return Restore(int(str(given["version"])), _former(conversation))
        case "official":
            return _reword(given)
    extra = picked(conversation)
    return _edit(extra, given, asked_by(conversation)) if extra else None


def _new(given: Mapping[str, Value], by: Instrument) -> Extra:
    return Extra(NEW, _text(given, "text"), **_answered(given), **_when(given, by))


def _edit(extra: Extra, given: Mapping[str, Value], by: Instrument) -> Change | None:
    """Other answers, or another meaning, make another question of it."""
    another: dict[str, Any] = {"key": NEW, "translations": ()}
    match given.get("act"):
        case "text":
            text = {"text": _text(given, "text")}
            return Edit(extra.key, text | (another if given.get("meaning") == "other" else {}))
        case "answers":
            required = given.get("asked") == "required"
            return Edit(extra.key, {**another, **_answered(given), "required": required})
        case "when":
            return Edit(extra.key, _when(given, by))
        case "translate":
            to = str(given["to_language"])
            return Translate(extra.key, to, _translation(extra, to, given))
        case "retire":
            return Retire(extra.key)
    return None


def _answered(given: Mapping[str, Value]) -> dict[str, Any]:
    return {
        "kind": str(given["kind"]),
        "choices": choice_texts(_text(given, "choices")),
        "limits": limits_of(_text(given, "limits")),
    }


def _when(given: Mapping[str, Value], by: Instrument) -> dict[str, Any]:
    """An item leads to it by its low values, anything else by one choice."""
    asked = None
    if "of" in given:
        of = str(given["of"])
        low = tuple(str(value) for value in by.values if value <= LOW)
        asked = Asked(of, low if of in ITEMS else (str(given["is"]),))
    return {"asked": asked, "required": given.get("asked") == "required"}


def _translation(extra: Extra, to: str, given: Mapping[str, Value]) -> Translation | None:
    if given["translation"] == "none":
        return None
    said = translation_of(extra, to, _text(given, "translation"))
    return said if isinstance(said, Translation) else None


def _reword(given: Mapping[str, Value]) -> Reword:
    service, item = str(given["service"]), str(given["item"])
    match given["words"]:
        case "passed":
            return Reword(service, item, passed=True)
        case "not_passed":
            return Reword(service, item, passed=False)
        case "official":
            return Reword(service, item)
    return Reword(service, item, choice_texts(_text(given, "words")))


def _text(given: Mapping[str, Value], step: str) -> str:
    value = given.get(step)
    return value["text"] if isinstance(value, dict) else ""


def _former(conversation: Conversation) -> Questionnaire:
    said = QuestionState.of(conversation).former
    return Questionnaire.from_json(said) if said else base(conversation)


def asked_now(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """How many extra questions there are, and where."""
    count, name = len(base(conversation).extras), placed(conversation.about)
    return (Line("question.list", {"name": name, "count": count}),) if count else ()


def placed(known: Mapping[str, str]) -> Line:
    """The name of the units that were chosen, from `about`."""
    if known.get("name"):
        return literal(known["name"])
    return Line("question.units.all", {"count": known.get("units", "")})


def picked_as_seen(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    extra, now = picked(conversation), base(conversation)
    if extra is None:
        return ()
    shown = as_seen(now, extra, conversation.language)
    return (*shown, *condition(now, extra, services(conversation)))


def to_translate(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    extra = picked(conversation)
    if extra is None:
        return ()
    to = str(conversation.answers["to_language"])
    shown = as_seen(base(conversation), extra, to if extra.translated(to) else "id")
    lines = len(extra.choices) + 1
    return (*shown, Line("question.translation.lines", {"lines": lines}))


def item_now(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    given = conversation.answers
    service, item = str(given["service"]), str(given["item"])
    return item_as_seen(base(conversation), item, service, conversation.language)


def preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """What is published if it is confirmed."""
    change = change_of(form, conversation)
    if change is None:
        return ()
    before = base(conversation)
    after = changed(before, change)
    different = difference(before, after, services(conversation))
    note = conversation.answers.get("note")
    noted = (Line("question.noted", {"note": _text({"note": note}, "note")}),) if note else ()
    return (*_explained(change, different), *_seen(conversation, change, after), *noted)


def _explained(change: Change, different: tuple[Line, ...]) -> tuple[Line, ...]:
    match change:
        case Add():  # all of it is to be seen
            return ()
        case Restore():
            return (Line("question.restored"), *different)
        case Retire():
            return (*different, Line("question.retired"))
        case Edit(_, fields) if "key" in fields:
            return (*different, Line("question.replaced"))
    return different


def _seen(conversation: Conversation, change: Change, after: Questionnaire) -> tuple[Line, ...]:
    if isinstance(change, Reword):
        said = item_as_seen(after, change.item, change.service, conversation.language)
        return (Line("question.preview"), *said, Line("question.reworded"))
    extra = find(after, key_of(change))
    if extra is None or isinstance(change, Move):
        return ()
    to = change.language if isinstance(change, Translate) else conversation.language
    shown = as_seen(after, extra, to)
    return (Line("question.preview"), *shown, *condition(after, extra, services(conversation)))
