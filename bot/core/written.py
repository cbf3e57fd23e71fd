"""What somebody wrote, or the data of a button they tapped, as an event: the same on every channel.

A command may begin with a stroke, as in chats where it is offered so.
"""

from collections.abc import Callable

from bot.dialogues import DIALOGUES
from flows.engine.events import Opened, PersonEvent, Tapped, Typed


def _no_link(text: str) -> str | None:
    return None


def written(
    id: str, at: int, text: str, of_link: Callable[[str], str | None] = _no_link
) -> PersonEvent:
    """`of_link`: the payload (`flows.intents`), if it holds one of the channel's links."""
    if (payload := of_link(text)) is not None:
        return Opened(id, at, payload)
    return DIALOGUES.heard(id, at, text) or Typed(id, at, text)


def tapped(id: str, at: int, data: str) -> Tapped:
    """`data`: of `flows.engine.capabilities.button_data`, or forged."""
    parts = data.split(":", 2)
    conversation, step, choice = parts if len(parts) == 3 else ("", "", "")
    return Tapped(id, at, conversation, step, choice)
