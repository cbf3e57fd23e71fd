"""Reading Telegram's updates: a few typed fields of raw bytes, and what they mean to a survey.

What carries words is words, also below a photo. A message without any of the contents named here is
one of Telegram's own (a pin, a timer, a theme) and is passed over.
"""

from dataclasses import replace
from typing import Annotated, Literal

import msgspec

from bot.channels.telegram.links import CHANNEL, of_link
from bot.core.channel import Heard
from bot.core.written import tapped, written
from flows.engine.events import Attached, Edited, Located, PersonEvent, Typed

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]

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


class Something(msgspec.Struct):
    """Of which nothing is read but that it is there."""


class Message(msgspec.Struct):
    chat: Chat
    message_id: int = 0
    text: str | None = None
    caption: str = ""
    media_group_id: str = ""
    photo: tuple[Photo, ...] = ()
    document: Document | None = None
    location: Location | None = None
    voice: Something | None = None
    audio: Something | None = None
    video_note: Something | None = None
    contact: Something | None = None
    poll: Something | None = None
    video: Something | None = None
    animation: Something | None = None
    sticker: Something | None = None
    dice: Something | None = None
    story: Something | None = None
    game: Something | None = None
    checklist: Something | None = None
    paid_media: Something | None = None


_KINDS: dict[str, Literal["", "voice", "contact", "poll"]] = {
    **dict.fromkeys(("voice", "audio", "video_note"), "voice"),
    "contact": "contact",
    "poll": "poll",
    **dict.fromkeys(
        ("video", "animation", "sticker", "dice", "story", "game", "checklist", "paid_media"), ""
    ),
}


class CallbackQuery(msgspec.Struct, rename={"sender": "from"}):
    id: str
    sender: User
    message: Message | None = None
    data: str = ""


class Update(msgspec.Struct):
    """What a survey needs of an update; of other kinds only the id is read."""

    update_id: Whole
    message: Message | None = None
    edited_message: Message | None = None
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
    message = update.message or update.edited_message
    return message.chat.id if message else 0


def read(update: Update, at: int, bot: str = "") -> Heard | None:
    """None for whatever a survey does not answer: groups, channels, unknown kinds.

    `bot`: its number. Another bot on the same database counts its updates anew."""
    id = f"{bot}:{update.update_id}" if bot else str(update.update_id)
    if update.callback_query:
        return _tap(id, update.callback_query, at)
    message = update.message or update.edited_message
    if message is None or message.chat.type != "private":
        return None
    event = _message(id, message, at) if update.message else _edited(id, message, at)
    return Heard(_address(message.chat.id), event) if event else None


def _tap(id: str, query: CallbackQuery, at: int) -> Heard | None:
    shown = query.message
    if shown is not None and shown.chat.type not in ("private", ""):
        return None
    event = tapped(id, at, query.data)
    # A message of no conversation stays: what its buttons open comes below it.
    edited = str(shown.message_id) if shown and shown.message_id and event.conversation else ""
    return Heard(_address(query.sender.id), event, edited, query.id)


def _message(id: str, message: Message, at: int) -> PersonEvent | None:
    """None for a message of Telegram's own."""
    kind = next((kind for name, kind in _KINDS.items() if getattr(message, name)), None)
    words = message.text or message.caption
    if place := message.location:
        return Located(id, at, place.latitude, place.longitude)
    said = written(id, at, words, of_link)
    if not isinstance(said, Typed):
        return said
    number, album = str(message.message_id or ""), message.media_group_id
    if message.photo or message.document:
        return replace(_file(id, message, at), caption=words, message=number, album=album)
    if not words and kind is None and message.text is None:
        return None
    return replace(said, message=number, album=album, kind="" if words else kind or "")


def _file(id: str, message: Message, at: int) -> Attached:
    if file := message.document:
        return Attached(id, at, "document", file.file_id, file.file_name, file.file_size)
    largest = message.photo[-1]
    return Attached(id, at, "photo", largest.file_id, size=largest.file_size)


def _edited(id: str, message: Message, at: int) -> Edited:
    return Edited(id, at, str(message.message_id), message.text or message.caption)


def _address(chat: int | str) -> str:
    return f"{CHANNEL}:{chat}"
