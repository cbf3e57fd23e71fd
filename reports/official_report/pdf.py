"""A report as a PDF, A4, set by typst."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flows.engine.form import cut
from reports.official_report.document import (
    Bars,
    Block,
    Card,
    Cell,
    Document,
    Figure,
    Heading,
    Paragraph,
    Points,
    Table,
)
from reports.printed.typesetting import drawn

_FOOT = 60  # characters of a unit's name at the foot of a page
_PAPER = Path(__file__).parent / "report.typ"


def pdf(document: Document) -> bytes:
    """Some tenths of a second of CPU: call it in a thread."""
    return drawn(_PAPER, page_data(document))


def page_data(document: Document) -> dict[str, Any]:
    """All that `report.typ` shows."""
    return {
        "title": document.title,
        "lines": document.lines,
        "foot": f"{cut(document.lines[0], _FOOT)} · {document.lines[2]}",
        "summary": document.summary,
        "made": [document.made_on.year, document.made_on.month, document.made_on.day],
        "banner": document.banner,
        "chapters": [
            {
                "title": chapter.title,
                "page": chapter.on_new_page,
                "blocks": [_block(block) for block in chapter.blocks],
            }
            for chapter in document.chapters
        ],
        "card": _card(document.card) if document.card else None,
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text):
            return {"is": "heading", "text": text}
        case Paragraph(text, tone):
            return {"is": tone, "text": text}
        case Points(texts):
            return {"is": "points", "texts": texts}
        case Table(name, head, rows, widths):
            cells = [[_cell(cell) for cell in row] for row in rows]
            right = [_is_number(rows, place) for place in range(len(widths))]
            shape = {"head": head, "widths": widths, "right": right}
            return {"is": "table", "name": name, "rows": cells, **shape}
        case Bars(name, rows, low, high):
            bars = [
                {"name": of, "said": figure.said, "share": _share(figure, low, high), "dark": dark}
                for of, figure, dark in rows
            ]
            return {"is": "bars", "name": name, "bars": bars}


def _card(card: Card) -> dict[str, Any]:
    facts = [
        {"name": name, "rows": [[of, _cell(cell)["text"]] for of, cell in rows]}
        for name, rows in card.facts
    ]
    said = ("title", "unit", "agency", "service", "period", "grade", "label", "thanks", "foot")
    return {name: getattr(card, name) for name in said} | {"ikm": card.ikm.said, "facts": facts}


def _cell(cell: Cell) -> dict[str, Any]:
    if isinstance(cell, Figure):
        return {"text": cell.said, "number": True}
    return {"text": cell, "number": False}


def _is_number(rows: tuple[tuple[Cell, ...], ...], column: int) -> bool:
    """Whether a column stands to the right: its heading too."""
    return column > 0 and any(isinstance(row[column], Figure) for row in rows)


def _share(figure: Figure, low: float, high: float) -> float:
    return (float(figure.text) - low) / (high - low)
