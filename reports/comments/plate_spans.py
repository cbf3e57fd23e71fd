"""Plates of vehicles in a text: "BP 1234 XY", "b1234abc", "plat B-1234"."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from reports.comments.spans import Span

_PLATE = re.compile(
    r"(?<![A-Za-z0-9/])(?P<area>[A-Za-z]{1,2})(?P<gap>[ .\-]{0,2})(?P<digits>\d{1,4})(?!\d)"
    r"(?:(?P<gap2>[ .\-]{0,2})(?P<last>[A-Za-z]{1,3})(?![A-Za-z0-9]))?"
)
_WORD_BEFORE = re.compile(r"([A-Za-z]{1,20})[ :.=]{0,3}\Z")


def plate_spans(text: str) -> list[Span]:
    return [Span(*found.span(), "plate") for found in _PLATE.finditer(text) if _is(found, text)]


def _is(found: re.Match[str], text: str) -> bool:
    lists, (area, digits, last) = _lists(), found.group("area", "digits", "last")
    if area.upper() not in lists.areas or (last or "").lower() in lists.not_last:
        return False
    word = _WORD_BEFORE.search(text, max(0, found.start() - 24), found.start())
    before = word.group(1).lower() if word else ""
    if before in lists.before:
        return last is not None or len(digits) > 1
    letters = area + (last or "")
    if last is None or before in lists.queue or not (letters.isupper() or letters.islower()):
        return False
    return len(digits) > 2 and (len(last) > 1 or letters.isupper() or not found["gap"])


class _Lists(NamedTuple):
    areas: frozenset[str]
    before: frozenset[str]
    not_last: frozenset[str]
    queue: frozenset[str]


@cache
def _lists() -> _Lists:
    data = tomllib.loads((files("reports.comments") / "plates.toml").read_text("utf-8"))
    return _Lists(**{key: frozenset(value.split()) for key, value in data.items()})
