"""WhatsApp's links: a text that is sent unchanged, and what it opens."""

import re
from urllib.parse import quote, unquote

from bot.core.links import Links

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
