"""A channel before it is opened: what is known of it (`bot.channels.registry` lists them), and what
opens it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from bot.core.links import Links
from bot.core.setting import Part
from flows.engine.capabilities import Capabilities
from flows.survey.source import OWN

if TYPE_CHECKING:
    from urllib.request import Request

    from starlette.routing import BaseRoute

    from bot.core.sending.delivery import Delivery, Later
    from bot.core.turns.turn_worker import Turns
    from bot.core.watch.hearing import Hearing


@dataclass(frozen=True, slots=True)
class Finding:
    """What `skm doctor` says of one thing."""

    is_right: bool
    says: str


SOON = 2  # seconds in which it is said that a platform will not let us in
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


def is_refused(asked: "Request", *codes: int) -> bool:
    """Whether a platform answers with one of these codes; not where it is away. By the standard
    library alone: the others take their time."""
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import urlopen

    try:
        urlopen(asked, timeout=SOON).close()  # noqa: S310
    except HTTPError as fault:
        fault.close()
        return fault.code in codes
    except (OSError, HTTPException, ValueError):
        pass
    return False


Own = TypeVar("Own", bound=Part)


class Platform(ABC, Generic[Own]):
    """What is known of a channel before it is opened. `channel` is the first part of its addresses,
    `settings` its own variables; `public_url`: where the web is reached from outside, if it is."""

    channel: ClassVar[str]
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
