"""A report as a PDF, A4, set by typst: PDF/A-2b, tagged, with bookmarks and texts for charts."""

from pathlib import Path
from typing import Any

from reports.papers.document import (
    Block,
    Chart,
    Cover,
    Document,
    Figure,
    Heading,
    Paragraph,
    Picture,
    Points,
    Signature,
    Table,
    said,
)
from reports.printed.typesetting import archived, told

_PAPER = Path(__file__).parent / "paper.typ"


def pdf(document: Document) -> bytes:
    """Some tenths of a second of CPU: call it in a thread."""
    return archived(_PAPER, page_data(document))


def contents(document: Document) -> list[tuple[int, str, str]]:
    """Level, words and page of each heading in that PDF."""
    return [(*each,) for each in told(_PAPER, page_data(document), "contents")]


def page_data(document: Document) -> dict[str, Any]:
    """All that `paper.typ` shows."""
    return {
        "title": document.title,
        "author": document.author,
        "foot": document.foot,
        "made": [document.made_on.year, document.made_on.month, document.made_on.day],
        "banner": document.banner,
        "cover": _cover(document.cover),
        "chapters": [
            {
                "title": chapter.title,
                "front": chapter.front,
                "blocks": [_block(block) for block in chapter.blocks],
            }
            for chapter in document.chapters
        ],
    }


def _cover(cover: Cover) -> dict[str, Any]:
    said = ("title", "head", "lines", "year", "summary")
    return {name: getattr(cover, name) for name in said} | {"logo": [*(cover.logo or b"")]}


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text):
            return {"is": "heading", "text": text}
        case Paragraph(text, tone, see):
            return {"is": tone, "text": text, "see": see}
        case Points(texts):
            return {"is": "points", "texts": texts}
        case Table(name, head, rows, widths, _, label):
            cells = [[said(cell) for cell in row] for row in rows]
            right = [block.is_of_numbers(place) for place in range(len(widths))]
            shape = {"head": head, "widths": widths, "right": right, "rows": cells}
            return {"is": "table", "name": name, "label": label, **shape}
        case Chart(kind, name, rows, low, high, label):
            drawn = [
                {"name": of, "said": figure.said, "share": _share(figure, low, high), "dark": dark}
                for of, figure, dark in rows
            ]
            ends = {"low": Figure(f"{low:g}").said, "high": Figure(f"{high:g}").said}
            return {
                "is": kind,
                "name": name,
                "label": label,
                "rows": drawn,
                "alt": block.told,
                **ends,
            }
        case Picture(name, content, label):
            return {"is": "picture", "name": name, "label": label, "png": [*content]}
        case Signature(place_and_day, position, lines):
            above = [place_and_day, position]
            return {"is": "signature", "above": above, "below": lines}


def _share(figure: Figure, low: float, high: float) -> float:
    return (float(figure.text) - low) / (high - low)
