"""What an admin's answers in the question editor come to: a change, and how it will look.

What the units ask now lies in the conversation (`QuestionState`). So all of it is derived, and goes
on where that has become another meanwhile.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from msgspec import field

from flows.engine.conversation import Answers, Conversation, FeatureState
from flows.engine.form import Form, Line, counted_answers, literal
from flows.extra_question import Asked, Extra, Translation
from flows.instrument import Instrument, Questionnaire
from flows.loader import instrument, skm_items, skm_on
from flows.office.questions.change import (
    NEW,
    Add,
    Change,
    Edit,
    Move,
    Restore,
    Retire,
    Reword,
    Several,
    Translate,
    changed,
    find,
    key_of,
    keyed,
)
from flows.office.questions.difference import difference
from flows.office.questions.preview import as_seen, condition, item_as_seen
from flows.office.questions.texts import choice_texts, translation_of
from flows.survey.extra import EXTRA
from flows.survey.kinds.number import limits_of
from flows.survey.kinds.scale import GOOD, OFFERED, four_words
from flows.survey.reasons import LOW

ITEMS = frozenset(skm_items())  # of any day: each unit asks those of its own instrument
OWN = ("add", "order", "history", "official")  # what may be picked besides a question
SEND = "send"  # picked where changes are kept: they are published
MORE = "more"  # confirmed where a change is kept, and others are made
CONFIRMS = ("confirm", "whole")  # the last step of each way


class QuestionState(FeatureState, frozen=True):
    """`base`: what the units ask now, `former`: the version that was chosen, both as
    `Questionnaire.to_json` gives it or ""; `services`: id → label. `drafted`: the changes that are
    kept, each by the answers that it comes to and the key that it gives a new question."""

    FORM: ClassVar[str] = "question"

    base: str = ""
    services: dict[str, str] = field(default_factory=dict)
    former: str = ""
    drafted: list[dict[str, Any]] = field(default_factory=list)


def published(conversation: Conversation) -> Questionnaire:
    """What the units ask now."""
    said = QuestionState.of(conversation).base
    if said:
        return Questionnaire.from_json(said)
    return Questionnaire(skm_on(conversation.began_on).id)


def drafted(conversation: Conversation) -> tuple[Change, ...]:
    """The changes that are kept, in the order in which they were made."""
    now, changes = published(conversation), list[Change]()
    for each in QuestionState.of(conversation).drafted:
        change = _made_of(each["given"], now, "")
        if change is not None:  # else its question is no more
            changes.append(keyed(change, each["key"]))
            now = changed(now, changes[-1])
    return tuple(changes)


def base(conversation: Conversation) -> Questionnaire:
    """… once the changes that are kept are made: what the next one is made on."""
    return changed(published(conversation), Several(drafted(conversation)))


def asked_by(conversation: Conversation) -> Instrument:
    return instrument(base(conversation).instrument)


def services(conversation: Conversation) -> dict[str, str]:
    return QuestionState.of(conversation).services


def picked(conversation: Conversation) -> Extra | None:
    """The question that is being changed."""
    return _picked(conversation.answers, base(conversation))


def _picked(given: Answers, now: Questionnaire) -> Extra | None:
    return find(now, str(given.get("pick", "")).removeprefix(EXTRA))


def change_of(form: Form, conversation: Conversation) -> Change | None:
    """The one that is being made. None where the answers come to none."""
    given = counted_answers(form, conversation)
    return _made_of(given, base(conversation), QuestionState.of(conversation).former)


def _made_of(given: Answers, now: Questionnaire, former: str) -> Change | None:
    by = instrument(now.instrument)
    match given.get("pick"):
        case "add":
            return Add(Extra(NEW, _text(given, "text"), **_answered(given), **_when(given, by)))
        case "order":
            return Move(str(given["move"]).removeprefix(EXTRA), int(str(given["to"])))
        case "history":
            version = Questionnaire.from_json(former) if former else now
            return Restore(int(str(given["version"])), version)
        case "official":
            return _reword(given)
    extra = _picked(given, now)
    return _edit(extra, given, by) if extra else None


def _edit(extra: Extra, given: Answers, by: Instrument) -> Change | None:
    """Other answers, or another meaning, make another question of it."""
    another: dict[str, Any] = {"key": NEW, "translations": ()}
    match given.get("act"):
        case "text":
            text = {"text": _text(given, "text")}
            return Edit(extra.key, text | (another if given.get("meaning") == "other" else {}))
        case "answers":
            return Edit(extra.key, {**another, **_answered(given), **_required(given)})
        case "when":
            return Edit(extra.key, _when(given, by))
        case "translate":
            to = str(given["to_language"])
            return Translate(extra.key, to, _translation(extra, to, given))
        case "retire":
            return Retire(extra.key)
    return None


def _answered(given: Answers) -> dict[str, Any]:
    scale = given.get("scale")
    words = four_words(OFFERED.get(str(scale), _text(given, "scale"))) if scale else ()
    return {
        "kind": str(given["kind"]),
        "choices": () if scale == GOOD else words or choice_texts(_text(given, "choices")),
        "limits": limits_of(_text(given, "limits")),
    }


def _when(given: Answers, by: Instrument) -> dict[str, Any]:
    """An item leads to it by its low values, anything else by one choice."""
    asked = None
    if "of" in given:
        of = str(given["of"])
        low = tuple(str(value) for value in by.values if value <= LOW)
        asked = Asked(of, low if of in ITEMS else (str(given["is"]),))
    return {"asked": asked, **_required(given)}


def _required(given: Answers) -> dict[str, Any]:
    return {"required": given.get("skippable") == "no"}


def _translation(extra: Extra, to: str, given: Answers) -> Translation | None:
    if given["translation"] == "none":
        return None
    said = translation_of(extra, to, _text(given, "translation"))
    return said if isinstance(said, Translation) else None


def _reword(given: Answers) -> Reword:
    service, item = str(given["service"]), str(given["item"])
    match given["words"]:
        case "passed":
            return Reword(service, item, passed=True)
        case "not_passed":
            return Reword(service, item, passed=False)
        case "official":
            return Reword(service, item)
    return Reword(service, item, choice_texts(_text(given, "words")))


def _text(given: Answers, step: str) -> str:
    value = given.get(step)
    return value["text"] if isinstance(value, dict) else ""


def asked_now(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """How many extra questions there are, and where; what is kept and not published."""
    count, name = len(base(conversation).extras), placed(conversation.about)
    there = (Line("question.list", {"name": name, "count": count}),) if count else ()
    return (*there, *_kept(conversation))


def _kept(conversation: Conversation) -> tuple[Line, ...]:
    if not (kept := drafted(conversation)):
        return ()
    before, after = published(conversation), base(conversation)
    different = difference(before, after, services(conversation))
    return (Line("question.pending", {"count": len(kept), "changes": different}),)


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


def as_reworded(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """What its words were, and what they become."""
    change, before = change_of(form, conversation), base(conversation)
    if change is None:
        return ()
    return difference(before, changed(before, change), services(conversation))


def preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """What is published if it is confirmed."""
    noted = _noted(conversation)
    if conversation.answers.get("pick") == SEND:
        return (*_kept(conversation), *noted)
    change = change_of(form, conversation)
    if change is None:
        return ()
    before = base(conversation)
    after = changed(before, change)
    different = difference(before, after, services(conversation))
    kept = len(drafted(conversation))
    beside = (Line("question.with", {"count": kept}),) if kept else ()
    return (*_explained(change, different), *_seen(conversation, change, after), *beside, *noted)


def _noted(conversation: Conversation) -> tuple[Line, ...]:
    note = _text(conversation.answers, "note")
    return (Line("question.noted", {"note": note}),) if note else ()


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
    when = condition(after, extra, services(conversation))
    return (Line("question.preview"), *shown, *when, Line("question.outside"))
