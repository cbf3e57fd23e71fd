"""Telegram's links: what begins with them, and one copied into the chat instead of tapped."""

import re

from bot.core.links import Links

_LINK = re.compile(
    r"(https?://)?(www\.)?(t|telegram)\.me/\w+\?start=(?P<payload>[\w-]{0,64})\Z", re.ASCII
)


def links(bot: str) -> Links:
    """To the bot of this username, "" where it is not set."""
    unset = "SKM_TELEGRAM_BOT is not set, so links say BOT; set the bot's username."
    return Links(f"https://t.me/{bot or 'BOT'}?start=", bot or "BOT", "" if bot else unset)


def of_link(text: str) -> str | None:
    """The payload (`flows.intents`), if a link is all that a message says."""
    found = _LINK.match(text.strip())
    return found["payload"] if found else None
