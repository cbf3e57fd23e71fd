"""Typing a number or a label is a tap: what was typed, read beside the screen it answers."""

from collections.abc import Sequence

from flows.engine.clean_text import tidy
from flows.engine.conversation import Conversation
from flows.engine.events import PersonEvent, Tapped, Typed
from flows.engine.form import Form, Line
from flows.engine.say import Words
from flows.engine.screen import Button, numbers, screen


def hear(form: Form, conversation: Conversation, event: PersonEvent, words: Words) -> PersonEvent:
    """A `Typed` that names a button of the present screen, or of what follows an ending, as that
    tap; anything else as it is."""
    if not isinstance(event, Typed):
        return event
    shown = screen(form, conversation)
    said = _plain(tidy(event.text))
    button = _by_label(said, (*shown.choices, *shown.moves), words)
    if button is None and said.isdecimal() and len(said) <= 2:
        button = numbers(shown).get(int(said))  # of any script's digits
    if button is None:
        return event
    return Tapped(event.id, event.at, conversation.id, button.step, button.choice)


def _by_label(said: str, buttons: Sequence[Button], words: Words) -> Button | None:
    return next((b for b in buttons if said and said in _names(b.label, words)), None)


def _names(label: Line, words: Words) -> set[str]:
    inner = label.params.get("label")
    names = [label, *([inner] if isinstance(inner, Line) else [])]
    return {_plain(words.line(name)) for name in names}


def _plain(text: str) -> str:
    return " ".join(text.casefold().strip(" .,!)‹›").split())
