"""A dialogue whose updates come by Meta's webhook, and whose screens are what the Graph API took.

`faults` says what goes wrong on the way: "twice" (everything is brought twice), "reordered" (what
came before is brought behind the new one, in the same request).
"""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.channels.telegram.links import of_link
from bot.channels.telegram.updates import Update
from bot.channels.whatsapp.chat_ids import ChatIds
from bot.channels.whatsapp.links import links
from bot.core.written import tapped
from flows.engine.say import Message as Said
from storage.chat import subscriptions
from storage.chat.outbox import COMMANDS
from tests.support import whatsapp_events as events
from tests.support.dialogue import Dialogue, Phone
from tests.support.dialogue_lines import drawn
from tests.support.offices import unit_of
from tests.support.talking_whatsapp import TalkingWhatsApp
from tests.support.whatsapp_events import APP_SECRET, Who
from tests.support.whatsapp_limits import Json
from tests.support.whatsapp_seen import Seen, seen
from tests.support.whatsapp_server import NUMBER

LINKS = links(NUMBER)
WHERE = ChatIds(APP_SECRET)


@dataclass(kw_only=True)
class DialogueOverWhatsApp(Dialogue):
    """`replay` blocks: let it run in a thread beside the loop that the bot talks in."""

    bot: TalkingWhatsApp
    loop: asyncio.AbstractEventLoop
    faults: str = ""
    _brought: dict[int, Json] = field(default_factory=dict)  # by update
    _before: dict[int, Json] = field(default_factory=dict)  # the last of each phone

    def _answer(self, update: Update) -> tuple[Said, str]:
        self.bot.clock.at = self.now
        who, sent = self._who(self.phone), self._brought.get(update.update_id)
        if sent is None:
            sent = self._brought[update.update_id] = self._message(who, update)
        before = self._before.get(self.phone.number)
        at = len(self.bot.graph.shown[who.id])
        self._run(self.bot.sends(who, sent))
        came = seen(self.bot.graph.shown[who.id][at:])
        if self.faults == "twice":
            self._run(self.bot.bring(self.bot.brought[-1]))
        if self.faults == "reordered" and before is not None:
            self._run(self.bot.sends(who, sent, before))
        self._before[self.phone.number] = sent
        if not came:
            return Said("", ()), ""
        shown = together(came)
        return shown.message, shown.conversation

    def _run(self, work: Coroutine[Any, Any, int]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def _who(self, phone: Phone) -> Who:
        return Who(f"ID.1000000000{phone.number}", f"62811000{phone.number:04}")

    def _address(self, phone: Phone) -> str:
        return WHERE.address(self._who(phone).id, "")

    def _message(self, who: Who, update: Update) -> Json:
        """As Meta would bring what Telegram brings so."""
        if query := update.callback_query:
            data = query.data
            shown = seen(self.bot.graph.shown[who.id])
            is_list = any(data == d and listed for s in shown for _, d, listed in s.rows)
            return events.chosen(who, self.now, data, tapped("", 0, data).choice, of_list=is_list)
        if edited := update.edited_message:
            original = next(
                self._brought[u.update_id]["id"]
                for _, u in self.phone.sent
                if u.message and u.message.message_id == edited.message_id
            )
            text = {"type": "text", "text": {"body": edited.text}}
            return events.message(who, self.now, "edit", original_message_id=original, message=text)
        sent = update.message
        assert sent is not None
        if place := sent.location:
            where = {"latitude": place.latitude, "longitude": place.longitude}
            return events.message(who, self.now, "location", **where)
        below = {"caption": sent.caption} if sent.caption else {}
        if sent.photo:
            self.bot.graph.files[sent.photo[-1].file_id] = self.files[sent.photo[-1].file_id]
            return events.message(who, self.now, "image", id=sent.photo[-1].file_id, **below)
        if file := sent.document:
            self.bot.graph.files[file.file_id] = self.files[file.file_id]
            named = {"id": file.file_id, "filename": file.file_name, **below}
            return events.message(who, self.now, "document", **named)
        for kind, name in (("voice", "audio"), ("contact", "contacts"), ("sticker", "sticker")):
            if getattr(sent, kind):
                return events.message(who, self.now, name, id="1")
        if sent.poll:
            return events.message(who, self.now, "unsupported", type="poll_creation")
        if sent.text is None:  # a message of the platform's own
            return events.message(who, self.now, "reaction", emoji="👍", message_id="1")
        copied = of_link(sent.text)  # the platform's own link, as somebody copies it
        words = LINKS.base + copied if copied else sent.text
        return events.message(who, self.now, text=words)

    def _tell(self, code: str, text: str) -> Iterator[str]:
        with self.engine.begin() as connection:
            subscriptions.notify(connection, unit_of(connection, code), text, self.now)
        for _, message in self._sent():
            yield from drawn(message)

    def _sent(self) -> list[tuple[str, Said]]:
        """What the post brings to the phones, in the order in which it lay there. Who wrote more
        than a day ago is knocked at first, and taps the template's button."""
        self.bot.clock.at = self.now
        due = [row for row in self.bot.later() if row.due_at <= self.now]
        addresses = [row.address for row in due if row.kind != COMMANDS]  # which nobody reads
        whose = {self._address(phone): self._who(phone) for phone in self.phones.values()}
        before = {a: len(self.bot.graph.shown[who.id]) for a, who in whose.items()}
        for _ in range(2):  # the second one knocks where the first had to hold something
            self._run(self.bot.post.round())
        for address, who in whose.items():
            now = self.bot.graph.shown[who.id]
            if len(now) > before[address] and now[-1]["type"] == "template":
                payload = now[-1]["template"]["components"][0]["parameters"][0]["payload"]
                self._run(self.bot.sends(who, events.quick_reply(who, self.now, payload)))
                before[address] = len(now)
        self._run(self.bot.post.round())
        came = {a: iter(seen(self.bot.graph.shown[w.id][before[a] :])) for a, w in whose.items()}
        return [(address, next(came[address]).message) for address in addresses]


def together(came: list[Seen]) -> Seen:
    """A screen that was too long for one message: its buttons are under the last."""
    text = "\n".join(each.text for each in came)
    return Seen(text, came[-1].rows, came[-1].opens, came[-1].kind, came[-1].tracker)
