"""What the outbox holds for the phones of a dialogue, sent: kinds that are words and buttons."""

from sqlalchemy import Engine

from bot.notices import message
from flows.say import Message
from storage import outbox

MOST = 100


def pushed(engine: Engine, now: int) -> list[tuple[str, Message]]:
    """Addresses and messages, in the order they are due; all of it is marked as sent."""
    with engine.begin() as connection:
        parcels = outbox.claim(connection, now, MOST, bulk=False)
        parcels += outbox.claim(connection, now, MOST, bulk=True)
        for parcel in parcels:
            outbox.sent(connection, parcel.id, now)
    return [(each.address, message(each.body)) for each in parcels if "text" in each.body]
