"""Stretches of a text, the text with marks in their place, and the lists that name them."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

HIDDEN = "\ufffc"  # no letter, digit or space: nothing is found in or across it


class Span(NamedTuple):
    """Characters `start` up to, without, `end` of a text."""

    start: int
    end: int
    kind: str


def replaced(text: str, spans: Iterable[Span], marks: Mapping[str, str]) -> str:
    """The text with each span's mark in its place. Spans in order, none over another."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], marks[span.kind]]
        at = span.end
    return "".join([*parts, text[at:]])


def hidden(text: str, spans: Iterable[Span]) -> str:
    """The text, as long as before, with nothing to read in the spans."""
    letters = list(text)
    for start, end, _ in spans:
        letters[start:end] = HIDDEN * (end - start)
    return "".join(letters)


@cache
def listed(table: str, key: str) -> frozenset[str]:
    """Words of a list in `personal.toml`."""
    return frozenset(_lists()[table][key].split())


@cache
def spelt_digits() -> Mapping[str, int]:
    """ "delapan": 8."""
    return _lists()["spelt"]  # type: ignore[no-any-return]


def either(words: Iterable[str]) -> str:
    """A pattern for one of these words, the longest first."""
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))})"


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads((files("reports.comments") / "personal.toml").read_text("utf-8"))
