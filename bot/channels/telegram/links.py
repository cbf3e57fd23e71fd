"""Telegram's links: what begins with them, and one copied into the chat instead of tapped."""

import re

from bot.core.links import Links

NO_NAME = "BOT"  # stands in a link until SKM_TELEGRAM_BOT is set

_LINK = re.compile(
    r"(https?://)?(www\.)?(t|telegram)\.me/\w+\?start=(?P<payload>[\w-]{0,64})\Z", re.ASCII
)


def links(bot: str) -> Links:
    """To the bot of this username, "" where it is not set."""
    return Links(bot, f"https://t.me/{bot or NO_NAME}?start=", "SKM_TELEGRAM_BOT", NO_NAME)


def of_link(text: str) -> str | None:
    """The payload (`flows.intents`), if a link is all that a message says."""
    found = _LINK.match(text.strip())
    return found["payload"] if found else None
