"""Telephone numbers, NIK, plates and other numbers that tell who a person is; amounts, dates and
times are none.

A telephone number is what `phonenumbers` holds valid in Indonesia (or abroad, after a +), or six
digits after a word such as "hp". A NIK is 16 digits; with gaps it must have a province and a
birthday where a NIK has them (women's days are 40 more). Other numbers: nine digits without a gap,
seven after a word such as "rekening", four fours, digits spelt as words. Any signs may part the
digits.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from phonenumbers import NumberParseException, is_valid_number, parse

from reports.comments.spans import HIDDEN, Span, either, hidden, listed, spelt_digits

_GAP = f"(?:[^\\w{HIDDEN}]|_){{0,4}}"
_DIGITS = r"(?:(?<![^\W\d_])[oO](?=\d\d))?\d(?:\d|[oOlI](?=\d)|[oO](?![^\W\d_]))*+"
_RUN = re.compile(rf"(?:\+[ ]?)?\(?{_DIGITS}(?:{_GAP}{_DIGITS})*+")
_GROUP = re.compile(_DIGITS)
_MOST_GROUPS = 16  # a NIK with a gap after each digit
_NO_NUMBER = re.compile(
    r"\d{1,2}[.:]\d{2}(?:[ ]?[-–/][ ]?\d{1,2}[.:]\d{2})?(?![.\d])"  # a time
    r"|\d{1,2}([-./])\d{1,2}\1(?:(?:19|20)\d\d|\d\d)(?![-./]?\d)"  # a date
    r"|(?:19|20)\d\d([-./ ])\d{1,2}\2\d{1,2}(?![-./]?\d)"
    r"|[1-9]\d{0,2}(?:\.\d{3})+(?![.\-]?\d)"  # an amount
)
_LIST = re.compile(r"[,;&] ")  # "loket 1, 2, 3"
_YEAR = re.compile(r"(?:19|20)\d\d")
_DIALLED = re.compile(r"0[2-9]\d{7,12}|62(?:0?[2-9])\d{7,12}|8[1-9]\d{7,10}")
_NIK = re.compile(r"[1-9]\d{5}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}")
_CODES = re.compile(  # a passport; the frame of a vehicle
    r"(?<!\w)(?:[A-Za-z]\d{7}|(?=[A-Z\d]{0,16}\d{4})(?=\d{0,16}[A-Z])[A-HJ-NPR-Z\d]{17})(?!\w)"
)
_LETTERS_FOR_DIGITS = str.maketrans("oOlI", "0011")
_APART = re.compile(rf"[\d{HIDDEN}]")
_LETTERS = re.compile(r"[^\W\d_]+")
_NEXT_WORD = re.compile(r"[ .,\-]{0,3}([A-Za-z]{2,6})")
_PLATE_GAP = r"[ ./\\_:*–—-]{0,3}"
_PLATE = re.compile(
    rf"(?<![A-Za-z0-9/])(?P<area>[A-Za-z]{{1,2}})(?P<gap>{_PLATE_GAP})"
    rf"(?P<digits>\d(?:[ .-]?\d){{0,3}})(?!\d)"
    rf"(?:(?P<gap2>{_PLATE_GAP})(?P<last>[A-Za-z]{{1,3}})(?![A-Za-z0-9]))?"
)
_WORD_BEFORE = re.compile(r"([A-Za-z]{1,20})[ :.=]{0,3}(?:(?:no|nomor)[ :.=]{0,3})?\Z", re.I)


def number_spans(text: str) -> list[Span]:
    """Kinds nik, phone and number (of an account, a card, an officer, a file, a frame)."""
    spans = [Span(*found.span(), "number") for found in _CODES.finditer(text)]
    spans += [
        Span(*found.span(), "phone") for found in _spelt().finditer(text) if _is_spelt(found, text)
    ]
    seen = hidden(text, spans)
    for run in _RUN.finditer(seen):
        spans += _in_run(seen, *run.span())
    return spans


def _in_run(text: str, start: int, end: int) -> Iterator[Span]:
    """The numbers in digits and gaps, the longest first at each place."""
    words, at = _words_before(text, start), start
    while group := _GROUP.search(text, at, end):
        other = _NO_NUMBER.match(text, group.start(), end) or _counted(text, group, end)
        found = None if other else _longest(text, group.start(), end, words)
        if found:
            is_first = at == start and _is_whole(text[start : found.end])
            yield found._replace(start=start if is_first else found.start)
        at = found.end if found else (other or group).end()


def _counted(text: str, group: re.Match[str], end: int) -> re.Match[str] | None:
    """ "hp2 0812": a digit that counts telephones."""
    glued = text[group.start() - 1 : group.start()].isalpha()
    return group if glued and group[0] in "123456789" and group.end() < end else None


def _longest(text: str, start: int, end: int, words: frozenset[str]) -> Span | None:
    ends = [group.end() for group in islice(_GROUP.finditer(text, start, end), _MOST_GROUPS)]
    is_abroad = text[:start].rstrip().endswith("+")
    for at in reversed(ends):
        if kind := _kind(text[start:at], is_abroad, words, text[at : at + 12]):
            return Span(start, at, kind)
    return None


def _kind(written: str, is_abroad: bool, words: frozenset[str], after: str) -> str | None:
    groups = [group.translate(_LETTERS_FOR_DIGITS) for group in _GROUP.findall(written)]
    digits, is_one = "".join(groups), len(groups) == 1
    is_list = _LIST.search(written) is not None
    if len(digits) == 16 and (is_one or _NIK.fullmatch(digits)):
        return "number" if words & listed("numbers", "not_nik") else "nik"
    if _is_telephone(digits, groups, is_abroad) and not (is_list and digits[0] == "8"):
        return "phone"
    if is_list or _is_money(digits, words, after):
        return None
    if len(digits) >= 6 and words & listed("numbers", "phones"):
        return "phone"
    is_long = is_one and len(digits) >= 9
    is_account = len(digits) >= 7 and words & listed("numbers", "accounts")
    is_card = list(map(len, groups)) == [4] * 4 and not any(map(_YEAR.fullmatch, groups))
    return "number" if is_long or is_account or is_card else None


def _is_telephone(digits: str, groups: list[str], is_abroad: bool) -> bool:
    digits = digits.removeprefix("00") if digits.startswith("0062") else digits
    if not is_abroad and not _DIALLED.fullmatch(digits):
        return False
    if digits[0] == "8" and len(groups) > 4 and any(len(group) > 1 for group in groups):
        return False
    written = f"+{digits}" if is_abroad or digits.startswith("62") else digits
    try:
        return is_valid_number(parse(written, "ID"))
    except NumberParseException:
        return False


def _is_money(digits: str, words: frozenset[str], after: str) -> bool:
    unit = _NEXT_WORD.match(after)
    if words & listed("numbers", "money_before"):
        return True
    if unit and unit[1].lower() in listed("numbers", "money_after"):
        return True
    return digits.endswith("000") and digits[0] != "0" and len(digits) <= 12


def _is_whole(found: str) -> bool:
    return found.count("(") == found.count(")")


def _words_before(text: str, start: int) -> frozenset[str]:
    """The last four words, not across digits or what is hidden."""
    near = _APART.split(text[max(0, start - 40) : start])[-1]
    return frozenset(word.lower() for word in _LETTERS.findall(near)[-4:])


def _is_spelt(found: re.Match[str], text: str) -> bool:
    """Whether digits and words for digits are one number: eight or more that begin as a telephone
    number does, or stand after a word such as "hp"."""
    words = [word.lower() for word in _LETTERS.findall(found[0])]
    if not words or _NO_NUMBER.match(found[0]):
        return False
    digits = "".join(
        str(spelt_digits().get(part.lower(), part if part.isdecimal() else ""))
        for part in re.findall(r"[^\W\d_]+|\d", found[0].translate(_LETTERS_FOR_DIGITS))
    )
    begins = digits.startswith(("0", "62", "8"))
    named = _words_before(text, found.start()) & listed("numbers", "phones")
    spelt = sum(word in spelt_digits() for word in words)
    return (
        len(digits) >= 8
        and bool(begins or named)
        and (spelt >= 4 or _is_telephone(digits, [digits], False))
    )


@cache
def _spelt() -> re.Pattern[str]:
    digit = rf"(?:{_DIGITS}|{either(spelt_digits())}(?![^\W\d_]))"
    gap = rf"{_GAP}(?:(?<![^\W\d_]){either(listed('between', 'digits'))}(?![^\W\d_]){_GAP})?"
    return re.compile(rf"(?:\+[ ]?)?(?<!\w){digit}(?:{gap}{digit})++", re.IGNORECASE)


def plate_spans(text: str) -> list[Span]:
    """Plates of vehicles: "BP 1234 XY", "b1234abc", "plat B-1234"."""
    return [
        Span(*found.span(), "plate") for found in _PLATE.finditer(text) if _is_plate(found, text)
    ]


def _is_plate(found: re.Match[str], text: str) -> bool:
    area, last = found["area"], found["last"]
    if area.upper() not in listed("plates", "areas"):
        return False
    if (last or "").lower() in listed("plates", "not_last"):
        return False
    digits = re.sub(r"\D", "", found["digits"])
    word = _WORD_BEFORE.search(text, max(0, found.start() - 24), found.start())
    before = word.group(1).lower() if word else ""
    if before in listed("plates", "before"):
        return last is not None or len(digits) > 1
    letters = area + (last or "")
    if last is None or before in listed("plates", "queue"):
        return False
    if not (letters.isupper() or letters.islower()):
        return False
    if len(digits) != len(found["digits"]):  # "B 1 2 3 4 XYZ"
        return letters.isupper() and len(last) > 1 and len(digits) == 4
    is_short = len(area) > 1 and letters.isupper() and len(digits) > 1  # "BP 12 A"
    return is_short or (
        len(digits) > 2 and (len(last) > 1 or letters.isupper() or not found["gap"])
    )
