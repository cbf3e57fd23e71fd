"""What the Cloud API refuses, and in which words: written from Meta's published limits.

https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-list-messages
https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages
https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages
"""

import re
from typing import Any

Json = dict[str, Any]
MISSING, WRONG, UNSUPPORTED = 131008, 131009, 131051
MOST = {
    "text": 4096,
    "body": 1024,
    "caption": 1024,
    "footer": 60,
    "button": 20,
    "button id": 256,
    "row": 24,
    "row id": 200,
    "description": 72,
    "list button": 20,
    "section": 24,
    "filename": 240,
    "tracker": 512,
}
ROWS, BUTTONS, SECTIONS = 10, 3, 10
TO_NUMBER, TO_ID = re.compile(r"\d{5,20}\Z"), re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,128}\Z")


class Refused(Exception):
    """With Meta's code and details."""

    def __init__(self, code: int, details: str) -> None:
        super().__init__(details)
        self.code, self.details = code, details


def require_message(body: Json, media: set[str]) -> None:
    """`media`: ids of what was uploaded. Raises Refused."""
    _keys(body, {"messaging_product", "type"}, _OF_EVERY, str(body.get("type")))
    if body["messaging_product"] != "whatsapp" or body.get("recipient_type") != "individual":
        raise Refused(WRONG, "messaging_product, recipient_type")
    to, recipient = body.get("to"), body.get("recipient")
    if to is None and recipient is None:
        raise Refused(MISSING, "The parameter to is required.")
    if not (TO_NUMBER.match(to) if to is not None else TO_ID.match(recipient)):
        raise Refused(WRONG, "Recipient is not valid")
    if "biz_opaque_callback_data" in body:
        _text(body["biz_opaque_callback_data"], "tracker")
    checks = {
        "text": _plain,
        "interactive": _interactive,
        "template": _template,
        "image": _media,
        "document": _media,
    }
    if body["type"] not in checks:
        raise Refused(UNSUPPORTED, f"Unsupported message type {body['type']}")
    checks[body["type"]](body[body["type"]], media)


_OF_EVERY = {"recipient_type", "to", "recipient", "biz_opaque_callback_data", "context"}


def _keys(of: Json, needed: set[str], allowed: set[str], *named: str) -> None:
    if lacks := (needed | set(named)) - of.keys():
        raise Refused(MISSING, f"The parameter {sorted(lacks)[0]} is required.")
    if strange := of.keys() - needed - allowed - set(named):
        raise Refused(100, f"Unexpected key {sorted(strange)[0]!r}")


def _text(said: Any, what: str) -> None:
    """Counted in UTF-16 units, the strictest way."""
    if not isinstance(said, str) or not said.strip():
        raise Refused(WRONG, f"{what} is empty")
    if len(said.encode("utf-16-le")) // 2 > MOST[what]:
        raise Refused(WRONG, f"{what} length invalid. Min length: 1, Max length: {MOST[what]}")


def _plain(text: Json, media: set[str]) -> None:
    _keys(text, {"body"}, {"preview_url"})
    _text(text["body"], "text")


def _media(sent: Json, media: set[str]) -> None:
    _keys(sent, {"id"}, {"caption", "filename"})
    if sent["id"] not in media:
        raise Refused(WRONG, "no such media")
    for what in ("caption", "filename"):
        if what in sent:
            _text(sent[what], what)


def _interactive(sent: Json, media: set[str]) -> None:
    _keys(sent, {"type", "body", "action"}, {"header", "footer"})
    _keys(sent["body"], {"text"}, set())
    _text(sent["body"]["text"], "body")
    if header := sent.get("header"):
        if header["type"] == "image" and sent["type"] == "button":
            _media(header["image"], media)
        else:
            raise Refused(WRONG, "Header of a list must be text")
    if sent["type"] == "button":
        _buttons(sent["action"])
    elif sent["type"] == "list":
        _list(sent["action"])
    else:
        raise Refused(WRONG, f"interactive type {sent['type']}")


def _buttons(action: Json) -> None:
    _keys(action, {"buttons"}, set())
    if not 1 <= len(action["buttons"]) <= BUTTONS:
        raise Refused(WRONG, f"Invalid buttons count. Min allowed buttons: 1, Max: {BUTTONS}")
    for button in action["buttons"]:
        _keys(button, {"type", "reply"}, set())
        _keys(button["reply"], {"id", "title"}, set())
        _text(button["reply"]["title"], "button")
        _text(button["reply"]["id"], "button id")
    for of in ("id", "title"):
        _each_once([button["reply"][of] for button in action["buttons"]], f"button {of}")


def _list(action: Json) -> None:
    _keys(action, {"button", "sections"}, set())
    _text(action["button"], "list button")
    sections = action["sections"]
    if not 1 <= len(sections) <= SECTIONS:
        raise Refused(WRONG, "sections count")
    rows = [row for section in sections for row in section["rows"]]
    if not 1 <= len(rows) <= ROWS:
        raise Refused(WRONG, f"Total row count exceed max allowed count: {ROWS}")
    for section in sections:
        _keys(section, {"rows"}, {"title"})
        if "title" in section or len(sections) > 1:
            _text(section.get("title"), "section")
    for row in rows:
        _keys(row, {"id", "title"}, {"description"})
        _text(row["title"], "row")
        _text(row["id"], "row id")
        if "description" in row:
            _text(row["description"], "description")
    _each_once([row["id"] for row in rows], "row id")


def _each_once(given: list[str], what: str) -> None:
    if len(set(given)) != len(given):
        raise Refused(WRONG, f"Duplicated {what}")


def _template(sent: Json, media: set[str]) -> None:
    _keys(sent, {"name", "language"}, {"components"})
    for component in sent.get("components", ()):
        _keys(component, {"type", "parameters"}, {"sub_type", "index"})
