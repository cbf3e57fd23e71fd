"""What the outbox holds for the phones of a dialogue, sent: kinds that are words and buttons."""

from sqlalchemy import Engine

from bot.core.channel import Picture
from bot.core.sending.digest_content import digest_content
from bot.core.sending.notices import message
from flows.engine.say import Message
from storage.chat import outbox
from storage.chat.outbox import Parcel

MOST = 100


def pushed(engine: Engine, now: int) -> list[tuple[str, Message]]:
    """Addresses and messages, in the order they are due; all of it is marked as sent."""
    with engine.begin() as connection:
        parcels = outbox.claim(connection, now, MOST)
        parcels += outbox.claim_bulk(connection, now, MOST, "tg")
        for parcel in parcels:
            outbox.sent(connection, parcel.id, now)
    said = [(each.address, _said(engine, each, now)) for each in parcels]
    return [(address, message) for address, message in said if message]


def _said(engine: Engine, parcel: Parcel, now: int) -> Message | None:
    """Of a picture its caption and buttons."""
    if "text" in parcel.body:
        return message(parcel.body)
    if "week" not in parcel.body:
        return None
    content = digest_content(engine, parcel, now)
    return Message(content.caption, content.rows) if isinstance(content, Picture) else content
