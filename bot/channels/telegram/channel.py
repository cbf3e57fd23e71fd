"""Telegram: updates in, the event kept, the screen out.

`take` returns when the event is committed; only then may a webhook answer 200 or a poll offset
move. Sends follow, in order for each chat: first the screen, then the callback is answered. A
screen that fails for now becomes an outbox row and is rendered when it is sent; to a chat of which
Telegram said "retry after" nothing is sent until then.

A table has to be fetched and read before its event can be kept. Nobody else's updates wait for
that: its update counts as taken at once, and where skm is stopped before the answer, the chat is
asked to send the table again.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from bot.channels.telegram.bodies import edit, keyboard, new
from bot.channels.telegram.updates import Heard, Unread, Update, decode_update, read
from bot.channels.telegram.wire import BadRequest, Fault, Forbidden, RetryAfter, Wire
from bot.core import sent_tables
from bot.core.channel import (
    Blocked,
    CommandList,
    Content,
    Document,
    Picture,
    SendLater,
    SendNever,
    SentBefore,
)
from bot.core.job import NotKept, Unkeepable
from bot.core.turn import DEFAULT_LANGUAGE
from bot.core.turn_worker import Turns
from flows.engine.clean_text import tidy
from flows.engine.events import Attached
from flows.engine.form import Line
from flows.engine.say import Message, say
from flows.engine.screen import Screen
from flows.loader import words

SOON = 5  # seconds until a send that failed for no stated time is tried again
REFUSALS = 5  # after so many an event is passed over: it would block whatever comes behind it
UNFETCHED = Screen("", DEFAULT_LANGUAGE, (), (Line("attach.unfetched"),))
SORRY = Screen("", DEFAULT_LANGUAGE, (), (Line("fault"),))

# Keeps a screen for later: (address, screen, event id, seconds from now).
Later = Callable[[str, Screen, str, int], Awaitable[None]]

log = logging.getLogger(__name__)


class Telegram:
    """One bot, `bot` its number. `clock` gives Unix seconds."""

    def __init__(
        self, wire: Wire, turns: Turns, later: Later, clock: Callable[[], int], bot: str = ""
    ) -> None:
        self.wire = wire
        self._turns = turns
        self._later = later
        self._clock = clock
        self._bot = bot
        self._begun: set[asyncio.Task[None]] = set()
        self._tails: dict[int, asyncio.Task[None]] = {}  # the last begun in each chat
        self._tables = sent_tables.Queue()
        self._quiet: dict[int, int] = {}  # until when a chat is left alone, after a 429
        self._refusals: Counter[str] = Counter()  # by event

    async def receive(self, raw: bytes) -> None:
        """An update as it came; one that cannot be read is passed over. Raises NotKept."""
        try:
            update = decode_update(raw)
        except Unread as fault:
            log.warning("%s", fault)
            return
        await self.take(update)

    async def take(self, update: Update) -> None:
        """Returns once the event is committed. Raises NotKept if it could not be."""
        heard = read(update, self._clock(), self._bot)
        if heard is None:
            return
        heard, screen = await self._keep(heard)
        begun = self._bring(heard) if screen.fetch else self._answer(heard, screen)
        task = asyncio.create_task(begun)
        self._begun.add(task)
        task.add_done_callback(lambda done: self._forget(heard.chat, done))

    async def send(self, address: str, content: Content, conversation: str) -> None:
        """Raises SendLater, SendNever."""
        chat = int(address.partition(":")[2])
        with self._faults(chat):
            if isinstance(content, Picture):
                rows = keyboard(content, conversation)
                await self.wire.send_photo(chat, content.png, content.caption, rows)
            elif isinstance(content, Document):
                await self.wire.send_document(chat, content.name, content.content, content.caption)
            elif isinstance(content, SentBefore):
                await self.wire.call(*_sent_again(chat, content))
            elif isinstance(content, CommandList):
                await self.wire.call(*_offered(chat, content))
            else:
                await self.wire.call("sendMessage", new(chat, content, conversation))

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
        event = heard.event.id
        try:
            screen = await self._turns.do(heard.address, heard.event)
        except Unkeepable:
            self._refusals[event] += 1
            if self._refusals[event] < REFUSALS:
                raise
            log.error("update %s is passed over: it was refused %d times", event, REFUSALS)
            heard, screen = replace(heard, message=0), SORRY
        self._refusals.pop(event, None)
        return heard, screen

    async def _bring(self, heard: Heard) -> None:
        """The event once more, with its table, and the answer to that."""
        event = heard.event
        assert isinstance(event, Attached), "nothing else is fetched"
        try:
            async with self._tables.turn(heard.address):
                content = await self.wire.download(event.file)
                table = await sent_tables.read(tidy(event.name), content)
            screen = await self._turns.do(heard.address, replace(event, table=table))
        except (Fault, NotKept) as fault:
            log.warning("a table cannot be taken: %s", fault)
            screen = UNFETCHED
        except asyncio.CancelledError:
            await self._put_off(heard, UNFETCHED, 0)
            raise
        await self._answer(heard, screen)

    async def _answer(self, heard: Heard, screen: Screen) -> None:
        before, task = self._tails.get(heard.chat), asyncio.current_task()
        assert task is not None
        self._tails[heard.chat] = task
        try:
            if before is not None:
                await asyncio.wait([before])
            await self._show(heard, screen, say(screen, words(screen.language)))
        except SendLater as fault:
            await self._put_off(heard, screen, fault.seconds)
        except SendNever as fault:
            log.warning("a screen cannot be sent: %s", fault)
        except asyncio.CancelledError:
            await self._put_off(heard, screen, 0)
            raise
        finally:
            if heard.callback:
                await self._close(heard.callback)

    async def _put_off(self, heard: Heard, screen: Screen, seconds: int) -> None:
        await self._later(heard.address, screen, heard.event.id, seconds)

    async def _show(self, heard: Heard, screen: Screen, message: Message) -> None:
        """Raises SendLater, SendNever."""
        with self._faults(heard.chat):
            # A sentence is no conversation's screen: it takes no other message's place.
            if heard.message and screen.conversation and not screen.anew:
                try:
                    fields = edit(heard, message, screen.conversation)
                    await self.wire.call("editMessageText", fields)
                    return
                except BadRequest as fault:
                    if "not modified" in str(fault):
                        return
                    log.info("not editable, so a new message is sent: %s", fault)
            await self.wire.call("sendMessage", new(heard.chat, message, screen.conversation))

    async def _close(self, callback: str) -> None:
        """Answer the callback, so that the button stops waiting. Late ones fail; no harm done."""
        try:
            await self.wire.call("answerCallbackQuery", {"callback_query_id": callback})
        except Fault as fault:
            log.info("a callback was not answered: %s", fault)

    @contextmanager
    def _faults(self, chat: int) -> Iterator[None]:
        """Tells passing faults from permanent ones, and obeys "retry after" from then on."""
        wait = self._quiet.get(chat, 0) - self._clock()
        if wait > 0:
            raise SendLater(wait, "429")
        self._quiet.pop(chat, None)
        try:
            yield
        except RetryAfter as fault:
            self._quiet[chat] = self._clock() + fault.seconds
            raise SendLater(fault.seconds, "429") from None
        except Forbidden as fault:
            raise Blocked(str(fault)) from None
        except BadRequest as fault:
            raise SendNever(str(fault)) from None
        except Fault as fault:
            raise SendLater(SOON, str(fault)) from None

    def _forget(self, chat: int, done: "asyncio.Task[None]") -> None:
        self._begun.discard(done)
        if self._tails.get(chat) is done:
            del self._tails[chat]
        if not done.cancelled() and (fault := done.exception()):
            log.error("an answer could not be sent: %s", type(fault).__name__)


def _sent_again(chat: int, content: SentBefore) -> tuple[str, dict[str, Any]]:
    fields = {"chat_id": chat, content.kind: content.file, "caption": content.caption}
    return f"send{content.kind.capitalize()}", fields


def _offered(chat: int, content: CommandList) -> tuple[str, dict[str, Any]]:
    scope = {"scope": {"type": "chat", "chat_id": chat}}
    if not content.commands:
        return "deleteMyCommands", scope
    return "setMyCommands", {"commands": named(content.commands), **scope}


def named(commands: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"command": name, "description": does} for name, does in commands]
