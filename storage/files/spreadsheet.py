"""A table somebody saved: .csv or .xlsx as rows of text cells, numbered as the spreadsheet does."""

import csv
import io
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from flows.form import Line
from storage.files.refused import FileRefused

KINDS = (".csv", ".xlsx")
UNPACKED = 200_000_000  # bytes in a workbook once unpacked: a few million cells

Cells = list[list[str]]


class SpreadsheetUnread(FileRefused):
    """The file is no table that can be read; its one fault says what to do."""

    def __init__(self, kind: str, file: str, **more: str) -> None:
        super().__init__(Line(f"file.{kind}", {"file": file, **more}))


def read(path: Path) -> Cells:
    """The cells, outer blanks cut off; of a workbook the first sheet, formulas as their values.

    Row 1 is the first line of the file, empty lines are kept. Raises SpreadsheetUnread.
    """
    if path.suffix.lower() not in KINDS:
        raise SpreadsheetUnread("kind", str(path))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SpreadsheetUnread("gone", str(path), why=error.strerror or "") from error
    return table(str(path), data)


def table(name: str, data: bytes) -> Cells:
    """The cells of a file that has this name and content. Raises SpreadsheetUnread."""
    if not name.lower().endswith(KINDS):
        raise SpreadsheetUnread("kind", name)
    return _csv(name, data) if name.lower().endswith(".csv") else _workbook(name, data)


def _csv(name: str, data: bytes) -> Cells:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpreadsheetUnread("encoding", name) from error
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SpreadsheetUnread("csv", name, why=str(error)) from error
    return [[cell.strip() for cell in row] for row in rows]


def _workbook(name: str, data: bytes) -> Cells:
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
        if unpacked > UNPACKED:
            raise SpreadsheetUnread("unpacked", name)
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheet = book.get_sheet_by_index(0)
            rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            return _unmerged(sheet, rows)
    except (CalamineError, OSError, ValueError, BadZipFile) as error:
        raise SpreadsheetUnread("workbook", name, why=str(error)) from error


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a workbook knows no whole numbers
    return str(cell).strip()


def _unmerged(sheet: CalamineSheet, rows: Cells) -> Cells:
    """A value that spans several rows stands in each of them, as it looks on the screen."""
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        for row in rows[top : bottom + 1]:
            row[left : left + 1] = rows[top][left : left + 1]
    return rows
