"""Home addresses in a text: "Jl. Melati No. 12 RT 02/RW 05", "gang mawar", "perum X blok C3".

An address is a row of parts with one among them that few live at: a house number after a street or
an estate, a block with its number, a lane, an RT or RW. A street by itself is none, unless
somebody says to live there; so offices and traffic jams keep their streets.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from reports.comments.name_words import Word, is_formed, is_known, name_lists, words_of
from reports.comments.spans import Span, either, listed

_HOUSE = r"(?:no|nomor|nmr|nmor|#)[ .:]{0,2}\d{1,4}(?:[ ]?[a-z](?![a-z]))?(?:/\d{1,3})?(?!\w)"
_CODE = re.compile(  # of which one alone is an address
    r"\br[tw][ ./]{0,2}(?:rw[ .]?)?\d{1,3}(?:[ ]?/[ ]?(?:rw[ .]?)?\d{1,3})?(?!\w)"
    r"|\bblok[ .]?[a-z]{1,2}[ ./-]?\d{1,4}[a-z]?(?!\w)"
    rf"|\bblok[ .]?[a-z]{{1,2}}[ ,]{{1,2}}{_HOUSE}"
    rf"|(?<=\brumah ){_HOUSE}",
    re.IGNORECASE,
)
_NUMBER = re.compile(  # an address after a street or an estate
    rf"(?<!\w){_HOUSE}|\bblok[ .]?[a-z]{{1,2}}(?!\w)", re.IGNORECASE
)
_CODES = ("no", "nomor", "nmr", "nmor", "rt", "rw", "blok")
_BARE_NUMBER = re.compile(
    r"[ ,]{1,2}(?P<it>\d{1,4}[a-z]?(?:/\d{1,3})?)(?![\w%]|[.,:]\d)[ ]?(?P<counted>[^\W\d_]*)",
    re.IGNORECASE,
)
_LANE_NUMBER = re.compile(r"[ .]{1,2}\d{1,3}[a-z]?(?!\w)", re.IGNORECASE)
_BEFORE_NAME = re.compile(r"[ ]?[.:]?[ ]?|[ ]")
_INSIDE_NAME = re.compile(r"[ ]|[.][ ]?")
_APART = re.compile(r"[ ,.;:/()-]{0,4}(?:(?:di|kel|kec)[ .]{1,2})?")
_MOST_WORDS = 4  # of a name


class _Part(NamedTuple):
    """`tells`: 2 where it is an address alone, 1 with a number, 0 where it is the number."""

    start: int
    end: int
    tells: int
    is_street: bool = False


def home_spans(text: str) -> list[Span]:
    """Kind address."""
    words = words_of(text)
    row: list[_Part] = []
    spans: list[Span] = []
    for part in _parts(text, words):
        if row and not _APART.fullmatch(text, row[-1].end, part.start):
            spans += _address(row, text)
            row = []
        row.append(part)
    return spans + _address(row, text)


def _address(row: list[_Part], text: str) -> list[Span]:
    while row and row[0].tells == 0:  # "no 5" before anything that it numbers
        row = row[1:]
    if not row:
        return []
    tells = {part.tells for part in row}
    if 2 in tells or {0, 1} <= tells or (row[0].is_street and _is_lived_in(text, row[0].start)):
        return [Span(row[0].start, row[-1].end, "address")]
    return []


def _is_lived_in(text: str, start: int) -> bool:
    for word in reversed(re.findall(r"[^\W\d_]+", text[max(0, start - 40) : start].lower())):
        if word in listed("homes", "living"):
            return True
        if word not in listed("homes", "living_between"):
            break
    return False


def _parts(text: str, words: list[Word]) -> Iterator[_Part]:
    """In order, none over another."""
    by_start = {word.start: at for at, word in enumerate(words)}
    at = 0
    while found := _part_begins().search(text, at):
        start, at = found.start(), found.start() + 1
        part = _coded(text, start) or _named(text, words, by_start.get(start))
        if part:
            yield part
            at = part.end


def _coded(text: str, start: int) -> _Part | None:
    if found := _CODE.match(text, start):
        return _Part(*found.span(), 2)
    found = _NUMBER.match(text, start)
    return _Part(*found.span(), 0) if found else None


def _named(text: str, words: list[Word], at: int | None) -> _Part | None:
    """A street, a lane, an estate or an area with its name, and a number that follows."""
    if at is None or words[at].text not in _heads():
        return None
    tells, is_street = _heads()[words[at].text]
    end = _name_end(words, at)
    if end is None:
        lane = _LANE_NUMBER.match(text, words[at].end) if tells == 2 else None
        return _Part(words[at].start, lane.end(), 2) if lane else None
    number = _BARE_NUMBER.match(text, end)
    if number and number["counted"].lower() not in listed("homes", "units"):
        return _Part(words[at].start, number.end("it"), 2)
    return _Part(words[at].start, end, tells, is_street)


@cache
def _heads() -> Mapping[str, tuple[int, bool]]:
    """What a word begins: how much it tells with a name, whether it is a street."""
    return {
        **dict.fromkeys(listed("homes", "streets"), (1, True)),
        **dict.fromkeys(listed("homes", "lanes"), (2, False)),
        **dict.fromkeys(listed("homes", "estates"), (1, False)),
        **dict.fromkeys(listed("homes", "areas"), (1, False)),
    }


@cache
def _part_begins() -> re.Pattern[str]:
    first = either({*_heads(), *_CODES})
    return re.compile(rf"(?<![^\W\d_]){first}(?![^\W\d_])|#", re.IGNORECASE)


def _name_end(words: list[Word], at: int) -> int | None:
    """After the last word of the name that follows; None for none."""
    end = None
    gap, allowed = words[at].gap, _BEFORE_NAME
    for word in words[at + 1 : at + 2 + _MOST_WORDS]:
        if not allowed.fullmatch(gap) or word.text in {*_heads(), *_CODES}:
            break
        if _is_name_of_place(word, first=end is None):
            end = word.end
        elif word.text not in name_lists().titles | name_lists().abbreviations:
            break
        gap, allowed = word.gap, _INSIDE_NAME
    return end


def _is_name_of_place(word: Word, *, first: bool) -> bool:
    has = name_lists()
    if word.text in listed("homes", "no_names") or len(word.text) < 3:
        return False
    if word.text in listed("homes", "names") | has.both or is_known(word.text):
        return True
    if word.text in has.ordinary | has.posts:
        return not first and word.shape == "capital"
    return word.shape == "capital" or not is_formed(word.text)
