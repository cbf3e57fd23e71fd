"""Abusive words in a comment, folded to "[kata kasar]"; the original is shown on request.

A word counts in its disguises too: "4njing", "a*jing", "a.n.j.i.n.g", "a n j i n g", "goblokkkk",
"anjinglah", "dasargoblok". It does not beside a word that makes it harmless ("anjing pelacak",
"babi guling"). Lists and reasons: `abuse.toml`; cases counted in tests/reports/test_abuse.py.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import islice, product
from typing import NamedTuple

from reports.comments.spans import Span, replaced

MARK = "[kata kasar]"

_CHUNK = re.compile(r"(?:[^\W_]|[@$!|*#€])+")
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][ ._\-]){3,14}[^\W\d_](?!\w)")  # "a n j i n g"
_EDGES = "!|"
_REPEATED = re.compile(r"(.)\1+")
_STARS = re.compile(r"([*#]+)")
_LONGEST = 40  # letters of a chunk that is read as a word
_MOST_READINGS = 16


class _Lists(NamedTuple):
    words: frozenset[str]  # letters never twice in a row, as in what is read
    anywhere: tuple[str, ...]
    ends: tuple[str, ...]
    disguises: dict[str, str]  # a sign: the letters that it may stand for
    innocent: dict[str, frozenset[str]]


def folded(text: str) -> str:
    """The text with each abusive word folded."""
    return replaced(text, abusive(text), {"abuse": MARK})


def abusive(text: str) -> tuple[Span, ...]:
    """The abusive words, kind "abuse", in order."""
    spans = [
        Span(*found.span(), "abuse")
        for found in _SPACED.finditer(text)
        if _listed(re.sub(r"\W|_", "", found[0].lower()))
    ]
    chunks = [(chunk.start(), chunk[0]) for chunk in _CHUNK.finditer(text)]
    plain = [chunk.lower().strip(_EDGES) for _, chunk in chunks]
    for at, (start, chunk) in enumerate(chunks):
        word = _abusive_word(plain[at])
        if word and not _is_innocent(word, plain[max(0, at - 2) : at] + plain[at + 1 : at + 3]):
            left = len(chunk) - len(chunk.lstrip(_EDGES))
            spans.append(Span(start + left, start + len(chunk.rstrip(_EDGES)), "abuse"))
    return tuple(sorted(spans))


def _is_innocent(word: str, beside: list[str]) -> bool:
    return not _lists().innocent.get(word, frozenset()).isdisjoint(beside)


@cache
def _lists() -> _Lists:
    data = tomllib.loads((files("reports.comments") / "abuse.toml").read_text("utf-8"))
    disguises: dict[str, str] = {}
    for sign, letter in (*data["disguises"], *data["foreign"]):
        disguises[sign] = disguises.get(sign, "") + letter
    return _Lists(
        frozenset(map(_once, data["words"].split())),
        tuple(map(_once, data["anywhere"].split())),
        tuple(data["ends"].split()),
        disguises,
        {_once(word): frozenset(beside.split()) for word, beside in data["innocent"].items()},
    )


def _once(word: str) -> str:
    """Without letters drawn out."""
    return _REPEATED.sub(r"\1", word)


def _abusive_word(chunk: str) -> str | None:
    """The word of the list that a chunk of text is, in some disguise."""
    if not 3 <= len(chunk) <= _LONGEST or sum(map(str.isalpha, chunk)) < 2:
        return None
    bare = chunk.strip("*#")
    if found := next(filter(None, map(_listed, _readings(bare))), None):
        return found
    return _starred(chunk) if "*" in chunk or "#" in chunk else None


def _readings(chunk: str) -> Iterator[str]:
    """What its letters and signs may stand for. "2" at the end says a word twice."""
    ways = [_lists().disguises.get(letter, letter) for letter in chunk.rstrip("2")]
    for reading in islice(product(*ways), _MOST_READINGS):
        yield _once("".join(reading))


def _listed(word: str) -> str | None:
    lists = _lists()
    stems = [word, *(word.removesuffix(end) for end in lists.ends if word.endswith(end))]
    if found := next((stem for stem in stems if stem in lists.words), None):
        return found
    return next(
        (root for root in lists.anywhere if root in word and len(word) > len(root) + 2), None
    )


def _starred(chunk: str) -> str | None:
    """ "a**ing": stars for letters, at least the first letter real."""
    shape = re.compile(
        "".join(
            f".{{1,{len(part) + 1}}}" if part[0] in "*#" else "".join(map(_any_way, part))
            for part in _STARS.split(chunk)
            if part
        )
    )
    fits = (word for word in sorted(_lists().words) if shape.fullmatch(word))
    return next(fits, None) if chunk[0] not in "*#" else None


def _any_way(letter: str) -> str:
    return f"[{re.escape(_lists().disguises.get(letter, letter))}]"
