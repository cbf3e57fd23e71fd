"""A paper in no format's words: a cover, chapters of texts, tables and charts, which every renderer
shows in its own way.

Tables and charts are counted through, and what is said of one names it by that number
(`numbered`), so that each renderer can lead there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from flows.formats import indonesian


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as decimal text, such as "84.72"; "" as long as it is not known."""

    text: str

    @property
    def said(self) -> str:
        """As Indonesian writes it, with a true minus sign and points between thousands."""
        return indonesian(self.text)

    @property
    def places(self) -> int:
        return len(self.text.partition(".")[2])


Cell = str | Figure


def said(cell: Cell) -> str:
    return cell.said if isinstance(cell, Figure) else cell


@dataclass(frozen=True, slots=True)
class Heading:
    """A section, with its number before it: "3.2 Indeks Kepuasan Masyarakat"."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`note`: smaller, of what a reader should know of the figures above it. `see`: the tables and
    charts that show it, by their names; once `numbered`, by their labels."""

    text: str
    tone: Literal["plain", "note", "strong"] = "plain"
    see: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Points:
    """Each with a stroke before it."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`widths`: of the columns, one against another. Without a `head` the first column names what
    stands beside it. `live`: formulas of cells by row and column, in which "{r,c}" is the cell of
    that row and column of the table: they give what is printed. `label`: once `numbered`."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    live: Mapping[tuple[int, int], str] | None = None
    label: str = ""

    def is_of_numbers(self, column: int) -> bool:
        """Whether a column stands to the right: its heading too."""
        return column > 0 and any(isinstance(row[column], Figure) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Chart:
    """What a table says too, drawn from `low` to `high`; in bars those `marked` are dark."""

    kind: Literal["bars", "line"]
    name: str
    rows: tuple[tuple[str, Figure, bool], ...]
    low: float
    high: float
    label: str = ""

    @property
    def told(self) -> str:
        """What it shows, for whoever cannot see it."""
        return f"{self.name}: " + "; ".join(f"{of} {figure.said}" for of, figure, _ in self.rows)


@dataclass(frozen=True, slots=True)
class Picture:
    """`content`: a PNG."""

    name: str
    content: bytes
    label: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: place and day, the office, and below the room for the signature who it is."""

    place_and_day: str
    position: str
    lines: tuple[str, ...]


Block = Heading | Paragraph | Points | Table | Chart | Picture | Signature


@dataclass(frozen=True, slots=True)
class Chapter:
    """`short`: its name on a tab of a workbook. `front`: before the list of contents."""

    title: str
    short: str
    blocks: tuple[Block, ...]
    front: bool = False


@dataclass(frozen=True, slots=True)
class Cover:
    """`head`: whose paper it is, over the logo (a PNG); `lines`: unit, period, number of the
    letter and such. `summary`: the index in a line, or why there is none."""

    title: str
    head: tuple[str, ...]
    lines: tuple[str, ...]
    year: str
    summary: str
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """`foot`: at the foot of each page. `banner`: what a reader must know before anything else; ""
    where there is nothing."""

    cover: Cover
    author: str
    foot: str
    made_on: date
    banner: str
    chapters: tuple[Chapter, ...]

    @property
    def title(self) -> str:
        return f"{self.cover.title} {self.foot}"


_COUNTED: Mapping[type, str] = {Table: "Tabel", Chart: "Gambar", Picture: "Gambar"}


def numbered(chapters: Sequence[Chapter]) -> Iterator[Chapter]:
    """The same with their tables and charts counted through, and named by that where one is told
    to look. Without a name none is counted."""
    labels = dict(_labels(chapters))
    for chapter in chapters:
        yield replace(chapter, blocks=tuple(_labelled(block, labels) for block in chapter.blocks))


def _labels(chapters: Sequence[Chapter]) -> Iterator[tuple[str, str]]:
    counts = dict.fromkeys(_COUNTED.values(), 0)
    for block in (block for chapter in chapters for block in chapter.blocks):
        kind = _COUNTED.get(type(block))
        if kind and (name := getattr(block, "name")):  # noqa: B009  (of three of the blocks)
            counts[kind] += 1
            yield name, f"{kind} {counts[kind]}"


def _labelled(block: Block, labels: Mapping[str, str]) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, see=tuple(labels[name] for name in block.see if name in labels))
    if isinstance(block, Table | Chart | Picture):
        return replace(block, label=labels.get(block.name, ""))
    return block
