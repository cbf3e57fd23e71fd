"""How names are read and how people write them: words, abbreviations, words without vowels."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("abbreviations.toml")

_WORD = re.compile(r"[a-z0-9]+")
_VOWELS = re.compile(r"(?<=.)[aeiou]")


def words(text: str) -> list[str]:
    """Lower-case words and numbers, without accents and signs."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    return _WORD.findall(text.casefold())


@cache
def abbreviations() -> Mapping[str, tuple[str, ...]]:
    """What a short word stands for."""
    lists = tomllib.loads(FILE.read_text(encoding="utf-8"))
    kinds = (lists["units"], lists["regions"], lists["errands"])
    return {short: tuple(whole.split()) for kind in kinds for short, whole in kind.items()}


@cache
def passed_over() -> frozenset[str]:
    """Words that say nothing of a name."""
    lists = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return frozenset(lists["passed_over"]["words"].split())


def skeleton(word: str) -> str:
    """Without vowels, but for the first letter: "batam" as "btm"."""
    return _VOWELS.sub("", word)


def initials(names: list[str]) -> set[str]:
    """Of two to four words beside each other: "bc" of Batam Centre."""
    letters = "".join(word[0] for word in names)
    return {
        letters[at : at + size] for size in range(2, 5) for at in range(len(letters) - size + 1)
    }
