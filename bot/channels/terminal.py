"""A chat in the terminal: the same turns as on a phone. Messages in boxes, buttons by number."""

import asyncio
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.channels.telegram.updates import Chat as PrivateChat
from bot.channels.telegram.updates import Message as Sent
from bot.channels.telegram.updates import Update, read
from bot.core.turn_worker import Turns
from flows.engine.events import PersonEvent, Tapped
from flows.engine.say import say
from flows.engine.screen import Button, Screen
from flows.loader import words
from storage.chat import conversations

ADDRESS = "terminal:1"


@dataclass(slots=True)
class Chat:
    """One person at the keyboard. `clock` gives Unix seconds; call `turns.start` before."""

    turns: Turns
    clock: Callable[[], int]
    screen: Screen = field(default_factory=lambda: Screen("", "id", (), ()))
    events: int = 0

    def hear(self, text: str) -> None:
        """Take what was typed; a button's number or its words are a tap on it."""
        self.events += 1
        self.screen = asyncio.run(self.turns.do(ADDRESS, self._event(text)))

    def box(self, width: int) -> list[str]:
        """The present screen as lines of at most so many columns."""
        text = say(self.screen, words(self.screen.language)).text
        return boxed(text, self._labels(), width)

    @property
    def ended(self) -> bool:
        """Whether nothing is being asked any more."""
        with self.turns.engine.connect() as connection:
            kept = conversations.load(connection, [ADDRESS])[ADDRESS]
        return not any(each.conversation.is_open for each in kept)

    def _labels(self) -> dict[int, str]:
        spoken = words(self.screen.language)
        return {n: spoken.line(button.label) for n, button in _numbered(self.screen).items()}

    def _event(self, text: str) -> PersonEvent:
        said, shown = text.strip().casefold(), _numbered(self.screen)
        for number, label in self._labels().items():
            if said in (str(number), label.casefold()):
                tap = shown[number]
                return Tapped(
                    str(self.events), self.clock(), self.screen.conversation, tap.step, tap.choice
                )
        sent = Sent(PrivateChat(1, "private"), text=text)
        heard = read(Update(self.events, sent), self.clock())
        assert heard is not None, "a private message is always heard"
        return heard.event


def _numbered(screen: Screen) -> dict[int, Button]:
    """Buttons by number, in the order shown: the official one, or else the next that is free."""
    shown = (*screen.choices, *screen.moves)
    own = [button.label.params.get("number", 0) for button in shown]
    free = max((n for n in own if isinstance(n, int)), default=0)
    numbered: dict[int, Button] = {}
    for number, button in zip(own, shown, strict=True):
        if not isinstance(number, int) or not number:
            number = free = free + 1
        numbered[number] = button
    return numbered


def boxed(text: str, labels: Mapping[int, str], width: int) -> list[str]:
    """A message and its buttons in a box that is open to the right."""
    lines = [line for paragraph in text.split("\n") for line in _wrapped(paragraph, width - 2)]
    lines += _beside([_button(number, label) for number, label in labels.items()], width - 2)
    edges = ["┌", *"│" * (len(lines) - 2), "└"][-len(lines) :]
    return [f"{edge} {line}".rstrip() for edge, line in zip(edges, lines, strict=True)]


def _wrapped(paragraph: str, width: int) -> list[str]:
    return textwrap.wrap(paragraph, width, break_on_hyphens=False) or [""]


def _button(number: int, label: str) -> str:
    return f"[{label}]" if label.startswith(f"{number} ") else f"[{number} {label}]"


def _beside(labels: list[str], width: int) -> Iterator[str]:
    line = ""
    for label in labels:
        if line and len(line) + 2 + len(label) > width:
            yield line
            line = ""
        line += f"{'  ' if line else ''}{label}"
    if line:
        yield line
