"""Which letters our fonts can draw, so that no paper ever has an empty box.

Inter has Latin, Greek and Cyrillic; Noto has Arabic and the letters of the archipelago. What none
of them has stands as "?", and a sign that is no letter (an emoji) is left out; whoever gives such a
name is told (`lacking`).
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parents[1] / "fonts"
_LETTERS = "LNP"  # letters, digits, punctuation, by Unicode's general category


def printable(text: str) -> str:
    """The text as our fonts can draw it."""
    known = _known()
    if all(map(known.__contains__, map(ord, text))):
        return text
    return "".join(each if ord(each) in known else _instead(each) for each in text)


def lacking(text: str) -> str:
    """What of it our fonts cannot draw, each once, in its order."""
    known = _known()
    return "".join(dict.fromkeys(each for each in text if ord(each) not in known))


def _instead(letter: str) -> str:
    return "?" if unicodedata.category(letter)[0] in _LETTERS else ""


@cache
def _known() -> frozenset[int]:
    return frozenset(code for file in FONTS.glob("*.ttf") for code in _codes(file.read_bytes()))


def _codes(font: bytes) -> Iterator[int]:
    """The characters of a TrueType font, by its widest `cmap` (ISO/IEC 14496-22)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    heads = (struct.unpack_from(">4s3I", font, 12 + 16 * place) for place in range(tables))
    start = next(offset for name, _, offset, _ in heads if name == b"cmap")
    number = struct.unpack_from(">H", font, start + 2)[0]
    maps = (struct.unpack_from(">2HI", font, start + 4 + 8 * place) for place in range(number))
    formats = {struct.unpack_from(">H", font, start + o)[0]: start + o for _, _, o in maps}
    if 12 in formats:
        return _of_groups(font, formats[12])
    return _of_segments(font, formats[4])


def _of_groups(font: bytes, at: int) -> Iterator[int]:
    """Format 12: first and last of each group."""
    for place in range(struct.unpack_from(">I", font, at + 12)[0]):
        first, last, _ = struct.unpack_from(">3I", font, at + 16 + 12 * place)
        yield from range(first, last + 1)


def _of_segments(font: bytes, at: int) -> Iterator[int]:
    """Format 4: the last of each segment, then the first of each; the last segment is none."""
    segments = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", font, at + 14)
    starts = struct.unpack_from(f">{segments}H", font, at + 16 + 2 * segments)
    for first, last in zip(starts[:-1], ends[:-1], strict=True):
        yield from range(first, last + 1)
