"""A dialogue that is typed at a keyboard, and whose screens are the boxes that are printed."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

from bot.channels.telegram.links import of_link
from bot.channels.telegram.updates import Update
from bot.channels.terminal.channel import ADDRESS, Terminal
from bot.channels.terminal.links import LINKS
from bot.core.channel import Content
from bot.core.written import tapped
from flows.engine.say import Message as Said
from tests.support.dialogue import Dialogue, Phone

# What nobody can do at a keyboard.
CANNOT = {
    "second person": re.compile(r"^[>@] .*^@ ", re.MULTILINE | re.DOTALL),
    "button of an older message": re.compile(r'^> \[.+\] on "', re.MULTILINE),
    "photo, place or file": re.compile(r"^> \((?!\d+ ×)", re.MULTILINE),
    "event that comes again": re.compile(r"^~ the (same )?update", re.MULTILINE),
    "message that is pushed": re.compile(r"^~ (the post|told: )", re.MULTILINE),
}


def cannot(script: str) -> str:
    """Why a dialogue cannot be had at a keyboard; "" for one that can."""
    return next((why for why, found in CANNOT.items() if found.search(script)), "")


class Noting(Terminal):
    """Keeps what it shows."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.shown: list[tuple[Said, str]] = []

    async def render(self, address: str, content: Content, conversation: str) -> None:
        await super().render(address, content, conversation)
        assert isinstance(content, Said)
        self.shown.append((content, conversation))


@dataclass(kw_only=True)
class DialogueAtTheTerminal(Dialogue):
    terminal: Noting
    loop: asyncio.AbstractEventLoop
    clock: Any
    lines: list[str] = field(default_factory=list)

    def _address(self, phone: Phone) -> str:
        return ADDRESS

    def _answer(self, update: Update) -> tuple[Said, str]:
        self.clock.at, before = self.now, len(self.terminal.shown)
        work = self.terminal.type(self._typed(update))
        asyncio.run_coroutine_threadsafe(work, self.loop).result()
        came = self.terminal.shown[before:]
        return came[-1] if came else (Said("", ()), "")

    def _typed(self, update: Update) -> str:
        if query := update.callback_query:
            tap = tapped("", 0, query.data)
            buttons = self.terminal._buttons.values()
            return next(b.text for b in buttons if (b.step, b.choice) == (tap.step, tap.choice))
        assert update.message is not None
        text = update.message.text or ""
        payload = of_link(text)
        return text if payload is None else LINKS.base + payload
