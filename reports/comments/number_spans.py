"""Telephone numbers, NIK and other long numbers in a text; amounts, dates and times are none.

A telephone number is what `phonenumbers` holds valid in Indonesia (or abroad, after a +), or six
digits after a word such as "hp". A NIK is 16 digits; with gaps it must have a province and a
birthday where a NIK has them (women's days are 40 more). Other numbers: nine digits without a gap,
seven after a word such as "rekening", eight spelt as words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import islice

from phonenumbers import NumberParseException, is_valid_number, parse

from reports.comments.spans import HIDDEN, Span, hidden

# Between digits, up to three: also signs without width and those of digits as emoji.
_GAP = "[ .\\-–/()\u00a0\u200b-\u200d\u2060\ufe0f\u20e3]{0,3}"
_RUN = re.compile(rf"\+?\(?(?:[oO](?=8\d))?\d(?:{_GAP}\d)*+")
_GROUP = re.compile(r"[oO]?\d+")
_MOST_GROUPS = 16  # a NIK with a gap after each digit
_NO_NUMBER = re.compile(
    r"\d{1,2}\.\d{2}(?:[ ]?[-–/][ ]?\d{1,2}\.\d{2})?(?![.\d])"  # a time
    r"|\d{1,2}([-./])\d{1,2}\1(?:(?:19|20)\d\d|\d\d)(?![-./]?\d)"  # a date
    r"|(?:19|20)\d\d([-./ ])\d{1,2}\2\d{1,2}(?![-./]?\d)"
    r"|[1-9]\d{0,2}(?:\.\d{3})+(?![.\-]?\d)"  # an amount
)
_DIALLED = re.compile(r"0[2-9]\d{7,12}|62[2-9]\d{7,12}|8[1-9]\d{7,10}")
_NIK = re.compile(r"[1-9]\d{5}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}")
_PASSPORT = re.compile(r"(?<!\w)[A-Za-z]\d{7}(?!\w)")
_LETTER_O = str.maketrans("oO", "00")
_APART = re.compile(rf"[\d{HIDDEN}]")
_LETTERS = re.compile(r"[^\W\d_]+")
_NEXT_WORD = re.compile(r"[ .,\-]{0,3}([A-Za-z]{2,6})")


def number_spans(text: str) -> list[Span]:
    """Kinds nik, phone and number (of an account, a card, an officer, a file)."""
    spans = [Span(*found.span(), "number") for found in _PASSPORT.finditer(text)]
    spans += [Span(*found.span(), "phone") for found in _spelt().finditer(text)]
    seen = hidden(text, spans)
    for run in _RUN.finditer(seen):
        spans += _in_run(seen, *run.span())
    return spans


def _in_run(text: str, start: int, end: int) -> Iterator[Span]:
    """The numbers in digits and gaps, the longest first at each place."""
    words, at = _words_before(text, start), start
    while group := _GROUP.search(text, at, end):
        other = _NO_NUMBER.match(text, group.start(), end)
        found = None if other else _longest(text, group.start(), end, words)
        if found:
            is_first = at == start and _is_whole(text[start : found.end])
            yield found._replace(start=start if is_first else found.start)
        at = found.end if found else (other or group).end()


def _longest(text: str, start: int, end: int, words: frozenset[str]) -> Span | None:
    ends = [group.end() for group in islice(_GROUP.finditer(text, start, end), _MOST_GROUPS)]
    for at in reversed(ends):
        digits = re.sub(r"\D", "", text[start:at].translate(_LETTER_O))
        is_abroad = text[start - 1 : start] == "+"
        if kind := _kind(digits, at == ends[0], is_abroad, words, text[at : at + 12]):
            return Span(start, at, kind)
    return None


def _kind(
    digits: str, is_one: bool, is_abroad: bool, words: frozenset[str], after: str
) -> str | None:
    if len(digits) == 16 and (is_one or _NIK.fullmatch(digits)):
        return "number" if words & _words("not_nik") else "nik"
    if _is_telephone(digits, is_abroad):
        return "phone"
    if _is_money(digits, words, after):
        return None
    if len(digits) >= 6 and words & _words("phones"):
        return "phone"
    is_long = (is_one and len(digits) >= 9) or (len(digits) >= 7 and words & _words("accounts"))
    return "number" if is_long else None


def _is_telephone(digits: str, is_abroad: bool) -> bool:
    if not is_abroad and not _DIALLED.fullmatch(digits):
        return False
    written = f"+{digits}" if is_abroad or digits.startswith("62") else digits
    try:
        return is_valid_number(parse(written, "ID"))
    except NumberParseException:
        return False


def _is_money(digits: str, words: frozenset[str], after: str) -> bool:
    unit = _NEXT_WORD.match(after)
    if words & _words("money_before") or (unit and unit[1].lower() in _words("money_after")):
        return True
    return digits.endswith("000") and digits[0] != "0" and len(digits) <= 12


def _is_whole(found: str) -> bool:
    return found.count("(") == found.count(")")


def _words_before(text: str, start: int) -> frozenset[str]:
    """The last three words, not across digits or what is hidden."""
    near = _APART.split(text[max(0, start - 40) : start])[-1]
    return frozenset(word.lower() for word in _LETTERS.findall(near)[-3:])


@cache
def _words(kind: str) -> frozenset[str]:
    data = tomllib.loads((files("reports.comments") / "numbers.toml").read_text("utf-8"))
    return frozenset(data[kind].split())


@cache
def _spelt() -> re.Pattern[str]:
    digit = f"(?:{'|'.join(sorted(_words('digits')))})"
    return re.compile(rf"\b(?:{digit}[ ,.\-]{{1,3}}){{7,20}}{digit}\b", re.IGNORECASE)
