"""A channel is a port: events in, contents out, and what it can as data.

An adapter (`bot.channels`) reads its platform's bytes into `Heard`s, renders contents and raises
the faults below. Everything else is `bot.core.sending.delivery`. What is known of a channel before
it is opened is a `bot.core.platform.Platform`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from flows.engine.capabilities import Capabilities
from flows.engine.events import PersonEvent
from flows.engine.say import Label, Message


class SendLater(Exception):
    """A passing fault: try again after `seconds`."""

    def __init__(self, seconds: int, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Quiet(SendLater):
    """… and leave this address alone until then: the platform said so."""


class OutsideWindow(SendLater):
    """This person wrote too long ago: until they write again only a `Knock` reaches them."""

    def __init__(self) -> None:
        super().__init__(86_400, "the window is closed")


class SendNever(Exception):
    """A permanent fault: this chat is not reached by trying again."""


class Blocked(SendNever):
    """This chat has shut us out, or is gone."""


class ChannelRefused(Exception):
    """The platform does not let us in; the message names the setting and the cure."""


class NotEditable(Exception):
    """The message is gone, or cannot be changed any more."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An event with what its answer needs, in the platform's words: the `message` to edit ("": send
    a new one), the `tap` that waits for an acknowledgement ("": none)."""

    address: str
    event: PersonEvent
    message: str = ""
    tap: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """`opens`: as of a `Message`."""

    jpeg: bytes
    caption: str
    rows: tuple[tuple[Label, ...], ...] = ()
    opens: str = ""


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
class WithPhotos:
    """A document in which photos stand that were sent before: `made` of them, by the platform's
    ids. What cannot be fetched is not among them."""

    files: tuple[str, ...]
    made: Callable[[Mapping[str, bytes]], Document]


@dataclass(frozen=True, slots=True)
class CommandList:
    """What a chat's menu button offers: commands and what they do. Empty: as everybody's."""

    commands: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Knock:
    """Says that something waits, and asks to write: on a channel with a `window`."""


Content = Message | Picture | Document | SentBefore | CommandList | Knock


class Sender(Protocol):
    """What the post needs of a channel."""

    @property
    def capabilities(self) -> Capabilities: ...

    async def send(self, address: str, content: Content, conversation: str) -> None:
        """Raises SendLater, SendNever."""

    async def fetch(self, file: str) -> bytes:
        """The content of a file that somebody sent, by the platform's id. Raises SendLater,
        SendNever."""
