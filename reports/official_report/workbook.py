"""A report as a workbook (.xlsx): a tab for each chapter, numbers as numbers.

Every other cell is text as it was written: nothing that somebody typed becomes a formula or a link.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.official_report.document import (
    Bars,
    Block,
    Card,
    Cell,
    Chapter,
    Document,
    Figure,
    Heading,
    Paragraph,
    Points,
    Table,
)

_ACROSS = 6  # columns that a text runs over
_NARROWEST, _WIDEST = 11, 44  # characters of a column

_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "chapter": {"bold": True, "font_size": 13},
    "heading": {"bold": True, "font_size": 11},
    "line": {},
    "plain": {"text_wrap": True, "valign": "top"},
    "strong": {"text_wrap": True, "valign": "top", "bold": True},
    "note": {"text_wrap": True, "valign": "top", "italic": True, "font_color": "#4d5660"},
    "head": {"text_wrap": True, "valign": "top", "bold": True, "bg_color": "#eef1f4", "border": 1},
    "cell": {"text_wrap": True, "valign": "top", "border": 1},
}


def xlsx(document: Document) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(file, options)
    properties = {"title": document.title, "author": document.lines[0]}
    book.set_properties({**properties, "created": datetime.combine(document.made_on, time())})
    styles = _Styles(book)
    _cover(book, styles, document)
    for chapter in document.chapters:
        _Tab(book, styles, chapter.short).chapter(chapter)
    if document.card:
        _card(_Tab(book, styles, "Kartu publikasi"), document.card)
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
        self.row = self.across_all = 0
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&L&A&RHalaman &P dari &N")
        self.widen(())

    def widen(self, rows: Iterable[tuple[Cell, ...]]) -> None:
        """As wide as these rows are."""
        widths = [_NARROWEST] * (_ACROSS + 1)
        for row in rows:
            for place, cell in enumerate(row):
                said = cell.said if isinstance(cell, Figure) else cell
                widths[place] = min(max(widths[place], len(said) + 2), _WIDEST)
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)
        self.across_all = sum(widths)

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
            case Paragraph(text, tone):
                self.across(text, tone)
            case Points(texts):
                for text in texts:
                    self.across(f"– {text}", "plain")
            case Table():
                self.table(block)
            case Bars():
                pass  # Drawn beside its table in the other papers; its figures are in that table.

    def line(self, text: str, style: str) -> None:
        self.sheet.write_string(self.row, 0, text, self.styles[style])
        self.row += 1

    def across(self, text: str, style: str) -> None:
        self.sheet.merge_range(self.row, 0, self.row, _ACROSS, "", self.styles[style])
        self.sheet.write_string(self.row, 0, text, self.styles[style])
        self.sheet.set_row(self.row, 15 * (1 + len(text) // self.across_all))
        self.row += 1

    def table(self, table: Table) -> None:
        self.row += 1
        if table.name:
            self.line(table.name, "heading")
        if table.head:
            self.cells(table.head, "head")
        for row in table.rows:
            self.cells(row, "cell")
        self.row += 1

    def cells(self, row: tuple[Cell, ...], style: str) -> None:
        for place, cell in enumerate(row):
            if isinstance(cell, Figure):
                shape = self.styles.number(cell.places)
                self.sheet.write_number(self.row, place, float(cell.text), shape)
            else:
                self.sheet.write_string(self.row, place, cell, self.styles[style])
        self.row += 1


def _cover(book: Workbook, styles: _Styles, document: Document) -> None:
    tab = _Tab(book, styles, "Laporan")
    if document.banner:
        tab.across(document.banner, "strong")
    tab.line(document.title, "title")
    for line in document.lines:
        tab.line(line, "heading")
    tab.line(document.summary, "heading")
    tab.row += 1
    for chapter in document.chapters:
        tab.line(f"{chapter.title}: lembar “{chapter.short}”", "line")


def _card(tab: _Tab, card: Card) -> None:
    tab.line(card.title, "chapter")
    rows: list[tuple[Cell, ...]] = [
        ("Unit", card.unit),
        ("Instansi", card.agency),
        *([("Layanan", card.service)] if card.service else []),
        ("Periode", card.period),
        ("IKM", card.ikm),
        *([("Mutu", f"{card.grade} ({card.label})")] if card.grade else []),
    ]
    tab.widen(rows)
    tab.table(Table("", (), tuple(rows), (1, 1)))
    for name, facts in card.facts:
        tab.table(Table(name, (), tuple(facts), (1, 1)))
    tab.across(card.thanks, "strong")
    tab.across(card.foot, "note")
