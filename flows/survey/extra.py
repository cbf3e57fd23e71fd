"""An extra question as a step: how each kind is answered, and when it is asked."""

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

EXTRA = "x_"  # extra questions' steps: "x_" and the question's key
WHY = (
    "why_"  # steps that ask why a score is low (`flows.survey.reasons`): "why_" and the item's key
)
MOST = 10  # extra questions of a unit: the review of all answers stays one message
TEXT = 300  # characters of a short text
PLACE = 60  # … of a place's name
DIGITS = 7  # of a number

SKIP = Choice(SKIPPED, Line("skip"))


def extra_step(extra: Extra, items: Mapping[str, Sequence[str]]) -> Step:
    """`items`: item → the steps that ask it."""
    passed = () if extra.required else (SKIP,)
    options = extra_choices(extra)
    return Step(
        EXTRA + extra.key,
        asked_text(extra),
        multiple_choice.buttons(options, *passed)
        if extra.kind == "multiple"
        else (*options, *passed),
        writes={"text": TEXT, "place": PLACE, "number": DIGITS}.get(extra.kind, 0),
        when=_when(extra, items),
        group="items",  # counted on: "10/10", so that no number stands for two questions
        title=Line("survey.extra.title"),
        check=_number_check(extra),
        many=extra.kind == "multiple",
        hint=extra_hint(extra),
    )


def extra_choices(extra: Extra) -> tuple[Choice, ...]:
    """What is counted of a question that offers choices; none of one that is written."""
    if extra.kind == "scale":
        return tuple(
            Choice(str(n), Line("numbered", {"number": n, "label": Line(f"scale.{n}")}))
            for n in range(1, 5)
        )
    if extra.kind == "yes_no":
        return (Choice("yes", Line("yes")), Choice("no", Line("no")))
    return tuple(Choice(str(n), _label(extra, n)) for n in range(1, len(extra.choices) + 1))


def asked_text(extra: Extra) -> Line:
    """The question, in each language it is translated into."""
    return literal(extra.text, **{t.language: t.text for t in extra.translations})


def _label(extra: Extra, number: int) -> Line:
    translated = {t.language: t.choices[number - 1] for t in extra.translations}
    return literal(extra.choices[number - 1], **translated)


def extra_hint(extra: Extra) -> Line | None:
    """One short line on how to answer, where the buttons do not say it."""
    match extra.kind:
        case "multiple":
            return Line("survey.extra.many")
        case "number" if extra.limits:
            low, high = extra.limits
            return Line("survey.extra.number", {"low": low, "high": high})
        case "place":
            return Line("survey.extra.place")
    return None


def extra_answers(extras: Sequence[Extra], given: Answers) -> dict[str, Value]:
    """What a response keeps of the answers to extra questions, and of why a score was low.

    A choice's id, a list of them, a number's digits, or {"text"}; by the question's key.
    """
    answers = {e.key: _kept(e, given[EXTRA + e.key]) for e in extras if EXTRA + e.key in given}
    return answers | {step: text for step, text in given.items() if step.startswith(WHY)}


def _kept(extra: Extra, value: Value) -> Value:
    if isinstance(value, list):
        return multiple_choice.chosen(value)
    if isinstance(value, dict) and extra.kind == "number":
        return str(int(value["text"]))
    return value


def _when(extra: Extra, items: Mapping[str, Sequence[str]]) -> tuple[Condition, ...]:
    if extra.asked is None:
        return ()
    choices = frozenset(extra.asked.choices)
    steps = items.get(extra.asked.of, (extra.asked.of,))
    return (Either(tuple(When(step, choices) for step in steps)),)


def _number_check(extra: Extra) -> Callable[[str], Line | None] | None:
    return partial(_unfit, extra.limits) if extra.limits else None


def _unfit(limits: tuple[int, int], text: str) -> Line | None:
    low, high = limits
    fits = text.isdecimal() and low <= int(text) <= high  # digits of any script
    return None if fits else Line("survey.extra.number.unfit")
