"""A table somebody saved: .csv or .xlsx as sheets of text cells, numbered as the spreadsheet does.

It is read by a process of its own (`table_process`), in bounds of memory, time, rows and columns:
whatever a file holds, the worst is one sentence. Only cells come back. Call it before a transaction
begins: it may take seconds.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import msgspec

from flows.engine.form import Line
from flows.engine.input_parsing import TABLE_BYTES
from flows.formats import count_line
from flows.operator_words import reason
from storage.files.refused import FileRefused, named, shown

KINDS = (".csv", ".xlsx")
PROCESS = Path(__file__).with_name("table_process.py")
LINKER = "LD_LIBRARY_PATH"  # all of the environment that Python itself may need
PATIENCE = 12  # times its seconds of work that a process may be there, on a busy machine

Cells = list[list[str]]
Sheets = dict[str, Cells]
"""By their names, in their order: those that are not hidden. A .csv is one sheet without a name."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one table. `bytes`: of the file; `unpacked`: of a workbook once unpacked; `rows`: below
    the header; `text`: cells and characters in all; `memory`: bytes, `seconds`: work of the
    process that reads it."""

    bytes: int
    unpacked: int
    rows: int
    columns: int
    text: int
    memory: int
    seconds: int

    @property
    def written(self) -> int:
        """Bytes of JSON that such a table may need: six for a control character."""
        return 8 * self.text + 1_000


# By chat and at a desk; and of an operator, at the command line.
SENT = Limits(TABLE_BYTES, 50_000_000, 2_000, 200, 2_000_000, 512_000_000, 5)
FILE = Limits(50_000_000, 500_000_000, 200_000, 1_000, 50_000_000, 1_500_000_000, 60)


class SpreadsheetUnread(FileRefused):
    """The file is no table that can be read; its one fault says what to do."""

    def __init__(self, kind: str, file: str, **more: str | int | Line) -> None:
        super().__init__(Line(f"file.{kind}", {"file": file, **more}))


class _Fault(msgspec.Struct):
    fault: str
    more: dict[str, str | int]


_decode = msgspec.json.Decoder(list[tuple[str, Cells]] | _Fault).decode


def read(path: Path, sheet: str | None = None) -> Sheets:
    """The sheets of an operator's file, at most `FILE`, or the one that is named; formulas as their
    values. Row 1 is the first line of a sheet, empty lines are kept. Raises SpreadsheetUnread,
    FileRefused."""
    name = str(path)
    _kind(name, name)
    try:
        with path.open("rb") as file:
            data = file.read(FILE.bytes + 1)
    except OSError as error:
        raise SpreadsheetUnread("gone", name, why=reason(error)) from error
    return only(_table(name, name, data, FILE), sheet)


def table(name: str, data: bytes) -> Sheets:
    """The sheets of a file that somebody sent, at most `SENT`. Raises SpreadsheetUnread."""
    return _table(name, shown(name), data, SENT)


def only(sheets: Sheets, name: str | None) -> Sheets:
    """The one that somebody named, or all. Raises FileRefused for one that there is not."""
    if name is None:
        return sheets
    wanted = " ".join(name.casefold().split())
    chosen = {each: sheets[each] for each in sheets if each.casefold() == wanted}
    if not chosen:
        names = {"sheet": shown(name), "names": named(list(sheets))}
        raise FileRefused(Line("file.sheet.none", names))
    return chosen


def cells_in(sheets: Sheets) -> int:
    return sum(len(row) for cells in sheets.values() for row in cells)


def _table(name: str, file: str, data: bytes, limits: Limits) -> Sheets:
    """`file`: what it is called in a fault. Raises SpreadsheetUnread."""
    kind = _kind(name, file)
    if len(data) > limits.bytes:
        raise SpreadsheetUnread("large", file, most=limits.bytes // 1_000_000)
    try:
        with TemporaryFile() as given, TemporaryFile() as made:
            given.write(data)
            given.seek(0)
            is_whole = _ended_well(kind, given, made, limits)
            made.seek(0)
            written = made.read()
        found = _decode(written) if is_whole else None
    except OSError as error:  # no room for a file or a process
        raise SpreadsheetUnread("gone", file, why=reason(error)) from error
    except msgspec.DecodeError:
        found = None
    if found is None:
        raise SpreadsheetUnread("broken", file)
    if isinstance(found, _Fault):
        more = {k: count_line(v) if isinstance(v, int) else v for k, v in found.more.items()}
        raise SpreadsheetUnread(found.fault, file, **more)
    return dict(found)


def _kind(name: str, file: str) -> str:
    """Raises SpreadsheetUnread."""
    kind = next((kind for kind in KINDS if name.lower().endswith(kind)), None)
    if kind is None:
        raise SpreadsheetUnread("kind", file)
    return kind


def _ended_well(kind: str, given: IO[bytes], made: IO[bytes], limits: Limits) -> bool:
    """It inherits no secret: neither our environment nor our files. Raises OSError."""
    bounds = json.dumps({**asdict(limits), "written": limits.written})
    try:
        done = subprocess.run(  # noqa: S603  (our own file, by our own Python)
            [sys.executable, "-I", str(PROCESS), kind, bounds],
            stdin=given,
            stdout=made,
            stderr=subprocess.DEVNULL,
            env={LINKER: os.environ[LINKER]} if LINKER in os.environ else {},
            timeout=limits.seconds * PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
