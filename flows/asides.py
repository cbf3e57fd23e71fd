"""The steps that every form has and that nobody comes to by answering: language, large print,
"change which", "continue or start". They are reached by `revisit` alone."""

from collections.abc import Collection
from dataclasses import replace

from flows.engine.conversation import Conversation
from flows.engine.form import Choice, Form, Line, Step, asking, literal
from flows.engine.language_tag import LARGE, USUAL
from flows.engine.screen import progress
from flows.loader import LANGUAGES


def _go_on(form: Form, conversation: Conversation) -> Line:
    """A survey is named, and where it stands."""
    here = conversation.but(revisit="")
    step = asking(form, here)
    place = progress(form, here, step) if step else None
    name = conversation.about.get("unit_name")
    if name is None or conversation.form != "survey":
        return Line("resume.continue")
    if place is None:
        return Line("resume.continue.survey", {"unit_name": name})
    return Line("resume.continue.at", {"unit_name": name, "place": place[0], "of": place[1]})


def speaking(form: Form, offered: Collection[str]) -> Form:
    """The form with buttons for these languages alone, of those that the whole survey is in."""
    gone = LANGUAGES.keys() - offered
    return replace(form, steps=tuple(_speaking(step, gone) for step in form.steps))


def _speaking(step: Step, gone: Collection[str]) -> Step:
    choices = tuple(c for c in step.choices if c.id not in gone or not _names_language(c))
    also = tuple(each for each in step.also if each[0] != "language" or each[1] not in gone)
    return replace(step, choices=choices, also=also)


def _names_language(choice: Choice) -> bool:
    return choice.label == literal(LANGUAGES.get(choice.id, ""))


ASIDES = (
    Step(
        "language",
        Line("language"),
        tuple(Choice(code, literal(name), "language") for code, name in LANGUAGES.items()),
        aside=True,
    ),
    Step(
        "display",
        Line("display"),
        tuple(Choice(way, Line(f"display.{way}"), "language") for way in (LARGE, USUAL)),
        aside=True,
    ),
    Step(
        "change",
        Line("change"),
        (Choice("stay", Line("move.back"), "stay"),),
        lists=True,
        aside=True,
    ),
    Step(
        "resume",
        Line("resume"),
        (Choice("stay", Line("resume.continue"), "stay", says=_go_on),),
        offers=True,
        aside=True,
    ),
)
