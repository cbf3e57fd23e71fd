"""What tells who a person is, in a comment: found, and masked before anyone in a unit reads it.

Names, phone numbers, NIK and other long numbers, plates, home addresses, e-mails, accounts and
links (UU 27/2022 art. 4). Found by patterns and lists (`names.toml`, `personal.toml`), so some are
missed: tests/reports/test_masking.py counts how many, on sentences that have been marked by hand.
The time needed grows with the length of the text, whatever is written.
"""

import re
import unicodedata
from typing import NewType

from reports.comments.home_spans import home_spans
from reports.comments.name_spans import name_spans
from reports.comments.number_spans import number_spans, plate_spans
from reports.comments.online_spans import online_spans
from reports.comments.spans import Span, hidden, replaced

Masked = NewType("Masked", str)  # made by `masked` alone

MARKS = {
    "name": "[nama]",
    "phone": "[nomor]",
    "number": "[nomor]",  # of an account, a family card, a passport, an officer
    "nik": "[NIK]",
    "plate": "[pelat]",
    "address": "[alamat]",
    "email": "[surel]",
    "handle": "[akun]",
    "link": "[tautan]",
}
_MARKED = re.compile("|".join(map(re.escape, sorted(set(MARKS.values())))))
_FINDERS = (online_spans, number_spans, plate_spans, home_spans, name_spans)  # the surest first
_JOINS = re.compile("[\u200d\ufe00-\ufe0f]")
_KEY = "\u20e3"  # makes a key of a digit
_EMOJI = ("So", "Sk")


def masked(text: str) -> Masked:
    """The text as it is shown, in one line, with a readable mark for each thing that tells who a
    person is. Cut it after masking, never before. Masking twice changes nothing more."""
    text = plain(text)
    return Masked(replaced(text, personal(text), MARKS))


def as_read(text: str) -> str:
    """What somebody wrote, shown again to them as others will read it: as it was written where
    nothing is masked."""
    return masked(text) if personal(plain(text)) else text


def personal(text: str) -> tuple[Span, ...]:
    """What `masked` replaces in a plain text, by its kind in MARKS, in order. Marks of before are
    passed over."""
    seen = hidden(text, (Span(*found.span(), "") for found in _MARKED.finditer(text)))
    spans: list[Span] = []
    while found := _found(seen):  # again: what is hidden may have kept something from being seen
        spans += found
        seen = hidden(seen, found)
    return tuple(sorted(spans))


def plain(text: str) -> str:
    """One line in usual letters, so that nothing unseen parts a number or a name: ９ and ٩ are 9,
    𝗔 is A, without signs that have no width, each space and new line one space."""
    seen = ""
    for letter in unicodedata.normalize("NFKC", text):
        if not _is_unseen(letter, seen[-1:]):
            seen += str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def _is_unseen(letter: str, before: str) -> bool:
    """Whether nobody sees it; what joins emoji to one picture stays."""
    if letter.isspace():
        return False
    if _JOINS.match(letter):
        return not (before and (_JOINS.match(before) or unicodedata.category(before) in _EMOJI))
    return letter == _KEY or unicodedata.category(letter) in ("Cf", "Cc", "Cs")


def _found(text: str) -> list[Span]:
    spans: list[Span] = []
    for find in _FINDERS:
        found = find(text)
        spans += found
        text = hidden(text, found)
    return spans
