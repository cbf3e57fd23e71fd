"""A dialogue whose updates come from a Bot API server, and whose screens are what arrives there."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.channels.telegram.updates import Update
from flows.engine.capabilities import head
from flows.engine.markup import Span
from flows.engine.say import Label
from flows.engine.say import Message as Said
from storage.chat.outbox import COMMANDS
from tests.support import telegram_updates as updates
from tests.support.citizen import Citizen
from tests.support.dialogue import Dialogue, Phone
from tests.support.talking_bot import TalkingBot

SHOWS = ("sendMessage", "editMessageText")
POSTED = (*SHOWS, "sendPhoto")


@dataclass(kw_only=True)
class DialogueOverHttp(Dialogue):
    """`replay` blocks: let it run in a thread beside the loop that the bot talks in."""

    bot: TalkingBot
    loop: asyncio.AbstractEventLoop
    _citizens: dict[int, Citizen] = field(default_factory=dict)  # by phone
    _brought: dict[int, tuple[int, dict[str, Any]]] = field(default_factory=dict)  # by update

    def _answer(self, update: Update) -> tuple[Said, str]:
        citizen = self._citizens.setdefault(self.phone.number, self.bot.telegram.citizen())
        self.bot.clock.at = self.now
        asyncio.run_coroutine_threadsafe(self._bring(citizen, update), self.loop).result()
        shown = next(call for call in reversed(citizen.chat.calls) if call.method in SHOWS)
        assert citizen.text == shown.params["text"]
        return read_back(shown.params)

    def _address(self, phone: Phone) -> str:
        citizen = self._citizens.get(phone.number)
        return f"tg:{citizen.id}" if citizen else super()._address(phone)

    def _sent(self) -> list[tuple[str, Said]]:
        """What the post brings to the phones, in the order in which it lay there."""
        self.bot.clock.at = self.now
        due = [row for row in self.bot.later() if row.due_at <= self.now]
        addresses = [row.address for row in due if row.kind != COMMANDS]  # which nobody reads
        chats = {f"tg:{each.id}": each.chat for each in self._citizens.values()}
        before = {address: len(chat.calls) for address, chat in chats.items()}
        asyncio.run_coroutine_threadsafe(self.bot.post.round(), self.loop).result()
        came = {
            address: iter([c for c in chat.calls[before[address] :] if c.method in POSTED])
            for address, chat in chats.items()
        }
        return [(address, read_back(next(came[address]).params)[0]) for address in addresses]

    async def _bring(self, citizen: Citizen, update: Update) -> None:
        """As something new by polling; what came before, once more as a webhook would bring it."""
        if again := self._brought.get(update.update_id):
            await self.bot.bring(again[1], id=again[0])
            return
        if query := update.callback_query:
            wire = updates.tap(citizen._me, citizen._keyboard().id, query.data)
        elif update.message and update.message.text:
            wire = updates.message(citizen._me, text=update.message.text)
        elif update.message and (place := update.message.location):
            wire = updates.location(citizen._me, place.latitude, place.longitude)
        elif update.message and (sent := update.message.document):
            content = self.bot.telegram.front.files[sent.file_id] = self.files[sent.file_id]
            wire = updates.document(citizen._me, sent.file_id, sent.file_name, len(content))
        else:
            wire = updates.photo(citizen._me)
            if update.message and (sizes := update.message.photo):
                of = wire["message"]["photo"][-1]["file_id"]
                self.bot.telegram.front.files[of] = self.files[sizes[-1].file_id]
        number = await self.bot.telegram.inject(wire)
        self._brought[update.update_id] = number, wire
        await self.bot.telegram.confirmed(number)
        await self.bot.adapter.drain(60)


def read_back(params: dict[str, Any]) -> tuple[Said, str]:
    """A message from what was sent, and the conversation behind its buttons."""
    conversation, rows = "", []
    for row in params.get("reply_markup", {}).get("inline_keyboard", ()):
        labels = []
        for button in row:
            behind, step, choice = button["callback_data"].split(":", 2)
            conversation = behind or conversation  # a button that opens something has none
            labels.append(Label(button["text"], step, choice))
        rows.append(tuple(labels))
    text = params.get("text", params.get("caption", ""))
    spans = tuple(_span(text, entity) for entity in params.get("entities", ()))
    return Said(text, tuple(rows), spans), conversation


def _span(text: str, entity: dict[str, Any]) -> Span:
    """As Telegram counts, in UTF-16 units, so as we do, in characters."""
    start = len(head(text, entity["offset"]))
    return Span(entity["type"], start, len(head(text, entity["offset"] + entity["length"])))
