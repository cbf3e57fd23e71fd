"""A table somebody saved: .csv or .xlsx as rows of text cells, numbered as the spreadsheet does."""

import csv
import io
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

Cells = list[list[str]]


class SpreadsheetUnread(Exception):
    """The file is no table that can be read; the message says what to do."""


def read(path: Path) -> Cells:
    """The cells, outer blanks cut off; of a workbook the first sheet, formulas as their values.

    Row 1 is the first line of the file, empty lines are kept. Raises SpreadsheetUnread.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise SpreadsheetUnread(f"{path} is neither .csv nor .xlsx; save the table as one of them.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SpreadsheetUnread(f"{path} cannot be read: {error.strerror}.") from error
    return _csv(path, data) if suffix == ".csv" else _workbook(path, data)


def _csv(path: Path, data: bytes) -> Cells:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpreadsheetUnread(f"{path} is not UTF-8; save it as “CSV UTF-8”.") from error
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SpreadsheetUnread(f"{path} is no CSV table: {error}.") from error
    return [[cell.strip() for cell in row] for row in rows]


def _workbook(path: Path, data: bytes) -> Cells:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheet = book.get_sheet_by_index(0)
            rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            return _unmerged(sheet, rows)
    except (CalamineError, OSError, ValueError) as error:
        raise SpreadsheetUnread(
            f"{path} is no workbook that can be read ({error}); save it anew as .xlsx or .csv."
        ) from error


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
