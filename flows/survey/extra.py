"""An extra question as a step, and when it is asked; how it is answered says its kind."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from flows.engine import multiple_choice
from flows.engine.form import (
    SKIPPED,
    Answers,
    Choice,
    Condition,
    Either,
    Line,
    Step,
    Value,
    When,
    literal,
)
from flows.extra_question import Extra
from flows.survey.kinds import kind_of

EXTRA = "x_"  # extra questions' steps: "x_" and the question's key
WHY = (
    "why_"  # steps that ask why a score is low (`flows.survey.reasons`): "why_" and the item's key
)
MOST = 10  # extra questions of a unit: the review of all answers stays one message

SKIP = Choice(SKIPPED, Line("skip"))
# A way out for whoever came by another unit's link: to the search for a unit (`flows.intents`).
ELSEWHERE = ((Line("survey.elsewhere"), ""),)


def extra_step(
    extra: Extra, items: Mapping[str, Sequence[str]], shows: Callable[[str], str] = str
) -> Step:
    """`items`: item → the steps that ask it. `shows`: words of one's own, as officers read them."""
    passed = () if extra.required else (SKIP,)
    kind = kind_of(extra)
    options = kind.choices(extra)
    return Step(
        EXTRA + extra.key,
        asked_text(extra),
        multiple_choice.buttons(options, *passed) if kind.many else (*options, *passed),
        writes=kind.writes,
        when=_when(extra, items),
        group="items",  # counted on: "10/10", so that no number stands for two questions
        title=Line("survey.extra.title"),
        check=partial(kind.fault, extra),
        reads=kind.reads,
        shows=shows if kind.counted == "texts" else str,
        many=kind.many,
        leads=ELSEWHERE,
        hint=kind.hint(extra),
    )


def asked_text(extra: Extra) -> Line:
    """The question, in each language it is translated into."""
    return literal(extra.text, **{t.language: t.text for t in extra.translations})


def extra_answers(extras: Sequence[Extra], given: Answers) -> dict[str, Value]:
    """What a response keeps of the answers to extra questions, and of why a score was low.

    By the question's key, as its kind keeps it (`flows.survey.kinds.kind.Kind.kept`).
    """
    answers = {
        e.key: kind_of(e).kept(given[EXTRA + e.key]) for e in extras if EXTRA + e.key in given
    }
    return answers | {step: text for step, text in given.items() if step.startswith(WHY)}


def _when(extra: Extra, items: Mapping[str, Sequence[str]]) -> tuple[Condition, ...]:
    if extra.asked is None:
        return ()
    choices = frozenset(extra.asked.choices)
    steps = items.get(extra.asked.of, (extra.asked.of,))
    return (Either(tuple(When(step, choices) for step in steps)),)
