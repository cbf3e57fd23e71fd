"""What is wrong with a questionnaire, of which its form could not be made or held."""

from collections.abc import Collection, Mapping
from itertools import combinations

from flows.extra import EXTRA, MOST, extra_choices
from flows.files import instrument
from flows.form import Line
from flows.instrument import Questionnaire
from flows.own_question import Extra
from flows.screen import quoted


def fault(asked: Questionnaire, services: Mapping[str, str]) -> Line | None:
    """The first fault, in a sentence; `services`: those of the unit, id → label."""
    if len(asked.extras) > MOST:
        return Line("question.full", {"most": MOST})
    for one, other in combinations(asked.extras, 2):
        if one.text.casefold() == other.text.casefold():
            return Line("question.twice", {"text": short(one)})
    for place, extra in enumerate(asked.extras):
        unasked = _unasked(extra, asked, asked.extras[:place], services)
        if unasked:
            return unasked
    unknown = [wording.service for wording in asked.services if wording.service not in services]
    return Line("question.service.gone", {"service": unknown[0]}) if unknown else None


def _unasked(
    extra: Extra, asked: Questionnaire, before: tuple[Extra, ...], services: Mapping[str, str]
) -> Line | None:
    if extra.asked is None:
        return None
    of = extra.asked.of
    known: Collection[str] = ()
    if of == "service":
        known = services
    elif of in instrument(asked.instrument).keys:
        known = [str(value) for value in instrument(asked.instrument).values]
    for earlier in before:
        if EXTRA + earlier.key == of:
            known = [choice.id for choice in extra_choices(earlier)]
    if set(extra.asked.choices) <= set(known):
        return None
    return Line("question.follows", {"text": short(extra)})


def followers(asked: Questionnaire, key: str) -> list[Extra]:
    """The questions that are asked after certain answers to that one."""
    return [each for each in asked.extras if each.asked and each.asked.of == EXTRA + key]


def short(extra: Extra) -> str:
    """A question on one line of a message, or on a button."""
    text = quoted(extra.text)
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


SHORT = 60
