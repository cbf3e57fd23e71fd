"""What is wrong with a questionnaire, of which its form could not be made or held."""

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations

from flows.engine.form import Line, cut
from flows.extra_question import Extra
from flows.instrument import Questionnaire
from flows.loader import instrument
from flows.survey.extra import EXTRA, MOST
from flows.survey.kinds import kind_of


def new_fault(
    before: Questionnaire, after: Questionnaire, services: Mapping[str, str]
) -> Line | None:
    """The first fault of the one that the other had not; `services`: those of the unit, id →
    label. What was wrong already, such as a service that is no more, keeps nobody from the rest."""
    known = list(faults(before, services))
    return next((each for each in faults(after, services) if each not in known), None)


def faults(asked: Questionnaire, services: Mapping[str, str]) -> Iterator[Line]:
    if len(asked.extras) > MOST:
        yield Line("question.full", {"most": MOST})
    for one, other in combinations(asked.extras, 2):
        if one.text.casefold() == other.text.casefold():
            yield Line("question.twice", {"text": short(one)})
    for place, extra in enumerate(asked.extras):
        if not _is_led_to(extra, asked, asked.extras[:place], services):
            yield Line("question.follows", {"text": short(extra)})
    for wording in asked.services:
        if wording.service not in services:
            yield Line("question.service.gone", {"service": wording.service})


def _is_led_to(
    extra: Extra, asked: Questionnaire, before: tuple[Extra, ...], services: Mapping[str, str]
) -> bool:
    if extra.asked is None:
        return True
    of, by = extra.asked.of, instrument(asked.instrument)
    known: Collection[str] = ()
    if of == "service":
        known = services
    elif of in by.keys:
        known = [str(value) for value in by.values]
    for earlier in before:
        if EXTRA + earlier.key == of:
            known = [choice.id for choice in kind_of(earlier).choices(earlier)]
    return set(extra.asked.choices) <= set(known)


def followers(asked: Questionnaire, key: str) -> list[Extra]:
    """The questions that are asked after certain answers to that one."""
    return [each for each in asked.extras if each.asked and each.asked.of == EXTRA + key]


def short(extra: Extra) -> str:
    """A question on one line of a message, or on a button."""
    return cut(extra.text, SHORT)


SHORT = 60
