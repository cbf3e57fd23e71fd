"""The terminal as a channel: one person at the keyboard, messages in boxes, buttons by number."""

import asyncio
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from threading import Thread

from bot.channels.terminal.links import CAPABILITIES, CHANNEL, START
from bot.core.channel import Content, Heard, SendNever
from bot.core.sending.delivery import Delivery, Later
from bot.core.turns.turn_worker import Turns
from bot.core.written import written
from flows.engine.events import PersonEvent, Tapped
from flows.engine.say import Label, Message
from storage.chat import conversations

ADDRESS = f"{CHANNEL}:1"
WIDTH, NARROW = 80, 30

Write = Callable[[list[str]], None]


class Terminal(Delivery):
    """`write` is given the lines of each message; call `turns.start` before."""

    capabilities = CAPABILITIES

    def __init__(self, turns: Turns, later: Later, clock: Callable[[], int], write: Write) -> None:
        super().__init__(turns, later, clock)
        self._write = write
        self._buttons: dict[int, Label] = {}  # of the last message that asks something
        self._conversation = ""
        self._typed = 0

    async def type(self, text: str) -> None:
        """Take what was typed, and show the answer; a button's number or its words are a tap."""
        self._typed += 1
        await (await self.hear(Heard(ADDRESS, self._event(text))))

    async def render(self, address: str, content: Content, conversation: str) -> None:
        if address != ADDRESS or not isinstance(content, Message):
            raise SendNever("nobody there, or nothing that a terminal shows")
        self._buttons, self._conversation = _numbered(content), conversation
        labels = {number: label.text for number, label in self._buttons.items()}
        self._write(boxed(content.text, labels, width()))

    @property
    def ended(self) -> bool:
        """Whether nothing is being asked any more."""
        with self._turns.engine.connect() as connection:
            kept = conversations.load(connection, [ADDRESS])[ADDRESS]
        return not any(each.conversation.is_open for each in kept)

    def _event(self, text: str) -> PersonEvent:
        now, said = self._clock(), text.strip().casefold()
        id = f"{now}:{self._typed}"  # another process at this keyboard counts anew
        for number, label in self._buttons.items():
            if said in (str(number), label.text.casefold()):
                return Tapped(id, now, self._conversation, label.step, label.choice)
        return written(id, now, text)


def print_lines(lines: list[str]) -> None:
    sys.stdout.write("\n".join((*lines, "")))
    sys.stdout.flush()


async def hear_keyboard(terminal: Terminal) -> None:
    """Until cancelled, also where the keyboard has ended."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str]()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line.rstrip("\n"))

    # A thread that is waiting for a key holds up no stop.
    Thread(target=read, name="keyboard", daemon=True).start()
    await terminal.type(START)
    while True:
        await terminal.type(await lines.get())


def width() -> int:
    return max(NARROW, min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns))


def _numbered(message: Message) -> dict[int, Label]:
    """Buttons by number, in the order shown: the official one, or else the next that is free."""
    labels = [label for row in message.rows for label in row]
    free = max((label.number for label in labels), default=0)
    numbered: dict[int, Label] = {}
    for label in labels:
        number = label.number
        if not number:
            number = free = free + 1
        numbered[number] = label
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
