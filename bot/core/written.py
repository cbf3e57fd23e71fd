"""What somebody wrote, or the data of a button they tapped, as an event: the same on every channel.

A command may begin with a stroke, as in chats where it is offered so.
"""

from collections.abc import Callable
from typing import Literal

from flows.engine.events import Asked, Opened, PersonEvent, Tapped, Typed
from flows.intents import of_command

_ASKED: dict[str, Literal["cancel", "language", "display", "help"]] = {
    "/batal": "cancel",
    "/cancel": "cancel",
    "/bahasa": "language",
    "/language": "language",
    "/tampilan": "display",
    "/display": "display",
    "/bantuan": "help",
    "/help": "help",
}


def _no_link(text: str) -> str | None:
    return None


def written(
    id: str, at: int, text: str, of_link: Callable[[str], str | None] = _no_link
) -> PersonEvent:
    """`of_link`: the payload (`flows.intents`), if one of the channel's links is all it says."""
    if (payload := of_link(text)) is not None:
        return Opened(id, at, payload)
    if not text.startswith("/"):
        return Typed(id, at, text)
    command, _, rest = text.partition(" ")
    command = command.partition("@")[0].lower()
    if command == "/start":
        return Opened(id, at, rest.strip())
    if opening := of_command(text):
        return Opened(id, at, opening)
    if command in _ASKED:
        return Asked(id, at, _ASKED[command])
    return Typed(id, at, text)


def tapped(id: str, at: int, data: str) -> Tapped:
    """`data`: of `flows.engine.capabilities.button_data`, or forged."""
    parts = data.split(":", 2)
    conversation, step, choice = parts if len(parts) == 3 else ("", "", "")
    return Tapped(id, at, conversation, step, choice)
