"""Which of several things a heading means by its words, and never by a guess.

Theory. Each thing that a column can be has words of its own (`column_names.toml`, [own_words]):
"kecepatan" is said of one element, "pelayanan" of all. A heading means the thing whose own words it
has, if it has none of another's: "kecepatan petugas" is one thing, "waktu penanganan pengaduan" may
be two, and then somebody is asked.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

LONGEST = 500  # characters of a heading
TYPED = 0.85  # of the letters of a long word have to agree
LONG = 5  # letters from which on a word may be mistyped
STEM = 4  # letters that have to be left of a word

_BEFORE = ("keber", "ke", "peng", "pen", "pem", "per", "pe", "meng", "men", "mem", "me", "ber")
_AFTER = ("kannya", "annya", "nya", "kan", "an", "s")


def plain(text: str) -> str:
    """Of letters, digits and single spaces: two that differ in no more are one name."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


@dataclass(frozen=True)
class Likeness:
    """`own`: thing → its own words, as they are spelled."""

    own: Mapping[str, Sequence[str]]

    @cached_property
    def _stems(self) -> Mapping[str, frozenset[str]]:
        return {thing: frozenset(map(_stem, own)) for thing, own in self.own.items()}

    def meant(self, heading: str) -> list[str]:
        """The things that it has words of: one, if it is clear."""
        words = {_stem(word) for word in plain(heading[:LONGEST]).split()}
        return [
            thing
            for thing, stems in self._stems.items()
            if words & stems or any(_same(word, stem) for word in words for stem in stems)
        ]


def _same(word: str, known: str) -> bool:
    """The word, or mistyped so that it is no other's."""
    if word == known or min(len(word), len(known)) < LONG:
        return word == known
    near = word[0] == known[0] and abs(len(word) - len(known)) < 3
    return near and SequenceMatcher(None, word, known).ratio() >= TYPED


def _stem(word: str) -> str:
    """Without what Indonesian puts before and behind: kecepatan and cepat are one."""
    for after in _AFTER:
        if word.endswith(after) and len(word) - len(after) >= STEM:
            word = word.removesuffix(after)
            break
    for before in _BEFORE:
        if word.startswith(before) and len(word) - len(before) >= STEM:
            return word.removeprefix(before)
    return word
