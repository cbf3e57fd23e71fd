"""Which letters a font has, read from its own table (OpenType, cmap: formats 4 and 12)."""

import struct
from collections.abc import Iterator
from pathlib import Path


def letters(font: Path) -> set[int]:
    """The Unicode numbers of all that it draws."""
    data = font.read_bytes()
    tables = (struct.unpack_from(">4sIII", data, 12 + 16 * n) for n in range(_u16(data, 4)))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    found: set[int] = set()
    for number in range(_u16(data, cmap + 2)):
        platform, _, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * number)
        if platform in (0, 3):
            found |= set(_mapped(data, cmap + offset))
    return found


def _mapped(data: bytes, at: int) -> Iterator[int]:
    if _u16(data, at) == 12:
        for group in range(struct.unpack_from(">I", data, at + 12)[0]):
            first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * group)
            yield from range(first, last + 1)
    elif _u16(data, at) == 4:
        size = _u16(data, at + 6)
        for place in range(at + 14, at + 14 + size, 2):
            last, first = _u16(data, place), _u16(data, place + size + 2)
            delta, offset = _u16(data, place + 2 * size + 2), _u16(data, place + 3 * size + 2)
            for letter in range(first, min(last, 0xFFFE) + 1):
                here = place + 3 * size + 2 + offset + 2 * (letter - first)
                glyph = _u16(data, here) if offset else letter
                if glyph and (glyph + delta) % 65536:
                    yield letter


def _u16(data: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", data, at)[0])
