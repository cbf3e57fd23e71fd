"""A process of its own that reads one table: the file on standard input, its cells on standard
output as JSON, or {"fault", …} where it is none that may be taken.

    python -I table_process.py .xlsx '{"rows": 2000, …}' < unit.xlsx

A sheet of two cells can ask for more memory than there is, and that ends the process which reads
it: no exception, nothing to catch. So whoever reads a table starts this file (`spreadsheet`), and
it imports nothing of skm. It takes memory and time only as far as it was told and opens no file.
"""

import codecs
import csv
import datetime  # noqa: F401  (calamine makes dates of it)
import json
import resource
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from io import BytesIO, TextIOWrapper
from itertools import chain, repeat
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

ENCODING = "utf-8-sig"
NAMES = "cp437"  # of files in an archive
LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")  # begins an .xlsx with a password, and any .xls
WHY = 100  # characters of a library's own words

Row = list[str]
Range = tuple[tuple[int, int], tuple[int, int]]


class Unfit(Exception):
    """`fault`: the end of a text's key, `file.…`; `more`: its parameters."""

    def __init__(self, fault: str, **more: str | int) -> None:
        super().__init__(fault)
        self.said = {"fault": fault, "more": more}


def bound(memory: int, seconds: int, written: int) -> None:
    """Bytes of memory, seconds of work and bytes of output, from now on; no other file."""
    for encoding in (ENCODING, NAMES):
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
    lines = TextIOWrapper(BytesIO(data), ENCODING, newline="")
    try:
        head = lines.readline()
        delimiter = ";" if head.count(";") > head.count(",") else ","
        for row in csv.reader(chain([head], lines), delimiter=delimiter, strict=True):
            yield [cell.strip() for cell in row]
    except UnicodeDecodeError:
        raise Unfit("encoding") from None
    except csv.Error as error:
        raise Unfit("csv", why=str(error)[:WHY]) from None


def of_workbook(data: bytes, most: int, rows: int) -> Iterator[Row]:
    """The first sheet, formulas as their values. `most`: bytes of all of it, once unpacked; `rows`
    below the header. Raises Unfit."""
    if data.startswith(LOCKED):
        raise Unfit("locked")
    try:
        with ZipFile(BytesIO(data)) as archive:
            if sum(each.file_size for each in archive.infolist()) > most:
                raise Unfit("unpacked")
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            sheet = book.get_sheet_by_index(0)
            if sheet.end and sheet.end[0] > rows:  # counted from 0; this row is not empty
                raise Unfit("many", last=sheet.end[0] + 1, most=rows)
            yield from unmerged(rows_of(sheet), sheet.merged_cell_ranges or ())
    except (CalamineError, OSError, ValueError, BadZipFile) as error:
        raise Unfit("workbook", why=str(error)[:WHY]) from None


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


def kept(found: Iterable[Row], rows: int, columns: int, text: int) -> str:
    """The rows as JSON: the header and at most so many others, cells and characters in all at most
    `text`. What is empty beyond is no fault. Raises Unfit."""
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
    return f"[{','.join(lines)}]"


def main(kind: str, limits: dict[str, Any]) -> None:
    bound(limits["memory"], limits["seconds"], limits["written"])
    data = sys.stdin.buffer.read()
    found = (
        of_csv(data) if kind == ".csv" else of_workbook(data, limits["unpacked"], limits["rows"])
    )
    try:
        said = kept(found, limits["rows"], limits["columns"], limits["text"])
    except Unfit as fault:
        said = json.dumps(fault.said)
    sys.stdout.buffer.write(said.encode())


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
