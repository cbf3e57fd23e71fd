"""Stretches of a text, and the text with marks in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

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
