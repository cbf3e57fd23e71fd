"""What stands in a paper, read back out of the file by other libraries than those that wrote it."""

import io
import re

from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from reports.official_report.calculation import CALCULATION

Row = tuple[str | float, ...]
CHARTS = "Grafik"


def pdf_text(file: bytes) -> str:
    """All its words, one space between them."""
    pages = PdfReader(io.BytesIO(file)).pages
    return spaced(" ".join(page.extract_text() for page in pages))


def spaced(text: str) -> str:
    return " ".join(text.split())


def docx_cells(file: bytes) -> list[list[str]]:
    """The rows of its tables, as they read; no empty cells."""
    tables = Document(io.BytesIO(file)).tables
    return [[cell.text for cell in row.cells if cell.text] for t in tables for row in t.rows]


def docx_rows(file: bytes) -> list[Row]:
    return [tuple(map(number, row)) for row in docx_cells(file)]


def docx_texts(file: bytes) -> list[str]:
    """Its paragraphs outside of tables and of the list of contents."""
    lines = Document(io.BytesIO(file)).paragraphs
    said = [line for line in lines if not line.style.name.startswith("toc")]
    return [spaced(line.text) for line in said if line.text.strip()]


def xlsx_rows(file: bytes) -> list[Row]:
    """The rows of its sheets with more than one cell, but those that charts are drawn from."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    names = [name for name in book.sheet_names if name != CHARTS]
    rows = [row for name in names for row in book.get_sheet_by_name(name).to_python()]
    full = [[cell for cell in row if cell != ""] for row in rows]
    return [tuple(map(_read, row)) for row in full if len(row) > 1]


def number(text: str) -> str | float:
    """A text that is a number as Indonesian writes it, as one."""
    if re.fullmatch(r"−?\d{1,3}(\.\d{3})*(,\d+)?", text):
        return float(text.replace(".", "").replace(",", ".").replace("−", "-"))
    return text


def _read(cell: object) -> str | float:
    return number(cell) if isinstance(cell, str) else float(str(cell))


def calculated(file: bytes) -> list[list[object]]:
    """The rows of the table whose formulas make the index."""
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_name("Lampiran 2").to_python()
    )
    begun = next(i for i, row in enumerate(rows) if str(row[0]).endswith(CALCULATION))
    return rows[begun + 2 : begun + 14]


def texts(file: bytes, format: str) -> str:
    if format == "pdf":
        return pdf_text(file)
    if format == "docx":
        return " ".join(docx_texts(file))
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    rows = (row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
    return spaced(" ".join(str(cell) for row in rows for cell in row))
