"""A week's comments as a unit may read them: masked, folded, in no order, under the release rule.

Kept nowhere but in their responses: read again whenever they are sent, so that a comment that was
erased is in no later message.
"""

from sqlalchemy import Connection

from flows.say import Words
from reports.digest import Digest
from reports.digest_words import NAME, cut, phrase
from storage import responses

COMMENT = 200  # characters shown of one
SHOWN = 12  # comments: with names and marks they fit Telegram's 4,096 characters


def comments_text(connection: Connection, unit_id: int, digest: Digest, words: Words) -> str | None:
    """None where there are none, or fewer than 5 responses came (`digest.comments` is None)."""
    if not digest.comments:
        return None
    written = responses.comment_words(
        connection, unit_id, digest.instrument, digest.first, digest.last
    )
    if not written:
        return None
    lines = [f"• {cut(readable(text), COMMENT)}" for text in written[:SHOWN]]
    if len(written) > SHOWN:
        lines.append(phrase(words, "comments.more", number=len(written) - SHOWN))
    head = phrase(words, "comments.head", name=cut(digest.office.name, NAME))
    return "\n".join((head, *lines))


def readable(text: str) -> str:
    """One line without names, numbers and abuse. Masked before it is ever cut."""
    from reports.abuse import folded
    from reports.masking import masked  # slow to import: phonenumbers

    return " ".join(folded(masked(text)).split())
