"""Bold and monospaced words, in no platform's way.

A catalogue writes <b>…</b> and <code>…</code>. When it is read (`flows.loader`) each becomes a
character that nobody can type: whatever people wrote, or a unit is called, is said without those
(`clean`). So what stands out on a screen was written by us.
"""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["bold", "code"]

_BEGINS: dict[str, Kind] = {"\ue000": "bold", "\ue001": "code"}
_ENDS = "\ue002"
_WRITTEN = {"<b>": "\ue000", "</b>": _ENDS, "<code>": "\ue001", "</code>": _ENDS}
_PIECES = re.compile(f"([{''.join((*_BEGINS, _ENDS))}])")
_NONE = dict.fromkeys(map(ord, (*_BEGINS, _ENDS)))


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a text, from `start` to before `end`."""

    kind: Kind
    start: int
    end: int


def marked(text: str) -> str:
    """A catalogue's text with our characters in place of what it writes."""
    for tag, character in _WRITTEN.items():
        text = text.replace(tag, character)
    return text


def clean(text: str) -> str:
    """Without any of our characters."""
    return text if text.isascii() else text.translate(_NONE)


def parsed(text: str) -> tuple[str, tuple[Span, ...]]:
    """The words, and what of them stands out. Nothing stands out in another."""
    words, spans, begun = "", list[Span](), None
    for piece in _PIECES.split(text):
        if piece in _BEGINS:
            begun = _BEGINS[piece], len(words)
        elif piece == _ENDS:
            if begun and begun[1] < len(words):
                spans.append(Span(*begun, len(words)))
            begun = None
        else:
            words += piece
    return words, tuple(spans)
