"""Reading Meta's webhook: several entries, changes and messages in one, in any order.

Each message is read by itself: one that cannot be read takes none of the others with it. Of a
message a few typed fields are read, and what they mean to a survey.
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

import msgspec

from bot.channels.whatsapp.chat_ids import ChatIds
from bot.channels.whatsapp.links import of_link
from bot.channels.whatsapp.payload import (
    Contact,
    Media,
    Message,
    Preference,
    Status,
    Value,
    Webhook,
)
from bot.core.channel import Heard
from bot.core.written import tapped, written
from flows.engine.events import Attached, Edited, Located, PersonEvent, Typed

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
FUTURE = 300  # seconds that Meta's clock may be ahead of ours


@dataclass(frozen=True, slots=True)
class Failed:
    """A message that was accepted and did not arrive; `tracker`: what was sent beside it."""

    message: str
    address: str
    code: int
    tracker: str


@dataclass(frozen=True, slots=True)
class Left:
    """Who wants nothing sent that was not asked for, or is no more under that address."""

    address: str
    is_gone: bool


@dataclass(slots=True)
class Brought:
    """What one request of Meta holds. `heard`: in the order in which it was sent. `wakes`: those
    that only tapped "read" below a template. `unreadable`: so many."""

    heard: list[Heard] = field(default_factory=list)
    wakes: set[str] = field(default_factory=set)  # ids of events
    failed: list[Failed] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    unreadable: int = 0


_KINDS: dict[str, Literal["", "voice", "contact", "poll"]] = {
    "audio": "voice",
    "contacts": "contact",
}
# What says nothing, or nothing to us. Anything else is answered.
_SILENT = {"reaction", "revoke", "system", "request_welcome", "unknown", "errors"}
_GONE = ("user_changed_number", "user_changed_user_id", "customer_changed_number")

_webhook = msgspec.json.Decoder(Webhook).decode
T = TypeVar("T")


def read(raw: bytes, ids: ChatIds, phone_id: str, now: int) -> Brought:
    """What is for another number is left out."""
    found = Brought()
    try:
        changes = [change for entry in _webhook(raw).entry for change in entry.changes]
    except UNREADABLE:
        found.unreadable += 1
        return found
    for value in _each(found, [change.value for change in changes], Value):
        if value.metadata.phone_number_id in ("", phone_id):
            _read_value(found, value, ids, now)
    found.heard.sort(key=lambda heard: heard.event.at)
    return found


def _each(found: Brought, raws: Iterable[msgspec.Raw], kind: type[T]) -> Iterator[T]:
    for raw in raws:
        try:
            yield msgspec.json.decode(raw, type=kind)
        except UNREADABLE:
            found.unreadable += 1


def _read_value(found: Brought, value: Value, ids: ChatIds, now: int) -> None:
    for message in _each(found, value.messages, Message):
        if not message.group_id:
            _read_message(found, message, value.contacts, ids, now)
    for status in _each(found, value.statuses, Status):
        if status.status == "failed":
            address = ids.address(status.recipient_user_id, status.recipient_id)
            code = status.errors[0].code if status.errors else 0
            tracker = status.biz_opaque_callback_data
            found.failed.append(Failed(ids.event(status.id), address, code, tracker))
    for wish in _each(found, value.user_preferences, Preference):
        if wish.value == "stop" and (address := ids.address(wish.user_id, wish.wa_id)):
            found.left.append(Left(address, is_gone=False))


def _read_message(
    found: Brought, message: Message, contacts: tuple[Contact, ...], ids: ChatIds, now: int
) -> None:
    address = ids.address(_user(message, contacts), message.sender)
    at = _sent_at(message, now)
    if not address or at is None:
        found.unreadable += 1
    elif message.system.type in _GONE:
        found.left.append(Left(address, is_gone=True))
    elif event := _event(message, ids, at):
        found.heard.append(Heard(address, event))
        if message.button:
            found.wakes.add(event.id)


def _user(message: Message, contacts: tuple[Contact, ...]) -> str:
    """The opaque id of whoever sent it."""
    if message.from_user_id or not contacts:
        return message.from_user_id
    same = (each for each in contacts if each.wa_id == message.sender)
    return next(same, contacts[0] if len(contacts) == 1 else Contact()).user_id


def _sent_at(message: Message, now: int) -> int | None:
    """When it was sent, by Meta's clock; None: no time."""
    if not message.timestamp.isascii() or not message.timestamp.isdigit():
        return None
    at = int(message.timestamp[:12])
    return min(at, now) if at < now + FUTURE else None


def _event(message: Message, ids: ChatIds, at: int) -> PersonEvent | None:
    """None where nothing is to be said."""
    id = ids.event(message.id)
    if interactive := message.interactive:
        chosen = interactive.list_reply or interactive.button_reply
        return tapped(id, at, chosen.id if chosen else "")
    if button := message.button:
        return written(id, at, button.payload or button.text, of_link)
    if place := message.location:
        return Located(id, at, place.latitude, place.longitude)
    if edit := message.edit:
        now = edit.message.text
        return Edited(id, at, ids.event(edit.original_message_id), now.body) if now else None
    if file := message.image or message.document:
        below = written(id, at, file.caption, of_link)
        return _file(id, at, message, file) if isinstance(below, Typed) else below
    if message.type in _SILENT:
        return None
    return _words(id, at, message)


def _words(id: str, at: int, message: Message) -> PersonEvent:
    """Of what has none: that it was sent."""
    said = written(id, at, message.text.body if message.text else "", of_link)
    if not isinstance(said, Typed):
        return said
    kind: Literal["", "voice", "contact", "poll"] = _KINDS.get(message.type, "")
    is_poll = message.unsupported is not None and "poll" in message.unsupported.type
    return replace(said, message=id, kind="poll" if is_poll else kind)


def _file(id: str, at: int, message: Message, file: Media) -> Attached:
    kind: Literal["photo", "document"] = "photo" if message.image else "document"
    return Attached(id, at, kind, file.id, file.filename, caption=file.caption, message=id)
