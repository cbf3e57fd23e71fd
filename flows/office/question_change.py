"""What an admin's change makes of a questionnaire: a pure function of it.

The same change is made in every unit it is for, whatever else that unit asks; so it says only what
becomes different. What an extra question's `key` stands for is what is counted together
(docs/decisions/0013): a change that makes another question of it gives it the key `NEW`, which
whoever publishes puts another in the place of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flows.extra_question import Asked, Extra, Translation
from flows.instrument import Questionnaire, Wording
from flows.loader import instrument
from flows.survey.extra import EXTRA

NEW = "draft"


@dataclass(frozen=True, slots=True)
class Add:
    extra: Extra


@dataclass(frozen=True, slots=True)
class Edit:
    """Fields of the question with this key."""

    key: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Translate:
    """None: said in Indonesian there from now on."""

    key: str
    language: str
    words: Translation | None


@dataclass(frozen=True, slots=True)
class Retire:
    key: str


@dataclass(frozen=True, slots=True)
class Move:
    """To this place of the list, from 1."""

    key: str
    place: int


@dataclass(frozen=True, slots=True)
class Reword:
    """An official question's answers for one service: their words (none: the official ones), or
    whether it may be answered "tidak berlaku" (None: as it is)."""

    service: str
    item: str
    words: tuple[str, ...] | None = None
    passed: bool | None = None


@dataclass(frozen=True, slots=True)
class Restore:
    """What was in force once the publication of that number (`Publication.id`) was made."""

    publication: int
    former: Questionnaire | None = field(default=None, compare=False)


Change = Add | Edit | Translate | Retire | Move | Reword | Restore


def changed(asked: Questionnaire, change: Change) -> Questionnaire:
    """Of a question that is not there nothing becomes different. Restoring gives `former`."""
    match change:
        case Add(extra):
            return replace(asked, extras=(*asked.extras, extra))
        case Edit(key, fields):
            return replace(asked, extras=_edited(asked.extras, key, fields))
        case Translate(key, language, words):
            translated = (_translated(e, language, words) if e.key == key else e
                          for e in asked.extras)  # fmt: skip
            return replace(asked, extras=tuple(translated))
        case Retire(key):
            return replace(asked, extras=tuple(e for e in asked.extras if e.key != key))
        case Move(key, place):
            return replace(asked, extras=_moved(asked.extras, key, place))
        case Reword():
            return _reworded(asked, change)
        case Restore(_, former):
            return former or asked


def keyed(change: Change, key: str) -> Change:
    """With this key where `NEW` stands."""
    match change:
        case Add(extra):
            return Add(replace(extra, key=key))
        case Edit(old, fields) if "key" in fields:
            return Edit(old, {**fields, "key": key})
    return change


def key_of(change: Change) -> str:
    """Of the extra question it is about; "" of none."""
    match change:
        case Add(extra):
            return extra.key
        case Edit(key, fields):
            return str(fields.get("key", key))
        case Translate() | Retire() | Move():
            return change.key
    return ""


def find(asked: Questionnaire, key: str) -> Extra | None:
    return next((extra for extra in asked.extras if extra.key == key), None)


def _edited(extras: tuple[Extra, ...], key: str, fields: Mapping[str, Any]) -> tuple[Extra, ...]:
    """Questions that follow from its answers follow from those of its successor, too."""
    now = fields.get("key", key)
    return tuple(
        replace(each, **fields) if each.key == key else _following(each, key, now)
        for each in extras
    )


def _following(extra: Extra, key: str, now: str) -> Extra:
    if extra.asked is None or extra.asked.of != EXTRA + key:
        return extra
    return replace(extra, asked=Asked(EXTRA + now, extra.asked.choices))


def _translated(extra: Extra, language: str, words: Translation | None) -> Extra:
    others = [each for each in extra.translations if each.language != language]
    now = sorted([*others, *([words] if words else [])], key=lambda each: each.language)
    return replace(extra, translations=tuple(now))


def _moved(extras: tuple[Extra, ...], key: str, place: int) -> tuple[Extra, ...]:
    moved = [extra for extra in extras if extra.key == key]
    others = [extra for extra in extras if extra.key != key]
    return (*others[: place - 1], *moved, *others[place - 1 :])


def _reworded(asked: Questionnaire, change: Reword) -> Questionnaire:
    by = instrument(asked.instrument)
    usual = {item.key for item in by.items if item.not_applicable}
    before = wording_of(asked, change.service)
    options, passed = dict(before.options), before.not_applicable
    if change.passed is None:
        options.pop(change.item, None)
        options |= {change.item: change.words} if change.words else {}
    else:
        these = (usual if passed is None else {*passed}) - {change.item}
        these |= {change.item} if change.passed else set()
        passed = None if these == usual else tuple(sorted(these))
    said = Wording(change.service, tuple(sorted(options.items())), before.without, passed)
    others = (each for each in asked.services if each.service != change.service)
    return replace(asked, services=(*others, said))


def wording_of(asked: Questionnaire, service: str) -> Wording:
    """As it is, or one that says nothing."""
    return next((each for each in asked.services if each.service == service), Wording(service))
