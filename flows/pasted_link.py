"""A start link that was copied into the chat instead of tapped: the same as if it had been."""

import re

_LINK = re.compile(
    r"(https?://)?(www\.)?(t|telegram)\.me/\w+\?start=(?P<payload>[\w-]{0,64})\Z", re.ASCII
)


def of_link(text: str) -> str | None:
    """The payload (`flows.intents`), if a link is all that a message says."""
    found = _LINK.match(text.strip())
    return found["payload"] if found else None
