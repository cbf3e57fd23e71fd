"""WhatsApp: Meta's events taken, contents rendered as its messages, what did not arrive told.

Meta brings one event again for up to seven days, in any order, and has no numbers that say which is
older. An event's own time says it: one that was sent a minute before another of the same person
that is taken already has been overtaken, or is brought again after more events than are
remembered. It is passed over: what it would answer is on the screen still. So is one older than a
day, which cannot be answered any more (docs/decisions/0033).
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.channels.whatsapp import bodies
from bot.channels.whatsapp.chat_ids import ChatIds
from bot.channels.whatsapp.fault_codes import fault_of
from bot.channels.whatsapp.links import CAPABILITIES, CHANNEL, DAY
from bot.channels.whatsapp.updates import Failed, Left, read
from bot.channels.whatsapp.wire import Wire
from bot.core.channel import (
    Blocked,
    Content,
    Document,
    Heard,
    Knock,
    OutsideWindow,
    Picture,
    SendLater,
    SendNever,
    SentBefore,
)
from bot.core.sending import held
from bot.core.sending.delivery import Delivery, Later
from bot.core.turns.job import NotKept
from bot.core.turns.seen_events import woken
from bot.core.turns.turn_worker import Turns
from bot.core.watch import metrics
from flows.commands import HELP
from flows.engine.say import Message
from storage.chat import conversations, outbox, subscriptions
from storage.chat.outbox import ENDING
from storage.database.connect import reason

LATE = 60  # seconds behind another event of the same person; fewer than 32 come in such a time
MIMES = {
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".zip": "application/zip",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

T = TypeVar("T")

log = logging.getLogger(__name__)


class WhatsApp(Delivery):
    """One phone number, `phone_id` Meta's id of it; `template` the name of one, or ""."""

    def __init__(
        self,
        wire: Wire,
        turns: Turns,
        later: Later,
        clock: Callable[[], int],
        ids: ChatIds,
        phone_id: str,
        template: str = "",
    ) -> None:
        super().__init__(turns, later, clock)
        self.capabilities = replace(CAPABILITIES, knocks=bool(template))
        self.wire, self._ids, self._phone_id, self._template = wire, ids, phone_id, template

    async def receive(self, raw: bytes) -> None:
        """A request of Meta, whose signature is right. Each person's events in order, people side
        by side. Raises NotKept where one could not be kept: all come again, and those that were
        kept are known."""
        found = read(raw, self._ids, self._phone_id, self._clock())
        if found.unreadable:
            log.warning("%d events that cannot be read are passed over", found.unreadable)
            metrics.update(CHANNEL, "unreadable").inc(found.unreadable)
        by_person: dict[str, list[Heard]] = defaultdict(list)
        for heard in found.heard:
            by_person[heard.address].append(heard)
        taken = (self._take_all(each, found.wakes) for each in by_person.values())
        results = await asyncio.gather(*taken, return_exceptions=True)
        for failed in found.failed:
            await self._did_not_arrive(failed)
        for left in found.left:
            await self._write(partial(_let_go, left=left))
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _take_all(self, events: list[Heard], wakes: set[str]) -> None:
        for heard in events:
            if await self._is_late(heard):
                metrics.update(CHANNEL, "passed_over").inc()
            # Whoever only tapped "read" is brought what waits, and no other answer.
            elif not (heard.event.id in wakes and await self._is_woken(heard)):
                await self.hear(heard)

    async def _is_woken(self, heard: Heard) -> bool:
        """Whether something waited for this person to write. Raises NotKept."""
        id, at = heard.event.id, heard.event.at
        return await self._write(lambda connection: woken(connection, heard.address, id, at))

    async def _is_late(self, heard: Heard) -> bool:
        """Most are not, and nothing is looked up for those."""
        age = self._clock() - heard.event.at
        return age > LATE and (age >= DAY or await asyncio.to_thread(self._is_overtaken, heard))

    def _is_overtaken(self, heard: Heard) -> bool:
        with self._turns.engine.connect().execution_options(reads=True) as connection:
            kept = conversations.load(connection, [heard.address])[heard.address]
        return any(each.conversation.last - LATE > heard.event.at for each in kept)

    async def render(self, address: str, content: Content, conversation: str) -> None:
        try:
            to = self._ids.of(address)
        except ValueError as fault:
            raise SendNever(str(fault)) from None
        if isinstance(content, Message):
            for body in bodies.bodies(content, conversation):
                await self.wire.send(to, body, conversation)
        elif isinstance(content, Picture):
            await self._picture(to, content, conversation)
        elif isinstance(content, Document):
            await self._file(to, "document", content.name, content.content, content.caption)
        elif isinstance(content, SentBefore):
            # Meta sends again what was uploaded to it, not what it brought.
            name = "foto.jpg" if content.kind == "photo" else "berkas.pdf"
            kind = "image" if content.kind == "photo" else "document"
            again = await self.wire.download(content.file)
            await self._file(to, kind, name, again, content.caption)
        elif isinstance(content, Knock) and self._template:
            await self.wire.send(to, bodies.template(self._template, HELP))
        else:
            raise SendNever("nothing that WhatsApp shows, or SKM_WHATSAPP_TEMPLATE is not set")

    async def _picture(self, to: dict[str, str], picture: Picture, conversation: str) -> None:
        """With up to three buttons it is one message; else its buttons are a list below it."""
        image = await self.wire.upload("ikm.jpg", picture.jpeg, "image/jpeg")
        labels = [label for row in picture.rows for label in row]
        said = bodies.caption(picture.caption)
        if labels and said and bodies.are_buttons(labels):
            shown = bodies.buttons(said, labels, conversation, image)
            await self.wire.send(to, ("interactive", shown))
            return
        await self.wire.send(to, ("image", {"id": image, **({"caption": said} if said else {})}))
        if labels:
            title = said.partition("\n")[0] or bodies.OPENS
            below = Message(title, picture.rows, opens=picture.opens)
            for body in bodies.bodies(below, conversation):
                await self.wire.send(to, body)

    async def _file(
        self, to: dict[str, str], kind: str, name: str, content: bytes, caption: str
    ) -> None:
        mime = "image/jpeg" if kind == "image" else _mime(name)
        holds = {"id": await self.wire.upload(name, content, mime)}
        if kind == "document":
            holds["filename"] = name
        if caption:
            holds["caption"] = bodies.caption(caption)
        await self.wire.send(to, (kind, holds))

    async def fetch(self, file: str) -> bytes:
        return await self.wire.download(file)

    async def _did_not_arrive(self, failed: Failed) -> None:
        """What Meta took first and gave up then."""
        fault = fault_of(failed.code)
        log.warning("a message did not arrive: %s", fault)
        metrics.FAILED.labels(CHANNEL, failed.code).inc()
        if isinstance(fault, Blocked):
            await self._write(lambda connection: subscriptions.end(connection, failed.address))
        elif isinstance(fault, SendLater) and failed.tracker:
            await self._write(lambda connection: self._show_again(connection, failed, fault))

    def _show_again(self, connection: Connection, failed: Failed, fault: SendLater) -> None:
        """The present screen of the conversation that the message was of. Outside of the window it
        waits until this person writes; whoever writes there is shown where they stand anyway."""
        kept, at = conversations.one(connection, failed.tracker), self._clock()
        if kept is None or kept.address != failed.address:
            return
        is_open, key = kept.conversation.is_open, f"screen:{failed.address}:{failed.message}"
        kind = "screen" if is_open else ENDING
        key = key if is_open else outbox.ending_key(failed.tracker)
        body: dict[str, object] = {"conversation": failed.tracker}
        if isinstance(fault, OutsideWindow):
            body |= {"last": kept.conversation.last}
            held.put(connection, key, kind, failed.address, body, at, self.capabilities.knocks)
        else:
            outbox.put(connection, key, kind, failed.address, body, at + fault.seconds)

    async def _write(self, do: Callable[[Connection], T]) -> T:
        """Raises NotKept."""

        def put() -> T:
            with self._turns.engine.begin() as connection:
                return do(connection)

        try:
            return await asyncio.to_thread(put)
        except DBAPIError as fault:
            raise NotKept(reason(fault)) from None


def _let_go(connection: Connection, left: Left) -> None:
    """Who wants nothing more is sent no news; who changed the number answers under another one."""
    subscriptions.end(connection, left.address)
    if left.is_gone:
        conversations.forget_open(connection, left.address)


def _mime(name: str) -> str:
    found = (mime for end, mime in MIMES.items() if name.lower().endswith(end))
    return next(found, "application/octet-stream")
