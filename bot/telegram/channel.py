"""Telegram: updates in, the event kept, the screen out.

`take` returns when the event is committed; only then may a webhook answer 200 or a poll offset
move. Sends follow, in order for each chat: first the screen, then the callback is answered. A
screen that fails for now becomes an outbox row and is rendered when it is sent; to a chat of which
Telegram said "retry after" nothing is sent until then.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from bot.channel import (
    Blocked,
    CommandList,
    Content,
    Document,
    Picture,
    SendLater,
    SendNever,
    SentBefore,
)
from bot.job import Unkeepable
from bot.telegram.updates import Heard, Unread, Update, button_data, decode_update, read
from bot.telegram.wire import BadRequest, Fault, Forbidden, RetryAfter, Wire
from bot.turn import DEFAULT_LANGUAGE
from bot.turns import Turns
from flows.events import Attached
from flows.files import words
from flows.form import Line
from flows.say import Message, say
from flows.screen import Screen

SOON = 5  # seconds until a send that failed for no stated time is tried again
REFUSALS = 5  # after so many an event is passed over: it would block whatever comes behind it
UNFETCHED = Screen("", DEFAULT_LANGUAGE, (), (Line("attach.unfetched"),))
SORRY = Screen("", DEFAULT_LANGUAGE, (), (Line("fault"),))

# Keeps a screen for later: (address, screen, its words, update id, seconds from now).
Later = Callable[[str, Screen, str, int, int], Awaitable[None]]

log = logging.getLogger(__name__)


class Telegram:
    """One bot. `clock` gives Unix seconds."""

    def __init__(self, wire: Wire, turns: Turns, later: Later, clock: Callable[[], int]) -> None:
        self.wire = wire
        self._turns = turns
        self._later = later
        self._clock = clock
        self._begun: set[asyncio.Task[None]] = set()
        self._tails: dict[int, asyncio.Task[None]] = {}  # the last begun in each chat
        self._quiet: dict[int, int] = {}  # until when a chat is left alone, after a 429
        self._refusals: Counter[int] = Counter()  # by update

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
        heard = read(update, self._clock())
        if heard is None:
            return
        heard, screen = await self._keep(heard)
        task = asyncio.create_task(self._answer(heard, screen, self._tails.get(heard.chat)))
        self._tails[heard.chat] = task
        self._begun.add(task)
        task.add_done_callback(lambda done: self._forget(heard.chat, done))

    async def send(self, address: str, content: Content, conversation: str) -> None:
        """Raises SendLater, SendNever."""
        chat = int(address.partition(":")[2])
        with self._faults(chat):
            if isinstance(content, Picture):
                keyboard = _keyboard(content, conversation)
                await self.wire.send_photo(chat, content.png, content.caption, keyboard)
            elif isinstance(content, Document):
                await self.wire.send_document(chat, content.name, content.content, content.caption)
            elif isinstance(content, SentBefore):
                await self.wire.call(*_sent_again(chat, content))
            elif isinstance(content, CommandList):
                await self.wire.call(*_offered(chat, content))
            else:
                await self.wire.call("sendMessage", _new(chat, content, conversation))

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
        update = heard.event.id
        try:
            screen = await self._turns.do(heard.address, heard.event)
            if screen.fetch and isinstance(heard.event, Attached):
                screen = await self._brought(heard.address, heard.event)
        except Unkeepable:
            self._refusals[update] += 1
            if self._refusals[update] < REFUSALS:
                raise
            log.error("update %d is passed over: it was refused %d times", update, REFUSALS)
            heard, screen = replace(heard, message=0), SORRY
        self._refusals.pop(update, None)
        return heard, screen

    async def _brought(self, address: str, event: Attached) -> Screen:
        """The screen once the content is there too. Raises NotKept."""
        try:
            content = await self.wire.download(event.file)
        except Fault as fault:
            log.warning("a file cannot be fetched: %s", fault)
            return UNFETCHED
        return await self._turns.do(address, replace(event, content=content))

    async def _answer(
        self, heard: Heard, screen: Screen, before: "asyncio.Task[None] | None"
    ) -> None:
        message = say(screen, words(screen.language))
        later = (heard.address, screen, message.text, heard.event.id)
        try:
            if before is not None:
                await asyncio.wait([before])
            await self._show(heard, screen, message)
        except SendLater as fault:
            await self._later(*later, fault.seconds)
        except SendNever as fault:
            log.warning("a screen cannot be sent: %s", fault)
        except asyncio.CancelledError:
            await self._later(*later, 0)
            raise
        finally:
            if heard.callback:
                await self._close(heard.callback)

    async def _show(self, heard: Heard, screen: Screen, message: Message) -> None:
        """Raises SendLater, SendNever."""
        with self._faults(heard.chat):
            # A sentence is no conversation's screen: it takes no other message's place.
            if heard.message and screen.conversation:
                try:
                    edit = _edit(heard, message, screen.conversation)
                    await self.wire.call("editMessageText", edit)
                    return
                except BadRequest as fault:
                    if "not modified" in str(fault):
                        return
                    log.info("not editable, so a new message is sent: %s", fault)
            await self.wire.call("sendMessage", _new(heard.chat, message, screen.conversation))

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


def _edit(heard: Heard, message: Message, conversation: str) -> dict[str, Any]:
    return {
        "chat_id": heard.chat,
        "message_id": heard.message,
        "text": message.text,
        **_keyboard(message, conversation),
    }


def _new(chat: int, message: Message, conversation: str) -> dict[str, Any]:
    return {"chat_id": chat, "text": message.text, **_keyboard(message, conversation)}


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


def _keyboard(message: Message | Picture, conversation: str) -> dict[str, Any]:
    """Nothing for a message without buttons: an edit then takes the former ones away."""
    if not message.rows:
        return {}
    rows = [
        [
            {
                "text": label.text,
                "callback_data": button_data(conversation, label.step, label.choice),
            }
            for label in row
        ]
        for row in message.rows
    ]
    return {"reply_markup": {"inline_keyboard": rows}}
