"""Telegram through aiogram: updates in, the event kept, the screen out.

`take` returns when the event is committed; only then may a webhook answer 200 or a poll offset
move. Sends follow, in order for each chat: first the screen, then the callback is answered. A
screen that fails for now becomes an outbox row and is rendered when it is sent.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import BufferedInputFile

from bot.channel import Picture, SendLater, SendNever
from bot.telegram_session import JsonSession
from bot.telegram_updates import Heard, Update, button_data, decode_update, read
from bot.turns import Turns
from flows.files import words
from flows.say import Message, say
from flows.screen import Screen

SOON = 5  # seconds until a send that failed for no stated time is tried again

# Keeps a screen for later: (address, screen, its words, update id, seconds from now).
Later = Callable[[str, Screen, str, int, int], Awaitable[None]]

log = logging.getLogger(__name__)


class Telegram:
    """One bot. `clock` gives Unix seconds."""

    def __init__(self, bot: Bot, turns: Turns, later: Later, clock: Callable[[], int]) -> None:
        assert isinstance(bot.session, JsonSession)
        self._bot, self._session = bot, bot.session
        self._turns = turns
        self._later = later
        self._clock = clock
        self._tails: dict[int, asyncio.Task[None]] = {}

    async def receive(self, raw: bytes) -> None:
        """An update as it came. Raises NotKept, msgspec.DecodeError."""
        await self.take(decode_update(raw))

    async def take(self, update: Update) -> None:
        """Returns once the event is committed. Raises NotKept if it could not be."""
        heard = read(update, self._clock())
        if heard is None:
            return
        screen = await self._turns.do(heard.address, heard.event)
        before = self._tails.get(heard.chat)
        tail = asyncio.create_task(self._answer(heard, screen, before))
        self._tails[heard.chat] = tail
        tail.add_done_callback(lambda done: self._forget(heard.chat, done))

    async def send(self, address: str, content: Message | Picture, conversation: str) -> None:
        """Raises SendLater, SendNever."""
        chat = int(address.partition(":")[2])
        with _faults():
            if isinstance(content, Picture):
                photo = BufferedInputFile(content.png, "ikm.png")
                await self._bot(SendPhoto(chat_id=chat, photo=photo, caption=content.caption))
            else:
                await self.call(SendMessage, _new(chat, content, conversation))

    async def call(
        self,
        method: type[TelegramMethod[Any]],
        fields: dict[str, Any],
        timeout: float | None = None,
    ) -> msgspec.Raw:
        """One method of the Bot API; its result as raw JSON. Raises aiogram's errors."""
        return await self._session.call(self._bot, method, fields, timeout)

    async def drain(self) -> None:
        """Wait until what was begun is sent."""
        await asyncio.gather(*self._tails.values())

    async def _answer(
        self, heard: Heard, screen: Screen, before: "asyncio.Task[None] | None"
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        message = say(screen, words(screen.language))
        try:
            await self._show(heard, screen, message)
        except SendLater as fault:
            await self._later(heard.address, screen, message.text, heard.event.id, fault.seconds)
        except SendNever as fault:
            log.info("a chat cannot be reached: %s", fault)
        if heard.callback:
            await self._close(heard.callback)

    async def _show(self, heard: Heard, screen: Screen, message: Message) -> None:
        """Raises SendLater, SendNever."""
        with _faults():
            if heard.message:
                try:
                    await self.call(EditMessageText, _edit(heard, message, screen.conversation))
                    return
                except TelegramBadRequest as fault:
                    if "not modified" in fault.message:
                        return
                    log.info("not editable, so a new message is sent: %s", fault.message)
            await self.call(SendMessage, _new(heard.chat, message, screen.conversation))

    async def _close(self, callback: str) -> None:
        """Answer the callback, so that the button stops waiting. Late ones fail; no harm done."""
        try:
            await self.call(AnswerCallbackQuery, {"callback_query_id": callback})
        except TelegramAPIError as fault:
            log.info("a callback was not answered: %s", fault.message)

    def _forget(self, chat: int, done: "asyncio.Task[None]") -> None:
        if self._tails.get(chat) is done:
            del self._tails[chat]
        if not done.cancelled() and (fault := done.exception()):
            log.error("an answer could not be sent: %s", type(fault).__name__)


@contextmanager
def _faults() -> Iterator[None]:
    """Tells passing faults from permanent ones."""
    try:
        yield
    except TelegramRetryAfter as fault:
        raise SendLater(fault.retry_after, "429") from fault
    except (TelegramForbiddenError, TelegramBadRequest) as fault:
        raise SendNever(fault.message) from fault
    except TelegramAPIError as fault:
        raise SendLater(SOON, fault.message) from fault


def _edit(heard: Heard, message: Message, conversation: str) -> dict[str, Any]:
    return {
        "chat_id": heard.chat,
        "message_id": heard.message,
        "text": message.text,
        **_keyboard(message, conversation),
    }


def _new(chat: int, message: Message, conversation: str) -> dict[str, Any]:
    return {"chat_id": chat, "text": message.text, **_keyboard(message, conversation)}


def _keyboard(message: Message, conversation: str) -> dict[str, Any]:
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
