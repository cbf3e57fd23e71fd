"""What tells who a person is, in a comment: found, and masked before anyone in a unit reads it.

Names, phone numbers, NIK and other long numbers, plates, e-mails, accounts and links (UU 27/2022
art. 4). Found by patterns and lists (`names.toml`, `addresses.toml`), so some are missed:
tests/test_masking.py counts how many, on sentences that have been marked by hand. The time needed
grows with the length of the text, whatever is written. Cut a comment after masking it, not before.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from reports.comments.address_spans import address_spans
from reports.comments.name_spans import name_spans
from reports.comments.number_spans import number_spans
from reports.comments.plate_spans import plate_spans
from reports.comments.spans import Span, hidden, replaced

MARKS = {
    "name": "[nama]",
    "phone": "[nomor]",
    "number": "[nomor]",  # of an account, a family card, a passport, an officer
    "nik": "[NIK]",
    "plate": "[pelat]",
    "email": "[surel]",
    "handle": "[akun]",
    "link": "[tautan]",
}
_MARKED = re.compile("|".join(map(re.escape, sorted(set(MARKS.values())))))
_FINDERS = (address_spans, number_spans, plate_spans, name_spans)  # the surest first


def masked(text: str) -> str:
    """The text with a readable mark for each thing that tells who a person is.

    Masking twice changes nothing more; the rest stays as it was written.
    """
    return replaced(text, personal(text), MARKS)


def personal(text: str) -> tuple[Span, ...]:
    """What `masked` replaces, by its kind in MARKS, in order. Marks of before are passed over."""
    plain = "".join(map(_plain, text))
    seen = hidden(plain, (Span(*found.span(), "") for found in _MARKED.finditer(plain)))
    spans: list[Span] = []
    while found := _found(seen):  # again: what is hidden may have kept something from being seen
        spans += found
        seen = hidden(seen, found)
    return tuple(sorted(spans))


def _found(text: str) -> list[Span]:
    spans: list[Span] = []
    for find in _FINDERS:
        found = find(text)
        spans += found
        text = hidden(text, found)
    return spans


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """The same letter or digit as it is usually written: ９ and ٩ are 9, 𝗔 is A."""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    folded = unicodedata.normalize("NFKC", letter)
    return folded if len(folded) == 1 else letter
