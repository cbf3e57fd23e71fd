"""A channel is a port: events in, contents out, and what it can as data.

An adapter (`bot.channels`) reads its platform's bytes into `Heard`s, renders contents and raises
the faults below. Everything else is `bot.core.sending.delivery`. What is known of a channel before
it is opened is a `Platform` (`bot.channels.registry` lists them).
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, TypeVar

from bot.core.links import Links
from bot.core.setting import Part
from flows.engine.capabilities import Capabilities
from flows.engine.events import PersonEvent
from flows.engine.say import Label, Message
from flows.survey.source import OWN

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from bot.core.sending.delivery import Delivery, Later
    from bot.core.turns.turn_worker import Turns
    from bot.core.watch.hearing import Hearing


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

    png: bytes
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


@dataclass(frozen=True, slots=True)
class Finding:
    """What `skm doctor` says of one thing."""

    is_right: bool
    says: str


Work = Callable[[], Coroutine[Any, Any, None]]


async def _nothing() -> None:
    pass


async def _until_cancelled() -> None:
    await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class Opened:
    """A channel at work. Of `hear` (takes what people send) and `only_send` (for a process that
    hears nobody) one runs until it is cancelled; `begin` is run once, beside them. `routes` are
    what it has in the web, such as a webhook (`bot.web.webhook`). `hearing` says whether its
    platform is reached; None where there is nothing to reach."""

    delivery: "Delivery"
    hear: Work = _until_cancelled
    only_send: Work = _until_cancelled
    begin: Work = _nothing
    close: Work = _nothing
    routes: "tuple[BaseRoute, ...]" = ()
    hearing: "Hearing | None" = None


Own = TypeVar("Own", bound=Part)


class Platform(ABC, Generic[Own]):
    """What is known of a channel before it is opened. `name` is the first part of its addresses,
    `settings` its own variables; `public_url`: where the web is reached from outside, if it is."""

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    settings: ClassVar[type[Part]]

    def __init__(self, own: Own, public_url: str) -> None:
        self.own, self.public_url = own, public_url

    @property
    @abstractmethod
    def links(self) -> Links: ...

    def source(self, address: str) -> str:
        """What answers from this address are (`storage.tables.Response.source`): OWN where the
        platform knows who somebody is, so that one person has one voice."""
        return OWN

    @property
    def clock(self) -> str:
        """An address whose answers say what time it is (`bot.core.watch.clock_check`); "": none."""
        return ""

    def check(self) -> None:
        """What can be said in two seconds, before it is opened. Raises ChannelRefused where it will
        not let us in; a platform that is away is no fault."""

    @abstractmethod
    def findings(self, is_running: bool) -> Iterator[Finding]:
        """For `skm doctor`: of its settings, and of what the platform answers. `is_running`:
        whether a process takes what it brings."""

    @abstractmethod
    def open(self, turns: "Turns", later: "Later", clock: Callable[[], int]) -> Opened: ...
