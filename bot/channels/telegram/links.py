"""How Telegram is reached and what it can carry; its links: what begins with them, and one copied
into the chat instead of tapped."""

import re

from bot.core.links import Links
from flows.engine.capabilities import Capabilities

CHANNEL = "tg"  # the first part of its addresses
PATH = "/telegram"  # of its webhook

# https://core.telegram.org/bots/api and /bots/faq#broadcasting-to-users
CAPABILITIES = Capabilities(
    edits=True,
    files=True,
    pictures=True,
    menu=True,
    text=4_096,
    asking=4_096,
    caption=1_024,
    row=8,
    buttons=100,
    pace=20,  # under Telegram's 30
)

# t.me/BOT?start=…, BOT.t.me/?start=…, tg://resolve?domain=BOT&start=…, whatever else is behind.
_LINK = re.compile(
    r"(?:(?:t|telegram)\.(?:me|dog)/\w+|\b\w+\.t\.me|tg:/{0,2}resolve)/?"
    r"\?(?:[\w.%-]+=[\w.%+-]*&)*start=(?P<payload>[\w-]{0,64})(?![\w-])",
    re.ASCII | re.IGNORECASE,
)
_LONG = 300  # characters; in a longer text a link is beside the point


def links(bot: str) -> Links:
    """To the bot of this username, "" where it is not set."""
    unset = "SKM_TELEGRAM_BOT is not set, so links say BOT; set the bot's username."
    name = bot or "BOT"
    return Links(f"https://t.me/{name}?start=", "Telegram", f"@{name}", "" if bot else unset)


def of_link(text: str) -> str | None:
    """The payload (`flows.intents`) of the link in a message, whatever stands around it."""
    found = _LINK.search(text) if len(text) <= _LONG else None
    return found["payload"] if found else None
