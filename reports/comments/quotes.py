"""One citizen's words beside the weakest element: few, and only where nobody is found by them.

Only of the reasons why that element was scored low, where at least 5 gave one and its mean is
shown; and only words in which there is nothing to mask: no names, no numbers, no abuse. Which of
them is told follows from the words alone, so that everyone is told the same.
"""

import re
from collections.abc import Iterable

from sqlalchemy import Connection

from flows.survey.extra import WHY
from reports.comments.read import in_no_order, readable
from reports.digest.composed import Digest
from reports.disclosure import least
from storage.answers import responses
from storage.answers.responses import Unmasked

SHORTEST, LONGEST = 2, 10  # words
LETTERS = 60

_PLAIN = re.compile(r"[^\W\d_]+([ ,'-]+[^\W\d_]+)*[.!]?\Z")


def quote_of(connection: Connection, unit_id: int, digest: Digest) -> str:
    """Of the digest's weakest element; "" where none may be told."""
    if not digest.shows_comments or not digest.weakest:
        return ""
    days = digest.first, digest.last
    rows = responses.written(connection, unit_id, digest.instrument, *days)
    key = WHY + digest.weakest[0]
    return chosen([extra[key] for _, extra in rows if key in extra])


def chosen(reasons: list[Unmasked]) -> str:
    """One of 5 or more that can be told, or ""."""
    if len(reasons) < least():
        return ""
    fit = in_no_order(_fit(reasons))
    return next((each.text for each in fit if readable(each) == each.text), "")


def _fit(reasons: Iterable[Unmasked]) -> Iterable[Unmasked]:
    for reason in reasons:
        text = " ".join(reason.text.split())
        short = len(text) <= LETTERS and SHORTEST <= len(text.split()) <= LONGEST
        if short and _PLAIN.match(text):
            yield Unmasked(text.rstrip(".!"))
