"""How WhatsApp is reached and what it can carry; its links: a text that is sent unchanged, and what
it opens."""

import re
from urllib.parse import quote, unquote

from bot.core.links import Links
from flows.engine.capabilities import Capabilities

CHANNEL = "wa"  # the first part of its addresses
PATH = "/whatsapp"  # of its webhook
DAY = 86_400

# https://developers.facebook.com/documentation/business-messaging/whatsapp/messages
CAPABILITIES = Capabilities(
    files=True,
    pictures=True,
    text=4_096,
    asking=1_024,
    caption=1_024,
    label=72,  # of a row in a list: its title, or what stands below that
    buttons=30,  # three lists of ten
    pace=20,  # under Meta's 80, which replies need too
    window=DAY,
)

# As a link writes it for whoever sends it: "Survei: SAMSAT-BC". The colon tells it from words that
# somebody types to look for a unit.
BEGINS = "Survei: "
_SENT = re.compile(r"\W*survei\s*:\s*(?P<payload>[\w-]{2,64})[\s.!]*\Z", re.ASCII | re.IGNORECASE)
_LINK = re.compile(
    r"(?:wa\.me/\d+/?|api\.whatsapp\.com/send/?)\?(?:[\w.%-]+=[\w.%+-]*&)*text=(?P<text>[^\s&#]+)",
    re.ASCII | re.IGNORECASE,
)
_LONG = 400  # characters; in a longer text a link is beside the point


def links(number: str) -> Links:
    """To this number, "" where it is not set."""
    unset = "SKM_WHATSAPP_NUMBER is not set, so links say NUMBER; set the phone number."
    named = number or "NUMBER"
    base = f"https://wa.me/{named}?text={quote(BEGINS)}"
    return Links(base, "WhatsApp", f"+{named}", "" if number else unset)


def of_link(text: str) -> str | None:
    """The payload (`flows.intents`) of a link's text, or of the link itself."""
    if len(text) > _LONG:
        return None
    found = _LINK.search(text)
    sent = _SENT.match(unquote(found["text"].replace("+", " ")) if found else text)
    return sent["payload"] if sent else None
