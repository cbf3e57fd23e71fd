"""Delivery, the same on every channel: the event kept, the screen out.

`hear` returns when the event is committed; only then may a webhook answer 200 or a poll offset
move. Sends follow, in order for each address: first the screen, then the tap is acknowledged. A
screen that fails for now becomes an outbox row and is rendered when it is sent; to an address of
which the platform said "retry after" nothing is sent until then.

A table has to be fetched and read before its event can be kept. Nobody else's events wait for
that: its event counts as taken at once, and where skm is stopped before the answer, the chat is
asked to send the table again.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from bot.core.channel import (
    CommandList,
    Content,
    Document,
    Heard,
    Knock,
    NotEditable,
    Picture,
    Quiet,
    SendLater,
    SendNever,
    SentBefore,
)
from bot.core.turns import sent_pictures, sent_tables
from bot.core.turns.job import NotKept, Unkeepable
from bot.core.turns.turn import DEFAULT_LANGUAGE
from bot.core.turns.turn_worker import Turns
from bot.core.watch import metrics
from flows.engine.capabilities import Capabilities, fit, fits, head
from flows.engine.clean_text import tidy
from flows.engine.events import Attached, PersonEvent
from flows.engine.form import Line
from flows.engine.input_parsing import brought
from flows.engine.say import Label, Message, say
from flows.engine.screen import Screen
from flows.loader import words

REFUSALS = 5  # after so many an event is passed over: it would block whatever comes behind it
UNFETCHED = Screen("", DEFAULT_LANGUAGE, (), (Line("attach.unfetched"),))
NOT_BROUGHT = Screen("", DEFAULT_LANGUAGE, (), (Line("attach.unfetched.photo"),))
SORRY = Screen("", DEFAULT_LANGUAGE, (), (Line("fault"),))

# Keeps a screen for later: (address, screen, event id, seconds from now).
Later = Callable[[str, Screen, str, int], Awaitable[None]]

log = logging.getLogger(__name__)


class Delivery(ABC):
    """An adapter is a subclass: it renders, does whichever of `edit`, `acknowledge` and `fetch` its
    platform has, and calls `hear` with what it has read. `clock` gives Unix seconds."""

    capabilities: Capabilities

    def __init__(self, turns: Turns, later: Later, clock: Callable[[], int]) -> None:
        self._turns = turns
        self._later = later
        self._clock = clock
        self._begun: set[asyncio.Task[None]] = set()
        self._tails: dict[str, asyncio.Task[None]] = {}  # the last begun for each address
        self._tables = sent_tables.Queue()
        self._quiet: dict[str, int] = {}  # until when an address is left alone
        self._refusals: Counter[str] = Counter()  # by event

    @abstractmethod
    async def render(self, address: str, content: Content, conversation: str) -> None:
        """Send something new. Raises SendLater, SendNever."""

    async def edit(self, heard: Heard, message: Message, conversation: str) -> None:
        """Show it in place of `heard.message`, on a channel that `edits`. Raises NotEditable,
        SendLater, SendNever."""
        raise NotEditable("what was sent stays")

    async def acknowledge(self, tap: str) -> None:  # noqa: B027
        """So that the button stops waiting. A late one may fail; no harm done. Raises nothing."""

    async def fetch(self, file: str) -> bytes:
        """The content of a file that somebody sent, by the platform's id. Raises SendLater,
        SendNever."""
        raise SendNever("nobody sends files here")

    async def hear(self, heard: Heard) -> "asyncio.Task[None]":
        """Returns once the event is committed: the answer, which is under way. Raises NotKept if it
        could not be."""
        heard, screen = await self._keep(heard)
        begun = self._bring(heard, screen) if screen.fetch else self._answer(heard, screen)
        task = asyncio.create_task(begun)
        self._begun.add(task)
        task.add_done_callback(lambda done: self._forget(heard.address, done))
        return task

    async def send(self, address: str, content: Content, conversation: str) -> None:
        """Raises SendLater, SendNever."""
        with self._patience(address):
            for part in _fitted(self.capabilities, content):
                await self.render(address, part, conversation)

    async def drain(self, seconds: float) -> None:
        """Wait until what was begun is sent. What takes longer than that is kept for later."""
        if not self._begun:
            return
        _, slow = await asyncio.wait(self._begun, timeout=seconds)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    async def _keep(self, heard: Heard) -> tuple[Heard, Screen]:
        """The screen to show, and how. An event refused too often is passed over, and its person
        told so in a new message: what was asked stays to be answered. Raises NotKept."""
        event, channel = heard.event.id, channel_of(heard.address)
        try:
            screen = await self._turns.do(heard.address, heard.event)
        except Unkeepable:
            self._refusals[event] += 1
            if self._refusals[event] < REFUSALS:
                metrics.update(channel, "refused").inc()
                raise
            log.error("event %s is passed over: it was refused %d times", event, REFUSALS)
            metrics.update(channel, "passed_over").inc()
            heard, screen = replace(heard, message=""), SORRY
        except NotKept:
            metrics.update(channel, "refused").inc()
            raise
        else:
            metrics.update(channel, "kept").inc()
        self._refusals.pop(event, None)
        return heard, screen

    async def _bring(self, heard: Heard, waits: Screen) -> None:
        """The event once more, with its table or picture, and the answer to that."""
        away = UNFETCHED if isinstance(heard.event, Attached) else NOT_BROUGHT
        try:
            async with self._tables.turn(heard.address):
                read = await read_sent(heard.event, waits, await self.fetch(waits.fetch))
            screen = await self._turns.do(heard.address, read)
        except (SendLater, SendNever, NotKept) as fault:
            log.warning("a file cannot be taken: %s", fault)
            screen = away
        except asyncio.CancelledError:
            await self._put_off(heard, away, 0)
            raise
        await self._answer(heard, screen)

    async def _answer(self, heard: Heard, screen: Screen) -> None:
        before, task = self._tails.get(heard.address), asyncio.current_task()
        assert task is not None
        self._tails[heard.address] = task
        try:
            if before is not None:
                await asyncio.wait([before])
            await self._show(heard, screen)
        except SendLater as fault:
            await self._put_off(heard, screen, fault.seconds)
        except SendNever as fault:
            log.warning("a screen cannot be sent: %s", fault)
        except asyncio.CancelledError:
            await self._put_off(heard, screen, 0)
            raise
        finally:
            if heard.tap:
                await self.acknowledge(heard.tap)

    async def _put_off(self, heard: Heard, screen: Screen, seconds: int) -> None:
        await self._later(heard.address, screen, heard.event.id, seconds)

    async def _show(self, heard: Heard, screen: Screen) -> None:
        """Raises SendLater, SendNever."""
        if not (screen.notes or screen.body):
            return
        said = say(screen, words(screen.language), self.capabilities)
        parts = _fitted(self.capabilities, said)
        # A sentence is no conversation's screen: it takes no other message's place.
        in_place = heard.message and screen.conversation and not screen.anew
        message = parts[0] if len(parts) == 1 else None
        with self._patience(heard.address):
            if in_place and isinstance(message, Message) and self.capabilities.edits:
                try:
                    await self.edit(heard, message, screen.conversation)
                    return
                except NotEditable as fault:
                    log.info("not editable, so a new message is sent: %s", fault)
            for part in parts:
                await self.render(heard.address, part, screen.conversation)

    @contextmanager
    def _patience(self, address: str) -> Iterator[None]:
        """Nothing is sent to an address that is to be left alone. Raises SendLater."""
        wait = self._quiet.get(address, 0) - self._clock()
        if wait > 0:
            raise SendLater(wait, "429")
        self._quiet.pop(address, None)
        try:
            with metrics.sending(channel_of(address)):
                yield
        except Quiet as fault:
            self._quiet[address] = self._clock() + fault.seconds
            raise

    def _forget(self, address: str, done: "asyncio.Task[None]") -> None:
        self._begun.discard(done)
        if self._tails.get(address) is done:
            del self._tails[address]
        if not done.cancelled() and (fault := done.exception()):
            log.error("an answer could not be sent: %s", type(fault).__name__)


async def read_sent(event: PersonEvent, waits: Screen, content: bytes) -> Attached:
    """The event with what was brought for it, read as what it is to be."""
    if waits.brings == "table":
        assert isinstance(event, Attached), "nothing else is a table"
        table = await sent_tables.read(tidy(event.name), content)
    else:
        table = await sent_pictures.read(content, waits.brings)
    return brought(event, waits.fetch, table)


def channel_of(address: str) -> str:
    return address.partition(":")[0]


def _fitted(can: Capabilities, content: Content) -> list[Content]:
    """What the channel carries: words in place of what it has not, and not too many or too long.
    Raises SendNever for what has no words."""
    if isinstance(content, CommandList):
        if not can.menu:
            raise SendNever("this channel has no list of commands")
        return [content]
    if isinstance(content, Knock):
        if not can.knocks:
            raise SendNever("this channel has nothing to knock with")
        return [content]
    if isinstance(content, (Document, SentBefore)) and can.files:
        return [replace(content, caption=fit(content.caption, can.caption))]
    if isinstance(content, Picture) and can.pictures:
        rows = tuple(_rows(can, content.rows))
        return [replace(content, caption=fit(content.caption, can.caption), rows=rows)]
    text = content.text if isinstance(content, Message) else content.caption
    rows = () if isinstance(content, (Document, SentBefore)) else tuple(_rows(can, content.rows))
    *before, last = _parts(text, min(can.text, can.asking) if rows else can.text)
    if isinstance(content, Message) and not before:
        return [replace(content, rows=rows)]
    opens = content.opens if isinstance(content, (Message, Picture)) else ""
    return [*(Message(part, ()) for part in before), Message(last, rows, opens=opens)]


def _rows(can: Capabilities, rows: Iterable[tuple[Label, ...]]) -> Iterator[tuple[Label, ...]]:
    left = can.buttons
    for row in rows:
        for at in range(0, len(row), can.row):
            part = row[at : at + can.row][:left]
            left -= len(part)
            if part:
                yield tuple(_label(can, each) for each in part)


def _label(can: Capabilities, label: Label) -> Label:
    """As it is, mostly: each tap has some ten."""
    text = fit(label.text, can.label)
    return label if text is label.text else replace(label, text=text)


def _parts(text: str, most: int) -> list[str]:
    """A long text in pieces: between lines where it can be, or else between words."""
    parts = []
    while not fits(text, most):
        begins = head(text, most)
        at = max(begins.rfind("\n"), 0) or max(begins.rfind(" "), 0) or len(begins)
        parts.append(begins[:at])
        text = text[at:].lstrip()
    return [*parts, text]
