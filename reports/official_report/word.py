"""A report as a Word document (.docx), to be worked on further."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from docx import Document as Paper
from docx.document import Document as Open
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as Grid
from docx.text.paragraph import Paragraph as Line

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

_WIDE = 162  # mm between the margins
_FULL = "█"
_TOGETHER = 14  # rows of a table that is not parted by a page


def docx(document: Document) -> bytes:
    paper = _begun(document)
    for chapter in document.chapters:
        paper.add_heading(chapter.title, 1).paragraph_format.page_break_before = chapter.on_new_page
        for block in chapter.blocks:
            _block(paper, block)
    if document.card:
        _card(paper, document.card)
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def _begun(document: Document) -> Open:
    paper = Paper()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(24)
    section.top_margin = section.bottom_margin = Mm(22)
    paper.styles["Normal"].font.name, paper.styles["Normal"].font.size = "Calibri", Pt(10.5)
    paper.core_properties.title = document.title
    paper.core_properties.author = document.lines[0]
    paper.core_properties.created = datetime.combine(document.made_on, time())
    _in_indonesian(paper)
    _footer(section.footer.paragraphs[0], f"{document.lines[0]} · {document.lines[2]} · Halaman ")
    if document.banner:
        paper.add_paragraph(document.banner, "Intense Quote")
    paper.add_heading(document.title, 0)
    for line in document.lines:
        paper.add_paragraph(line).paragraph_format.space_after = Pt(0)
    _paragraph(paper, document.summary, "strong")
    return paper


def _in_indonesian(paper: Open) -> None:
    """Or every word would be underlined as misspelt."""
    for language in paper.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "id-ID")


def _footer(line: Line, text: str) -> None:
    line.add_run(text)
    for kind, said in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = line.add_run()
        made = OxmlElement("w:instrText" if said else "w:fldChar")
        if said:
            made.text = said
        else:
            made.set(qn("w:fldCharType"), kind)
        run._r.append(made)


def _block(paper: Open, block: Block) -> None:
    match block:
        case Heading(text):
            paper.add_heading(text, 2)
        case Paragraph(text, tone):
            _paragraph(paper, text, tone)
        case Points(texts):
            for text in texts:
                paper.add_paragraph(text, "List Bullet")
        case Table():
            _table(paper, block)
        case Bars():
            _bars(paper, block)


def _paragraph(paper: Open, text: str, tone: str) -> None:
    run = paper.add_paragraph().add_run(text)
    run.bold = tone == "strong"
    if tone == "note":
        run.font.size = Pt(9)
        run.italic = True


def _table(paper: Open, table: Table) -> None:
    _caption(paper, table.name)
    grid = paper.add_table(0, len(table.widths), "Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    if table.head:
        _row(grid, table.head, bold=range(len(table.head)))
        _repeats(grid)
    for row in table.rows:
        _row(grid, row, bold=range(0 if table.head else 1))
    for cell in grid.rows[0].cells if table.head else grid.columns[0].cells:
        _shade(cell)
    if len(table.rows) <= _TOGETHER:
        _keep_together(grid)
    _widen(grid, table.widths)
    paper.add_paragraph().paragraph_format.space_after = Pt(2)


def _caption(paper: Open, name: str) -> None:
    line = paper.add_paragraph()
    line.add_run(name).bold = True
    line.paragraph_format.keep_with_next = True
    line.paragraph_format.space_after = Pt(3)


def _row(grid: Grid, row: Iterable[Cell], bold: range) -> None:
    added = grid.add_row()  # type: ignore[no-untyped-call]
    no_split = OxmlElement("w:cantSplit")
    added._tr.get_or_add_trPr().append(no_split)
    for place, (cell, value) in enumerate(zip(added.cells, row, strict=True)):
        line = cell.paragraphs[0]
        run = line.add_run(value.said if isinstance(value, Figure) else value)
        run.font.size, run.bold = Pt(9.5), place in bold
        line.paragraph_format.space_after = Pt(1)
        if isinstance(value, Figure):
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _shade(cell: Any) -> None:
    fill = OxmlElement("w:shd")
    fill.set(qn("w:val"), "clear")
    fill.set(qn("w:fill"), "EEF1F4")
    cell._tc.get_or_add_tcPr().append(fill)


def _keep_together(grid: Grid) -> None:
    """On one page: every row with the next."""
    for row in grid.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _widen(grid: Grid, widths: Sequence[int]) -> None:
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(_WIDE * width / sum(widths))
        for cell in column.cells:
            cell.width = column.width


def _repeats(grid: Grid) -> None:
    """The head stands again on every page that the table goes on to."""
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(header)


def _bars(paper: Open, bars: Bars) -> None:
    """Drawn in letters, so that they can be changed."""
    _caption(paper, bars.name)
    grid = paper.add_table(0, 3)
    for name, figure, dark in bars.rows:
        share = (float(figure.text) - bars.low) / (bars.high - bars.low)
        drawn = _FULL * max(round(24 * share), 1)
        _row(grid, (name, drawn, figure), bold=range(3) if dark else range(0))
    _widen(grid, (58, 88, 16))


def _card(paper: Open, card: Card) -> None:
    paper.add_page_break()  # type: ignore[no-untyped-call]
    for text, size in (
        (card.title, 18),
        (card.unit, 22),
        (card.agency, 12),
        (card.service, 14),
        (card.period, 11),
        (card.ikm.said, 72),
        (f"Mutu {card.grade} · {card.label}" if card.grade else "", 22),
    ):
        if text:
            _centred(paper, text, size)
    for name, rows in card.facts:
        _table(paper, Table(name, (), tuple(rows), (6, 2)))
    _centred(paper, card.thanks, 13)
    _centred(paper, card.foot, 9)


def _centred(paper: Open, text: str, size: int) -> None:
    line = paper.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run(text)
    run.font.size, run.bold = Pt(size), size > 12
