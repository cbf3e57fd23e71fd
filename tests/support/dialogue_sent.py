"""What a line of a dialogue's script sends: its words, or what has none.

"(photo of X) Words": a photo of the album X, with words below it. "(pin)": a message of Telegram's
own.
"""

import re

from bot.channels.telegram.updates import Chat, Document, Location, Message, Photo, Something
from tests.support.pictures import png

_MANY = re.compile(r"\((?P<times>\d+) × (?P<what>.+)\)\Z")
_PLACE = re.compile(r"\(location (?P<latitude>\S+) (?P<longitude>\S+)\)\Z")
_PHOTO = re.compile(r"\(photo(?: of (?P<album>\w+))?\)(?: (?P<caption>.+))?\Z")
_SENT = re.compile(r"\((?P<kind>voice|contact|poll|sticker|pin)\)\Z")
_FILE = re.compile(r"(?s)\(file (?P<name>\S+)\) (?P<content>.+)\Z")


def worded(what: str) -> str:
    """With \\n and \\u202e as in Python, and "(5000 × a)" at length."""
    if many := _MANY.match(what):
        return many["what"] * int(many["times"])
    return re.sub(r"\\u[0-9a-f]{4}|\\n", lambda m: _unescaped(m[0]), what)


def wordless(what: str, chat: Chat, number: int, files: dict[str, bytes]) -> Message | None:
    """A photo, a place or a file (kept in `files` by its id); None for words."""
    if photo := _PHOTO.match(what):
        sizes = (Photo(f"photo-{number}"),)
        files[sizes[0].file_id] = png(8)
        caption, album = photo["caption"] or "", photo["album"] or ""
        return Message(chat, number, caption=caption, media_group_id=album, photo=sizes)
    if sent := _SENT.match(what):
        content = {} if sent["kind"] == "pin" else {sent["kind"]: Something()}
        return Message(chat, number, **content)
    if place := _PLACE.match(what):
        location = Location(float(place["latitude"]), float(place["longitude"]))
        return Message(chat, location=location)
    if sent := _FILE.match(worded(what)):
        id = f"file-{chat.id}-{number}"
        files[id] = sent["content"].encode()
        return Message(chat, document=Document(id, sent["name"]))
    return None


def _unescaped(escape: str) -> str:
    return "\n" if escape == "\\n" else chr(int(escape[2:], 16))
