"""One citizen's words beside the weakest element: few, and only where nobody is found by them.

Only of the reasons why that element was scored low, where at least 5 gave one and its mean is
shown; and only words in which there is nothing to mask: no names, no numbers, no abuse. Which of
them is told follows from the words alone, so that everyone is told the same.
"""

import hashlib
import re
from collections.abc import Iterable

from sqlalchemy import Connection

from flows.citizen.extra import WHY
from reports.digest.composed import Digest
from reports.digest.release import LEAST
from storage import responses

SHORTEST, LONGEST = 2, 10  # words
LETTERS = 60

_PLAIN = re.compile(r"[^\W\d_]+([ ,'-]+[^\W\d_]+)*[.!]?\Z")


def quote_of(connection: Connection, unit_id: int, digest: Digest) -> str:
    """Of the digest's weakest element; "" where none may be told."""
    if digest.comments is None or not digest.weakest:
        return ""
    days = digest.first, digest.last
    rows = responses.written(connection, unit_id, digest.instrument, *days)
    reasons = (extra.get(WHY + digest.weakest[0]) for _, extra in rows)
    return chosen([reason["text"] for reason in reasons if isinstance(reason, dict)])


def chosen(reasons: list[str]) -> str:
    """One of 5 or more that can be told, or ""."""
    if len(reasons) < LEAST:
        return ""
    fit = sorted(_fit(reasons), key=lambda text: hashlib.sha256(text.encode()).digest())
    return next((text for text in fit if _is_harmless(text)), "")


def _fit(reasons: Iterable[str]) -> Iterable[str]:
    for reason in reasons:
        text = " ".join(reason.split())
        short = len(text) <= LETTERS and SHORTEST <= len(text.split()) <= LONGEST
        if short and _PLAIN.match(text):
            yield text.rstrip(".!")


def _is_harmless(text: str) -> bool:
    from reports.comments.abuse import folded
    from reports.comments.masking import masked  # slow to import: phonenumbers

    return folded(masked(text)) == text
