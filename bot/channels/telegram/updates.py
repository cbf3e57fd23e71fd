"""Reading Telegram's updates: a few typed fields of raw bytes, and what they mean to a survey."""

from typing import Annotated

import msgspec

from bot.channels.telegram.links import of_link
from bot.channels.telegram.platform import CHANNEL
from bot.core.channel import Heard
from bot.core.written import tapped, written
from flows.engine.events import Attached, Located, PersonEvent

ALLOWED = ["message", "callback_query", "my_chat_member"]

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
Whole = Annotated[int, msgspec.Meta(ge=0, le=2**62)]  # a number that any server counts to


class User(msgspec.Struct):
    id: int


class Chat(msgspec.Struct):
    id: int
    type: str = ""


class Photo(msgspec.Struct):
    """One of the sizes of a photo; the last is the largest."""

    file_id: str
    file_size: int = 0


class Document(msgspec.Struct):
    file_id: str
    file_name: str = ""
    file_size: int = 0


class Location(msgspec.Struct):
    """Degrees."""

    latitude: float
    longitude: float


class Message(msgspec.Struct):
    chat: Chat
    message_id: int = 0
    text: str = ""
    photo: tuple[Photo, ...] = ()
    document: Document | None = None
    location: Location | None = None


class CallbackQuery(msgspec.Struct, rename={"sender": "from"}):
    id: str
    sender: User
    message: Message | None = None
    data: str = ""


class Update(msgspec.Struct):
    """What a survey needs of an update; of other kinds only the id is read."""

    update_id: Whole
    message: Message | None = None
    callback_query: CallbackQuery | None = None


class Unread(Exception):
    """An update that is no JSON, or not of Telegram's form."""


class _Number(msgspec.Struct):
    update_id: Whole


_update = msgspec.json.Decoder(Update).decode
_number = msgspec.json.Decoder(_Number).decode
decode_updates = msgspec.json.Decoder(list[msgspec.Raw]).decode


def decode_update(raw: bytes | msgspec.Raw) -> Update:
    """Raises Unread, which says nothing of what it holds."""
    try:
        return _update(raw)
    except UNREADABLE:
        raise Unread("an update that cannot be read is passed over") from None


def decode_number(raw: msgspec.Raw) -> int:
    """The id of an update of any form. Raises Unread where it has none."""
    try:
        return _number(raw).update_id
    except UNREADABLE:
        raise Unread("an update without an id is passed over") from None


def chat_of(update: Update) -> int:
    """The person whose events are taken in order; 0 for an update of nobody's."""
    if update.callback_query:
        return update.callback_query.sender.id
    return update.message.chat.id if update.message else 0


def read(update: Update, at: int, bot: str = "") -> Heard | None:
    """None for whatever a survey does not answer: groups, channels, unknown kinds.

    `bot`: its number. Another bot on the same database counts its updates anew."""
    id = f"{bot}:{update.update_id}" if bot else str(update.update_id)
    if update.callback_query:
        return _tap(id, update.callback_query, at)
    if update.message and update.message.chat.type == "private":
        event = _message(id, update.message, at)
        return Heard(_address(update.message.chat.id), event)
    return None


def _tap(id: str, query: CallbackQuery, at: int) -> Heard | None:
    shown = query.message
    if shown is not None and shown.chat.type not in ("private", ""):
        return None
    event = tapped(id, at, query.data)
    # A message of no conversation stays: what its buttons open comes below it.
    edited = str(shown.message_id) if shown and shown.message_id and event.conversation else ""
    return Heard(_address(query.sender.id), event, edited, query.id)


def _message(id: str, message: Message, at: int) -> PersonEvent:
    if message.photo:
        largest = message.photo[-1]
        return Attached(id, at, "photo", largest.file_id, size=largest.file_size)
    if file := message.document:
        return Attached(id, at, "document", file.file_id, file.file_name, file.file_size)
    if place := message.location:
        return Located(id, at, place.latitude, place.longitude)
    return written(id, at, message.text, of_link)


def _address(chat: int) -> str:
    return f"{CHANNEL}:{chat}"
