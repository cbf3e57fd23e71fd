"""A process of its own that reads one table: the file on standard input, on standard output as JSON
its sheets, [[name, cells], …], or {"fault", …} where it is none that may be taken.

    python -I table_process.py .xlsx '{"rows": 2000, …}' < unit.xlsx

A sheet of two cells can ask for more memory than there is, and that ends the process which reads
it: no exception, nothing to catch. So whoever reads a table starts this file (`spreadsheet`), and
it imports nothing of skm. It takes memory and time only as far as it was told and opens no file.
"""

import codecs
import csv
import datetime  # noqa: F401  (calamine makes dates of it)
import json
import re
import resource
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import escape
from io import BytesIO, TextIOWrapper
from itertools import chain, repeat, zip_longest
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")  # the last is Excel's own on an old Windows
DELIMITERS = ",;\t"
NAMES = "cp437"  # of files in an archive
LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")  # begins an .xlsx with a password, and any .xls
WHY = 100  # characters of a library's own words

PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')

Row = list[str]
Range = tuple[tuple[int, int], tuple[int, int]]


class Unfit(Exception):
    """`fault`: the end of a text's key, `file.…`; `more`: its parameters."""

    def __init__(self, fault: str, **more: str | int) -> None:
        super().__init__(fault)
        self.said = {"fault": fault, "more": more}


def bound(memory: int, seconds: int, written: int) -> None:
    """Bytes of memory, seconds of work and bytes of output, from now on; no other file."""
    for encoding in (*ENCODINGS, "utf-16-le", "utf-16-be", NAMES):
        codecs.lookup(encoding)  # its module is a file, too
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: written,
        resource.RLIMIT_NOFILE: 3,  # standard input, output and error are open
    }
    for kind, most in limits.items():
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def of_csv(data: bytes) -> Iterator[Row]:
    """Raises Unfit."""
    lines = TextIOWrapper(BytesIO(data), encoding_of(data), newline="")
    try:
        head = lines.readline()
        told = re.fullmatch(r"\"?sep=(.)\"?\s*", head)  # Excel's own word on it, and no row
        delimiter = told[1] if told else delimiter_of(head)
        for row in csv.reader(chain([head], lines), delimiter=delimiter, strict=True):
            yield [] if told and row == ["sep=", ""] else [cell.strip() for cell in row]
    except UnicodeDecodeError:
        raise Unfit("encoding") from None
    except csv.Error as error:
        raise Unfit("csv", why=str(error)[:WHY]) from None


def encoding_of(data: bytes) -> str:
    """UTF-16 says so at its beginning; what is not UTF-8 was saved by an old Windows."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if not re.search(rb"[\x00-\x08\x0e-\x1f]", data):  # else it is no text at all
            return "cp1252"
    return "utf-8-sig"


def delimiter_of(line: str) -> str:
    """What parts the cells of a line most often, outside quotes."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=bare.count)


def of_workbook(data: bytes, most: int, rows: int) -> Iterator[tuple[str, Iterator[Row]]]:
    """The sheets that are not hidden, each with its name, formulas as their values. `most`: bytes
    of all of it, once unpacked; `rows` below a header. Raises Unfit."""
    if data.startswith(LOCKED):
        raise Unfit("locked")
    try:
        with ZipFile(BytesIO(data)) as archive:
            if sum(each.file_size for each in archive.infolist()) > most:
                raise Unfit("unpacked")
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            names = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.visible == SheetVisibleEnum.Visible
                and sheet.typ == SheetTypeEnum.WorkSheet
            ]
            if not names:
                raise Unfit("hidden")
            for name in names:
                yield name, of_sheet(book.get_sheet_by_name(name), errors_of(data, name), rows)
    except (CalamineError, OSError, ValueError, KeyError, BadZipFile) as error:
        raise Unfit("workbook", why=str(error)[:WHY]) from None


def of_sheet(sheet: CalamineSheet, errors: dict[tuple[int, int], str], most: int) -> Iterator[Row]:
    # Counted from 0; these rows are not empty.
    last = max((sheet.end or (0, 0))[0], *(row for row, _ in errors), 0)
    if last > most:
        raise Unfit("many", last=last + 1, most=most)
    yield from with_errors(unmerged(rows_of(sheet), sheet.merged_cell_ranges or ()), errors)


def errors_of(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """(row, column), from 0 → what a cell shows in place of a value, which calamine leaves empty:
    #N/A, or a formula whose value was never stored."""
    with ZipFile(BytesIO(data)) as archive:
        part = part_of(archive, sheet)
        xml = archive.read(part) if part else b""
    found: dict[tuple[int, int], str] = {}
    if b't="e"' not in xml and b"<f" not in xml:
        return found
    for cell in xml.split(b"<c ")[1:]:  # each byte is looked at once, whatever the file says
        head, _, rest = cell.partition(b">")
        place = PLACE.search(head)
        if place is None or head.endswith(b"/"):
            continue
        said = rest.partition(b"</c>")[0]
        value = re.search(rb"<v>([^<]*)</v>", said)
        at = int(place[2]) - 1, column_of(place[1].decode())
        if b't="e"' in head:
            found[at] = value[1].decode() if value else "#ERROR"
        elif b"<f" in said and value is None:
            found[at] = "#FORMULA"
    return found


def part_of(archive: ZipFile, sheet: str) -> str | None:
    """The file of a sheet in the archive."""
    book = archive.read("xl/workbook.xml").decode(errors="replace")
    rels = archive.read("xl/_rels/workbook.xml.rels").decode(errors="replace")
    written = escape(sheet, quote=False).replace('"', "&quot;")
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book):
        mark = re.search(r'r:id="([^"]*)"', tag)
        if mark and re.search(rf'\bname="{re.escape(written)}"', tag):
            for rel in re.findall(r"<Relationship\s[^>]*>", rels):
                target = re.search(r'Target="/?(?:xl/)?([^"]*)"', rel)
                if target and f'Id="{mark[1]}"' in rel and f"xl/{target[1]}" in archive.namelist():
                    return f"xl/{target[1]}"
    return None


def column_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def with_errors(rows: Iterable[Row], errors: dict[tuple[int, int], str]) -> Iterator[Row]:
    """They may stand below and beside all that calamine finds."""
    by_row: dict[int, dict[int, str]] = defaultdict(dict)
    for (number, column), text in errors.items():
        by_row[number][column] = text
    below = range(max(by_row, default=-1) + 1)
    for number, (row, _) in enumerate(zip_longest(rows, below)):
        found, cells = by_row.get(number, {}), [*(row or ())]
        cells += [""] * (max(found, default=-1) + 1 - len(cells))
        for column, text in found.items():
            cells[column] = text
        yield cells


def rows_of(sheet: CalamineSheet) -> Iterator[Row]:
    left = sheet.start[1] if sheet.start else 0  # columns that calamine leaves out
    for row in sheet.iter_rows():
        yield [*repeat("", left), *map(text_of, row)]


def text_of(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a workbook knows no whole numbers
    return str(cell).strip()


def unmerged(rows: Iterable[Row], ranges: Iterable[Range]) -> Iterator[Row]:
    """A value that spans several rows stands in each of them, as it looks on the screen. However
    many ranges there are and however they overlap, each row costs no more than its cells."""
    begin: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (top, left), (bottom, _) in ranges:
        begin[top].append((left, bottom))
    spanning: dict[int, tuple[int, str]] = {}  # column → the last row, the value
    for number, row in enumerate(rows):
        for left, (bottom, value) in [*spanning.items()]:
            if number > bottom:
                del spanning[left]
            else:
                row[left] = value
        for left, bottom in begin.pop(number, ()):
            if left < len(row) and bottom > number:
                spanning[left] = (bottom, row[left])
        yield row


def kept(sheets: Iterable[tuple[str, Iterable[Row]]], rows: int, columns: int, text: int) -> str:
    """The sheets as JSON: of each the header and at most so many other rows, cells and characters
    of all of them at most `text`. What is empty beyond is no fault; of several sheets one that is
    empty is left out. Raises Unfit."""
    made: list[str] = []
    empty: list[str] = []
    for name, found in sheets:
        lines, text = lines_of(found, rows, columns, text)
        is_filled = any(line.strip('[]", ') for line in lines)
        (made if is_filled else empty).append(f"[{json.dumps(name)},[{','.join(lines)}]]")
    return f"[{','.join(made or empty[:1])}]"


def lines_of(found: Iterable[Row], rows: int, columns: int, text: int) -> tuple[list[str], int]:
    """Each row as JSON, and how much of `text` is left. Raises Unfit."""
    lines, last = [], 0
    for number, row in enumerate(found, start=1):
        if len(row) > columns:
            if any(row[columns:]):
                raise Unfit("wide", columns=len(row), most=columns)
            del row[columns:]
        if number > rows + 1:
            last = number if any(row) else last
            continue
        text -= len(row) + sum(map(len, row))
        if text < 0:
            raise Unfit("unpacked")
        if any("\0" in cell for cell in row):
            raise Unfit("binary", row=number)
        lines.append(json.dumps(row, ensure_ascii=False))
    if last:
        raise Unfit("many", last=last, most=rows)
    return lines, text


def main(kind: str, limits: dict[str, Any]) -> None:
    bound(limits["memory"], limits["seconds"], limits["written"])
    data = sys.stdin.buffer.read()
    try:
        sheets = (
            [("", of_csv(data))]
            if kind == ".csv"
            else of_workbook(data, limits["unpacked"], limits["rows"])
        )
        said = kept(sheets, limits["rows"], limits["columns"], limits["text"])
    except Unfit as fault:
        said = json.dumps(fault.said)
    sys.stdout.buffer.write(said.encode())


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
