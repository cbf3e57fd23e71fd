"""Whoever cannot tap can type: every button of a screen is chosen by its words, or by a number."""

from collections.abc import Iterator

from sqlalchemy import Engine

from bot.core.turns.turn_context import Forms
from flows.engine.capabilities import OPENS
from flows.engine.conversation import Conversation
from flows.engine.events import Tapped, Typed
from flows.engine.form import Button, Form
from flows.engine.hear import hear
from flows.engine.screen import Screen
from flows.loader import words
from storage.chat import conversations


def untyped(form: Form, now: Conversation, shown: Screen) -> Iterator[str]:
    """The labels of buttons that no text would choose. Moves have no number. Buttons that
    belong to no conversation are not answered by typing: nothing is kept of what they open.
    """
    spoken = words(shown.language)
    for place, button in enumerate((*shown.choices, *shown.moves), 1):
        if button.step == OPENS:
            continue
        label = spoken.line(button.label)
        number = str(button.label.params.get("number", place))
        said = (label, number) if button in shown.choices else (label,)
        if not any(_means(form, now, text, button) for text in said):
            yield label


def _means(form: Form, now: Conversation, text: str, button: Button) -> bool:
    heard = hear(form, now, Typed("99", 99, text), words(now.language))
    return heard == Tapped("99", 99, now.id, button.step, button.choice)


def check(engine: Engine, forms: Forms, address: str, shown: Screen) -> None:
    """That what was just shown to a chat can be typed there, where it is what it is asked."""
    with engine.begin() as connection:
        kept = conversations.load(connection, [address])[address]
        if kept and kept[-1].conversation.id == shown.conversation:
            now = kept[-1].conversation
            left = list(untyped(forms.get(connection, now), now, shown))
            assert left == [], f"cannot be typed: {left}"
