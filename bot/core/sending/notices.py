"""A sentence to a chat that did not ask for it, with buttons that open something."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from flows.engine.form import Line, literal
from flows.engine.push_buttons import opens
from flows.engine.say import Message, rows
from flows.loader import words
from storage.chat import outbox
from storage.office import roles

NOTICE = "notice"


def message(body: Mapping[str, Any]) -> Message:
    """What lies in the outbox as "text", and perhaps "opens": [label, opening] of each button."""
    offers = [(literal(label), opening) for label, opening in body.get("opens", ())]
    return Message(body["text"], tuple(rows(opens(*offers), words("id"))))


def notify(
    connection: Connection,
    key: str,
    address: str,
    line: Line,
    at: int,
    *offers: tuple[Line, str],
) -> bool:
    """In the language of the chat's roles; False where the key is in the outbox already."""
    spoken = words(roles.language(connection, address))
    opens = [[spoken.line(label), opening] for label, opening in offers]
    body = {"text": spoken.line(line), "opens": opens}
    return outbox.put(connection, key, NOTICE, address, body, at)
