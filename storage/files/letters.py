"""Which letters can be drawn on posters, pictures and papers: those that our fonts have.

`letters.txt` says it, as numbers in hexadecimal, first and last of a range a line; a test makes it
of the fonts. What is in none of them would be an empty box, so whoever brings in a name is told,
and in what is drawn a dot stands in its place; of what draws nothing by itself, nothing.
"""

import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("letters.txt")
DOT = "·"

_SHAPING = ("Cf", "Cc", "Mn", "Zs", "Zl", "Zp")  # they draw nothing by themselves


def undrawn(text: str) -> str:
    """The letters in it that no font has, each once."""
    return "".join(letter for letter in _unknown(text) if not _is_shaping(letter))


def drawable(text: str) -> str:
    """With a dot for each letter that no font has."""
    unknown = _unknown(text)
    return text.translate({ord(each): "" if _is_shaping(each) else DOT for each in unknown})


def _unknown(text: str) -> list[str]:
    return [] if text.isascii() else [each for each in dict.fromkeys(text) if not _is_known(each)]


def _is_shaping(letter: str) -> bool:
    return unicodedata.category(letter) in _SHAPING


@cache
def _is_known(letter: str) -> bool:
    first, last = _ranges()
    place = bisect_right(first, ord(letter)) - 1
    # Controls such as the end of a line are nothing to draw.
    return unicodedata.category(letter) == "Cc" or (place >= 0 and ord(letter) <= last[place])


@cache
def _ranges() -> tuple[list[int], list[int]]:
    lines = FILE.read_text(encoding="ascii").split()
    pairs = [line.partition("-") for line in lines]
    return [int(a, 16) for a, _, _ in pairs], [int(b or a, 16) for a, _, b in pairs]
