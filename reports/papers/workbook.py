"""A report as a workbook (.xlsx): a tab for each chapter, numbers as numbers, what is calculated as
formulas, and native charts.

Every other cell is text as it was written: nothing that somebody typed becomes a formula or a link.
"""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from math import ceil
from struct import unpack
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from reports.papers import charts
from reports.papers.document import (
    Block,
    Cell,
    Chapter,
    Chart,
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

_ACROSS = 8  # columns that a text runs over
_NARROWEST, _WIDEST = 11, 44  # characters of a column
_LINE = 16  # points of a row
_CHARTS = "Grafik"
_ROW = 20  # pixels of a row
_CHART_ROWS = charts.PIXELS[1] // _ROW + 2  # rows that a chart stands over
_LIVE = re.compile(r"\{(\d+),(\d+)\}")

_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "text_wrap": True, "valign": "top"},
    "chapter": {"bold": True, "font_size": 13},
    "heading": {"bold": True, "font_size": 11},
    "line": {},
    "plain": {"text_wrap": True, "valign": "top"},
    "strong": {"text_wrap": True, "valign": "top", "bold": True},
    "note": {"text_wrap": True, "valign": "top", "italic": True, "font_color": "#4d5660"},
    "head": {"text_wrap": True, "valign": "top", "bold": True, "bg_color": "#eef1f4", "border": 1},
    "cell": {"text_wrap": True, "valign": "top", "border": 1},
    "number": {"text_wrap": True, "valign": "top", "border": 1, "align": "left"},
}


def xlsx(document: Document) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(file, options)
    properties = {"title": document.title, "author": document.author}
    book.set_properties({**properties, "created": datetime.combine(document.made_on, time())})
    styles = _Styles(book)
    _cover(book, styles, document)
    for chapter in document.chapters:
        _Tab(book, styles, chapter.short).chapter(chapter)
    _charts(book, styles, document)
    book.close()
    return file.getvalue()


class _Styles:
    def __init__(self, book: Workbook) -> None:
        self._made = {name: book.add_format(style) for name, style in _STYLES.items()}
        self._book = book
        self._numbers: dict[int, Format] = {}

    def __getitem__(self, name: str) -> Format:
        return self._made[name]

    def number(self, places: int) -> Format:
        if places not in self._numbers:
            shape = "#,##0" + ("." + "0" * places if places else "")
            style = {**_STYLES["cell"], "num_format": shape}
            self._numbers[places] = self._book.add_format(style)
        return self._numbers[places]


class _Tab:
    """A worksheet that is written from the top down."""

    def __init__(self, book: Workbook, styles: _Styles, name: str) -> None:
        self.book, self.styles = book, styles
        self.sheet: Worksheet = book.add_worksheet(name)
        self.row = 0
        self.widths: list[int] = []
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.sheet.set_footer("&L&A&RHalaman &P dari &N")
        self.widen(())

    def widen(self, rows: Iterable[Sequence[Cell]]) -> None:
        """As wide as these rows are."""
        self.widths = [_NARROWEST] * (_ACROSS + 1)
        for row in rows:
            for place, cell in enumerate(row):
                wanted = len(said(cell)) + 2
                self.widths[place] = min(max(self.widths[place], wanted), _WIDEST)
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, width)

    def chapter(self, chapter: Chapter) -> None:
        tables = [block for block in chapter.blocks if isinstance(block, Table)]
        self.widen(row for table in tables for row in (table.head, *table.rows))
        self.line(chapter.title, "chapter")
        for block in chapter.blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        match block:
            case Heading(text):
                self.row += 1
                self.line(text, "heading")
            case Paragraph(text, tone, see):
                self.across(f"{text} Lihat {_listed(see)}." if see else text, tone)
            case Points(texts):
                for text in texts:
                    self.across(f"– {text}", "plain")
            case Table():
                self.table(block)
            case Chart():
                self.line(f"{block.label}. {block.name}: lembar “{_CHARTS}”", "line")
            case Picture():
                self.picture(block)
            case Signature(place_and_day, position, lines):
                self.row += 1
                for text in (place_and_day, position, "", "", *lines):
                    self.line(text, "line")

    def line(self, text: str, style: str) -> None:
        self.sheet.write_string(self.row, 0, text, self.styles[style])
        self.row += 1

    def across(self, text: str, style: str) -> None:
        """As high as its lines are: a merged cell never grows by itself."""
        self.sheet.merge_range(self.row, 0, self.row, _ACROSS, "", self.styles[style])
        self.sheet.write_string(self.row, 0, text, self.styles[style])
        self.sheet.set_row(self.row, _LINE * _lines(text, sum(self.widths)))
        self.row += 1

    def table(self, table: Table) -> None:
        self.row += 1
        if table.name:
            self.line(f"{table.label}. {table.name}", "heading")
        if table.head:
            self.cells(table.head, "head")
        top, live = self.row, table.live or {}
        for row, cells in enumerate(table.rows):
            formulas = {c: _placed(f, top) for (r, c), f in live.items() if r == row}
            self.cells(cells, "cell", formulas)
        self.row += 1

    def picture(self, picture: Picture) -> None:
        """At most so large as a chart is, with the rows below it free."""
        self.line(f"{picture.label}. {picture.name}", "line")
        wide, high = unpack(">II", picture.content[16:24])  # as a PNG begins
        scale = min(1.0, charts.PIXELS[0] / wide, charts.PIXELS[1] / high)
        options = {"image_data": io.BytesIO(picture.content), "description": picture.name}
        scales = {"x_scale": scale, "y_scale": scale}
        self.sheet.insert_image(self.row, 0, f"{picture.label}.png", {**options, **scales})
        self.row += ceil(high * scale / _ROW) + 1

    def cells(
        self, row: Sequence[Cell], style: str, formulas: dict[int, str] | None = None
    ) -> None:
        for place, cell in enumerate(row):
            formula = (formulas or {}).get(place)
            if isinstance(cell, Figure):
                # The first column counts rows, and is as wide as other tables need it.
                shape = self.styles.number(cell.places) if place else self.styles["number"]
                value = float(cell.text)
                if formula:
                    self.sheet.write_formula(self.row, place, formula, shape, value)
                else:
                    self.sheet.write_number(self.row, place, value, shape)
            elif formula:
                self.sheet.write_formula(self.row, place, formula, self.styles[style], cell)
            else:
                self.sheet.write_string(self.row, place, cell, self.styles[style])
        most = max(_lines(said(c), w) for c, w in zip(row, self.widths, strict=False))
        self.sheet.set_row(self.row, _LINE * most)
        self.row += 1


def _lines(text: str, wide: int) -> int:
    """That it takes in a cell so many characters wide; words do not fill the last of a line."""
    return sum(ceil(max(len(part), 1) * 1.12 / wide) for part in text.split("\n"))


def _listed(labels: Sequence[str]) -> str:
    *others, last = labels
    return f"{', '.join(others)} dan {last}" if others else last


def _placed(formula: str, top: int) -> str:
    """`Table.live` where the table's first row stands in row `top`, counted from 0."""
    return _LIVE.sub(lambda at: xl_rowcol_to_cell(top + int(at[1]), int(at[2])), formula)


def _cover(book: Workbook, styles: _Styles, document: Document) -> None:
    tab, cover = _Tab(book, styles, "Laporan"), document.cover
    if document.banner:
        tab.across(document.banner, "strong")
    for line in cover.head:
        tab.line(line, "heading")
    tab.across(cover.title, "title")
    tab.sheet.set_row(tab.row - 1, 24)
    for line in (*cover.lines, cover.summary):
        tab.line(line, "heading")
    tab.row += 1
    for chapter in document.chapters:
        tab.line(f"{chapter.title}: lembar “{chapter.short}”", "line")


def _charts(book: Workbook, styles: _Styles, document: Document) -> None:
    """Each beside the figures that it is drawn from."""
    found = [b for chapter in document.chapters for b in chapter.blocks if isinstance(b, Chart)]
    if not found:
        return
    tab = _Tab(book, styles, _CHARTS)
    tab.widen((name, figure) for chart in found for name, figure, _ in chart.rows)
    for chart in found:
        begun = tab.row
        tab.line(f"{chart.label}. {chart.name}", "heading")
        top = tab.row
        for name, figure, _ in chart.rows:
            tab.cells((name, figure), "cell")
        native = charts.drawn(book, chart, _CHARTS, top)
        tab.sheet.insert_chart(begun, 3, native, {"description": chart.told})
        tab.row = max(tab.row, begun + _CHART_ROWS) + 1
