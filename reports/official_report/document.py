"""A paper in no format's words: chapters of texts, tables and bars, which every renderer shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from flows.formats import indonesian


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as decimal text, such as "84.72"; "" before it is said what it is."""

    text: str

    @property
    def said(self) -> str:
        """As Indonesian writes it, with a true minus sign and points between thousands."""
        return indonesian(self.text)

    @property
    def places(self) -> int:
        return len(self.text.partition(".")[2])


Cell = str | Figure


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`note`: smaller, of what a reader should know of the figures above it."""

    text: str
    tone: Literal["plain", "note", "strong"] = "plain"


@dataclass(frozen=True, slots=True)
class Points:
    """Each with a stroke before it."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`widths`: of the columns, one against another. Without a `head` the first column names what
    stands beside it."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """What a table beside says too, drawn from `low` to `high`; those `marked` are dark."""

    name: str
    rows: tuple[tuple[str, Figure, bool], ...]
    low: float
    high: float


Block = Heading | Paragraph | Points | Table | Bars


@dataclass(frozen=True, slots=True)
class Chapter:
    """`short`: its name on a tab of a workbook."""

    title: str
    short: str
    blocks: tuple[Block, ...]
    on_new_page: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """The publication card: one page to hang up or to show on a phone."""

    title: str
    unit: str
    agency: str
    service: str
    period: str
    ikm: Figure
    grade: str
    label: str
    facts: tuple[tuple[str, tuple[tuple[str, Cell], ...]], ...]
    thanks: str
    foot: str


@dataclass(frozen=True, slots=True)
class Document:
    """`lines`: unit, agency, period, day. `summary`: the index in a line, or why there is none.
    `banner`: what a reader must know before anything else; "" where there is nothing."""

    title: str
    lines: tuple[str, ...]
    made_on: date
    summary: str
    banner: str
    chapters: tuple[Chapter, ...]
    card: Card | None


def numbered(chapters: Sequence[Chapter]) -> Iterator[Chapter]:
    """The same with their tables counted through."""
    number = 0
    for chapter in chapters:
        blocks: list[Block] = []
        for block in chapter.blocks:
            if isinstance(block, Table) and block.name:
                number += 1
                block = replace(block, name=f"Tabel {number}. {block.name}")
            blocks.append(block)
        yield replace(chapter, blocks=tuple(blocks))
