"""What a channel promises to whoever sends through it."""

from dataclasses import dataclass
from typing import Literal, Protocol

from flows.engine.say import Label, Message


class SendLater(Exception):
    """A passing fault: try again after `seconds`."""

    def __init__(self, seconds: int, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class SendNever(Exception):
    """A permanent fault: this chat is not reached by trying again."""


class Blocked(SendNever):
    """This chat has shut us out, or is gone."""


@dataclass(frozen=True, slots=True)
class Picture:
    png: bytes
    caption: str
    rows: tuple[tuple[Label, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    content: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class SentBefore:
    """What somebody sent once, by the platform's id of it."""

    kind: Literal["photo", "document"]
    file: str
    caption: str


@dataclass(frozen=True, slots=True)
class CommandList:
    """What a chat's menu button offers: commands and what they do. Empty: as everybody's."""

    commands: tuple[tuple[str, str], ...]


Content = Message | Picture | Document | SentBefore | CommandList


class Channel(Protocol):
    """Sends to one chat. Raises SendLater or SendNever, nothing else for a platform's faults."""

    async def send(self, address: str, content: Content, conversation: str) -> None:
        """`conversation` is what the buttons of a message answer."""
