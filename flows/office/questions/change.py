"""What an admin's change makes of a questionnaire: a pure function of it.

The same change is made in every unit it is for, whatever else that unit asks; so it says only what
becomes different. What an extra question's `key` stands for is what is counted together
(docs/decisions/0013): a change that makes another question of it gives it the key `NEW`, which
whoever publishes puts another in the place of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from flows.extra_question import Asked, Extra, Translation
from flows.instrument import Instrument, Questionnaire, Wording
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


@dataclass(frozen=True, slots=True)
class Several:
    """One after the other, as one version."""

    of: "tuple[Change, ...]"


Change = Add | Edit | Translate | Retire | Move | Reword | Restore | Several


def changed(asked: Questionnaire, change: Change) -> Questionnaire:
    """Of a question that is not there nothing becomes different. Restoring gives `former`, by the
    instrument that is in force: no admin brings back one that holds no more."""
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
            return _restored(asked, former) if former else asked
        case Several(changes):
            return reduce(changed, changes, asked)


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


def _restored(asked: Questionnaire, former: Questionnaire) -> Questionnaire:
    by = instrument(asked.instrument)
    return under(former, by) if by.holds_from and former.instrument != by.id else former


def _reworded(asked: Questionnaire, change: Reword) -> Questionnaire:
    by = instrument(asked.instrument)
    if change.item not in by.keys:
        return asked
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


def under(asked: Questionnaire, by: Instrument) -> Questionnaire:
    """The same questionnaire by another instrument of its survey.

    A service goes on without the items that do not apply to it. Words that it gave to official
    answers stay behind: they were words for others. So do the extra questions that follow from an
    item or a value that is no more, and those that follow from them.
    """
    services = (
        Wording(each.service, without=tuple(key for key in each.without if key in by.keys))
        for each in asked.services
    )
    values = frozenset(map(str, by.values))
    extras: list[Extra] = []
    for extra in asked.extras:
        of, choices = (extra.asked.of, extra.asked.choices) if extra.asked else ("service", ())
        earlier = {"service", *(EXTRA + each.key for each in extras)}
        if of in earlier or (of in by.keys and values.issuperset(choices)):
            extras.append(extra)
    return Questionnaire(by.id, tuple(extras), tuple(services))
