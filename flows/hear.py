"""Typing a number or a label is a tap: what was typed, read beside the screen it answers."""

from flows.conversation import Conversation, asking
from flows.events import PersonEvent, Tapped, Typed
from flows.form import Choice, Form, Line
from flows.say import Words
from flows.screen import BACK, ENDED, after, choices_of, previous
from flows.tidy import tidy


def hear(form: Form, conversation: Conversation, event: PersonEvent, words: Words) -> PersonEvent:
    """A `Typed` that names a choice of the step asked, or of what follows an ending, as that tap;
    anything else as it is."""
    if not isinstance(event, Typed):
        return event
    step = asking(form, conversation)
    said = _plain(tidy(event.text))
    if step is None:
        choices = after(conversation)
        choice = _by_label(said, choices, words) or _by_number(said, choices)
        return _tap(event, conversation, ENDED, choice)
    choices = choices_of(form, conversation, step)
    back = (BACK,) if not step.aside and previous(form, conversation, step) else ()
    choice = _by_label(said, (*choices, *back), words)
    if choice is None and not step.writes:
        choice = _by_number(said, choices)
    return _tap(event, conversation, step.id, choice)


def _tap(typed: Typed, conversation: Conversation, step: str, choice: Choice | None) -> PersonEvent:
    if choice is None:
        return typed
    return Tapped(typed.id, typed.at, conversation.id, step, choice.id)


def _by_label(said: str, choices: tuple[Choice, ...], words: Words) -> Choice | None:
    return next((c for c in choices if said and said in _names(c.label, words)), None)


def _by_number(said: str, choices: tuple[Choice, ...]) -> Choice | None:
    """By the number that stands on the button; where none has one, by its place.

    Beside numbered answers nothing else has a number: whoever types 5 to praise is not taken to
    mean "tidak berlaku".
    """
    if not said.isdecimal() or len(said) > 2:
        return None
    number = int(said)  # of any script's digits
    numbered = {c.label.params["number"]: c for c in choices if c.label.key == "numbered"}
    return (numbered or dict(enumerate(choices, 1))).get(number)


def _names(label: Line, words: Words) -> set[str]:
    inner = label.params.get("label")
    names = [label, *([inner] if isinstance(inner, Line) else [])]
    return {_plain(words.line(name)) for name in names}


def _plain(text: str) -> str:
    return " ".join(text.casefold().strip(" .,!)‹›").split())
