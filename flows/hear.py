"""Typing a number or a label is a tap: what was typed, read beside the screen it answers."""

from flows.conversation import Conversation, asking
from flows.events import PersonEvent, Tapped, Typed
from flows.form import Form, Line
from flows.say import Words
from flows.screen import BACK, choices_of, previous


def hear(form: Form, conversation: Conversation, event: PersonEvent, words: Words) -> PersonEvent:
    """A `Typed` that names a choice of the step asked, as that tap; anything else as it is."""
    step = asking(form, conversation)
    if not isinstance(event, Typed) or step is None or not event.text:
        return event
    choices = choices_of(form, conversation, step)
    if previous(form, conversation, step):
        choices = (*choices, BACK)
    said = _plain(event.text)
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 3 else 0
    for place, choice in enumerate(choices, 1):
        by_number = number == place and not step.writes and choice is not BACK
        if by_number or said in _names(choice.label, words):
            return Tapped(event.id, event.at, conversation.id, step.id, choice.id)
    return event


def _names(label: Line, words: Words) -> set[str]:
    inner = label.params.get("label")
    names = [label, *([inner] if isinstance(inner, Line) else [])]
    return {_plain(words.line(name)) for name in names}


def _plain(text: str) -> str:
    return " ".join(text.casefold().strip(" .!‹›").split())
