"""A report as a Word document (.docx), to be worked on further: Word's own styles, captions that
count themselves, references to them, a list of contents and native charts."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from docx import Document as Paper
from docx.document import Document as Open
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as Grid
from docx.text.paragraph import Paragraph as Line

from reports.papers import word_charts
from reports.papers.document import (
    Block,
    Cell,
    Chart,
    Document,
    Heading,
    Paragraph,
    Picture,
    Points,
    Signature,
    Table,
    said,
)
from reports.papers.word_fields import contents, field, mark, reference

WIDE = 162  # mm between the margins
_TOGETHER = 14  # rows of a table that is not parted by a page
_CELL_MARGIN = 1.1  # mm
_INK = RGBColor(0x14, 0x18, 0x1D)


def docx(document: Document, pages: Sequence[tuple[int, str, str]]) -> bytes:
    """`pages`: level, words and page of each heading, for the list of contents until Word counts
    anew: those of the PDF, whose pages are as large."""
    paper = _begun(document)
    _cover(paper, document)
    front = [chapter for chapter in document.chapters if chapter.front]
    _section(paper, "lowerRoman", document.foot)
    for chapter in front:
        _chapter(paper, chapter.title, chapter.blocks)
        paper.add_page_break()  # type: ignore[no-untyped-call]
    paper.add_paragraph("Daftar Isi", "TOC Heading")
    contents(paper, pages)
    _section(paper, "decimal", document.foot)
    for place, chapter in enumerate(each for each in document.chapters if not each.front):
        _chapter(paper, chapter.title, chapter.blocks, on_new_page=place > 0)
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def _begun(document: Document) -> Open:
    paper = Paper()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(24)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    paper.core_properties.title = document.title
    paper.core_properties.author = document.author
    paper.core_properties.language = "id-ID"
    paper.core_properties.created = datetime.combine(document.made_on, time())
    _styles(paper)
    return paper


def _styles(paper: Open) -> None:
    """Indonesian, or every word would be underlined as misspelt; black, and of one font."""
    for language in paper.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "id-ID")
    for name, size in (("Normal", 10.5), ("Title", 22), ("Heading 1", 15), ("Heading 2", 12),
                       ("Caption", 9.5), ("TOC Heading", 15)):  # fmt: skip
        style: Any = paper.styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        if name != "Normal":
            style.font.color.rgb, style.font.bold = _INK, True
            style.paragraph_format.keep_with_next = True
    for line in paper.styles["Title"].element.iter(qn("w:pBdr")):
        line.getparent().remove(line)
    caption: Any = paper.styles["Caption"]
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(8), Pt(3)
    note: Any = paper.styles.add_style("Catatan", 1)
    note.base_style = paper.styles["Normal"]
    note.font.size, note.font.italic = Pt(9), True


def _section(paper: Open, shape: str, foot: str) -> None:
    """On a new page, from page 1 on."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    numbers = OxmlElement("w:pgNumType")
    numbers.set(qn("w:fmt"), shape)
    numbers.set(qn("w:start"), "1")
    section._sectPr.append(numbers)
    section.footer.is_linked_to_previous = False
    line = section.footer.paragraphs[0]
    line.add_run(f"{foot} · Halaman ")
    field(line, "PAGE", "1")


def _cover(paper: Open, document: Document) -> None:
    cover = document.cover
    if document.banner:
        paper.add_paragraph(document.banner, "Intense Quote")
    if cover.logo:
        _centred(paper, "", 12).add_run().add_picture(io.BytesIO(cover.logo), height=Mm(26))
    for place, text in enumerate(cover.head):
        _centred(paper, text, 10 if place else 14)
    title = paper.add_paragraph(cover.title.upper(), "Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before = Pt(90)
    unit, *rest = cover.lines
    _centred(paper, unit.upper(), 18)
    for text in rest:
        _centred(paper, text, 13, bold=False)
    _centred(paper, cover.summary, 12).paragraph_format.space_before = Pt(90)
    _centred(paper, cover.year, 20).paragraph_format.space_before = Pt(110)


def _centred(paper: Open, text: str, size: int, *, bold: bool = True) -> Line:
    line = paper.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    return line


def _chapter(
    paper: Open, title: str, blocks: Iterable[Block], *, on_new_page: bool = False
) -> None:
    heading = paper.add_heading(title, 1)
    heading.paragraph_format.page_break_before = on_new_page
    mark(heading, title)
    for block in blocks:
        _block(paper, block)


def _block(paper: Open, block: Block) -> None:
    match block:
        case Heading(text):
            mark(paper.add_heading(text, 2), text)
        case Paragraph():
            _paragraph(paper, block)
        case Points(texts):
            for text in texts:
                paper.add_paragraph(text, "List Bullet")
        case Table():
            _table(paper, block)
        case Chart():
            _caption(paper, block)
            line = paper.add_paragraph()
            word_charts.insert(paper, line, block, WIDE)
        case Picture():
            _caption(paper, block)
            paper.add_paragraph().add_run().add_picture(io.BytesIO(block.content), width=Mm(120))
        case Signature():
            _signature(paper, block)


def _paragraph(paper: Open, said: Paragraph) -> None:
    line = paper.add_paragraph(style="Catatan" if said.tone == "note" else None)
    run = line.add_run(said.text)
    if said.tone == "strong":
        run.bold = True
        line.paragraph_format.keep_with_next = True
    for place, label in enumerate(said.see):
        before = " Lihat " if not place else " dan " if place == len(said.see) - 1 else ", "
        line.add_run(before)
        reference(line, label)
    if said.see:
        line.add_run(".")


def _caption(paper: Open, block: Table | Chart | Picture) -> None:
    """ "Tabel 3. …", whose number Word counts, and to which references lead."""
    if not block.name:
        return
    line = paper.add_paragraph(style="Caption")
    kind, _, number = block.label.partition(" ")
    with_number = line.add_run(f"{kind} ")
    end = field(line, f"SEQ {kind} \\* ARABIC", number)
    mark(line, block.label, with_number._r, end)
    line.add_run(f". {block.name}")


def _table(paper: Open, table: Table) -> None:
    _caption(paper, table)
    grid = paper.add_table(0, len(table.widths), "Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _narrow_margins(grid)
    right = [table.is_of_numbers(column) for column in range(len(table.widths))]
    if table.head:
        _row(grid, table.head, range(len(table.head)), right)
        _repeats(grid)
    for row in table.rows:
        _row(grid, row, range(0 if table.head else 1), right if table.head else [])
    for cell in grid.rows[0].cells if table.head else grid.columns[0].cells:
        _shade(cell)
    if len(table.rows) <= _TOGETHER:
        _keep_together(grid)
    _widen(grid, table.widths)
    paper.add_paragraph().paragraph_format.space_after = Pt(0)


def _narrow_margins(grid: Grid) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(Mm(_CELL_MARGIN).twips)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    grid._tbl.tblPr.append(margins)


def _row(grid: Grid, row: Iterable[Cell], bold: range, right: Sequence[bool]) -> None:
    added = grid.add_row()  # type: ignore[no-untyped-call]
    added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for place, (cell, value) in enumerate(zip(added.cells, row, strict=True)):
        line = cell.paragraphs[0]
        run = line.add_run(said(value))
        run.font.size, run.bold = Pt(9.5), place in bold
        line.paragraph_format.space_after = Pt(1)
        if right[place : place + 1] == [True]:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _shade(cell: Any) -> None:
    fill = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EEF1F4")):
        fill.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(fill)


def _keep_together(grid: Grid) -> None:
    """On one page: every row with the next."""
    for row in grid.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _widen(grid: Grid, widths: Sequence[int]) -> None:
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(WIDE * width / sum(widths))
        for cell in column.cells:
            cell.width = column.width


def _repeats(grid: Grid) -> None:
    """The head stands again on every page that the table goes on to."""
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(header)


def _signature(paper: Open, block: Signature) -> None:
    lines: Mapping[str, float] = {block.place_and_day: 24, block.position: 0}
    for text, before in lines.items():
        _signed(paper, text, before)
    for place, text in enumerate(block.lines):
        run = _signed(paper, text, 0 if place else 60)
        run.bold = run.underline = not place and not text.startswith("....")


def _signed(paper: Open, text: str, before: float) -> Any:
    line = paper.add_paragraph()
    shape = line.paragraph_format
    shape.left_indent, shape.space_before, shape.space_after = Mm(86), Pt(before), Pt(0)
    shape.keep_with_next = True
    return line.add_run(text)
