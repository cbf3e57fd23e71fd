"""Telegram: its updates read into events, contents rendered as its methods, its faults told."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import msgspec

from bot.channels.telegram.bodies import acknowledged, edit, keyboard, new
from bot.channels.telegram.links import CAPABILITIES, CHANNEL
from bot.channels.telegram.updates import Unread, Update, decode_update, read
from bot.channels.telegram.wire import BadRequest, Fault, Forbidden, RetryAfter, Wire
from bot.core.channel import (
    Blocked,
    CommandList,
    Content,
    Document,
    Heard,
    NotEditable,
    Picture,
    Quiet,
    SendLater,
    SendNever,
    SentBefore,
)
from bot.core.sending.delivery import Delivery, Later
from bot.core.turns.turn_worker import Turns
from bot.core.watch import metrics
from flows.engine.say import Message

ACKNOWLEDGE = "answerCallbackQuery"
SOON = 5  # seconds until a send that failed for no stated time is tried again

log = logging.getLogger(__name__)

_encode = msgspec.json.Encoder().encode


class Telegram(Delivery):
    """One bot, `bot` its number."""

    capabilities = CAPABILITIES

    def __init__(
        self, wire: Wire, turns: Turns, later: Later, clock: Callable[[], int], bot: str = ""
    ) -> None:
        super().__init__(turns, later, clock)
        self.wire = wire
        self._bot = bot

    async def receive(self, raw: bytes) -> bytes:
        """An update that was brought; one that cannot be read is passed over. Returns what the
        webhook is answered: a tap's acknowledgement, so that it needs no call of its own. Raises
        NotKept.

        https://core.telegram.org/bots/api#making-requests-when-getting-updates
        """
        try:
            update = decode_update(raw)
        except Unread as fault:
            unread(fault)
            return b""
        heard = read(update, self._clock(), self._bot)
        if heard is None:
            return b""
        await self.hear(replace(heard, tap=""))
        return _encode({"method": ACKNOWLEDGE, **acknowledged(heard.tap)}) if heard.tap else b""

    async def take(self, update: Update) -> None:
        """One that was asked for. Returns once the event is committed. Raises NotKept if it could
        not be."""
        heard = read(update, self._clock(), self._bot)
        if heard is not None:
            await self.hear(heard)

    async def render(self, address: str, content: Content, conversation: str) -> None:
        chat = chat_at(address)
        with _faults():
            if isinstance(content, Picture):
                rows = keyboard(content, conversation)
                await self.wire.send_photo(chat, content.jpeg, content.caption, rows)
            elif isinstance(content, Document):
                await self.wire.send_document(chat, content.name, content.content, content.caption)
            elif isinstance(content, SentBefore):
                await self.wire.call(*_sent_again(chat, content))
            elif isinstance(content, CommandList):
                await self.wire.call(*_offered(chat, content))
            elif isinstance(content, Message):
                await self.wire.call("sendMessage", new(chat, content, conversation))

    async def edit(self, heard: Heard, message: Message, conversation: str) -> None:
        fields = edit(chat_at(heard.address), int(heard.message), message, conversation)
        with _faults():
            try:
                await self.wire.call("editMessageText", fields)
            except BadRequest as fault:
                if "not modified" not in str(fault):
                    raise NotEditable(str(fault)) from None

    async def acknowledge(self, tap: str) -> None:
        try:
            await self.wire.call(ACKNOWLEDGE, acknowledged(tap))
        except Fault as fault:
            log.info("a callback was not answered: %s", fault)

    async def fetch(self, file: str) -> bytes:
        with _faults():
            return await self.wire.download(file)


def unread(fault: Unread) -> None:
    log.warning("%s", fault)
    metrics.update(CHANNEL, "unreadable").inc()


@contextmanager
def _faults() -> Iterator[None]:
    """The wire's faults as the port's."""
    try:
        yield
    except RetryAfter as fault:
        raise Quiet(fault.seconds, "429") from None
    except Forbidden as fault:
        raise Blocked(str(fault)) from None
    except BadRequest as fault:
        raise SendNever(str(fault)) from None
    except Fault as fault:
        raise SendLater(SOON, str(fault)) from None


def chat_at(address: str) -> int | str:
    """A public channel's address has its name: tg:@skm_jabar."""
    chat = address.removeprefix(f"{CHANNEL}:")
    return chat if chat.startswith("@") else int(chat)


def _sent_again(chat: int | str, content: SentBefore) -> tuple[str, dict[str, Any]]:
    fields = {"chat_id": chat, content.kind: content.file, "caption": content.caption}
    return f"send{content.kind.capitalize()}", fields


def _offered(chat: int | str, content: CommandList) -> tuple[str, dict[str, Any]]:
    scope = {"scope": {"type": "chat", "chat_id": chat}}
    if not content.commands:
        return "deleteMyCommands", scope
    return "setMyCommands", {"commands": named(content.commands), **scope}


def named(commands: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"command": name, "description": does} for name, does in commands]
