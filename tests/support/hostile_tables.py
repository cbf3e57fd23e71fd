"""Files that are meant to harm whoever reads them, each made here."""

import struct
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from tests.support.workbook import workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CELL = '<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def with_sheet(folder: Path, parts: Iterable[str], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook whose only sheet is this XML."""
    workbook(folder / "plain.xlsx", [["x"]])
    made = BytesIO()
    with zipfile.ZipFile(folder / "plain.xlsx") as plain:
        with zipfile.ZipFile(made, "w", kind) as archive:
            for name in plain.namelist():
                if name != "xl/sheet.xml":
                    archive.writestr(name, plain.read(name))
            with archive.open("xl/sheet.xml", "w", force_zip64=True) as sheet:
                for part in parts:
                    sheet.write(part.encode())
    return made.getvalue()


def sheet(cells: str, after: str = "", before: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}">'
        f"<sheetData>{cells}</sheetData>{after}</worksheet>"
    )


def far_cell(folder: Path, last: str = "XFD1048576") -> bytes:
    """Two cells, as far from each other as a sheet allows: 17 billion cells lie between them."""
    row = last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cells = f'<row r="1">{CELL.format(place="A1", text="code")}</row>'
    cells += f'<row r="{row}"><c r="{last}"><v>1</v></c></row>'
    return with_sheet(folder, [sheet(cells)])


def merged(folder: Path, rows: int, ranges: int) -> bytes:
    """As many ranges as it says, all of them over the whole column and each other."""
    cells = f'<row r="1">{CELL.format(place="A1", text="code")}</row>'
    cells += "".join(f'<row r="{r}"><c r="B{r}"><v>{r}</v></c></row>' for r in range(2, rows + 2))
    each = f'<mergeCell ref="A1:A{rows + 1}"/>'
    return with_sheet(folder, [sheet(cells, f"<mergeCells>{each * ranges}</mergeCells>")])


def bomb(folder: Path, megabytes: int, *, lies: bool = False) -> bytes:
    """A sheet of one cell of so many megabytes. `lies`: the archive says that it is small."""
    head, tail = sheet("{}").split("{}")
    begin, end = CELL.format(place="A1", text="{}").split("{}")
    parts = [head, '<row r="1">', begin, *["a" * 1_000_000] * megabytes, end, "</row>", tail]
    made = with_sheet(folder, parts)
    return _small(made, "xl/sheet.xml") if lies else made


def _small(archive: bytes, name: str) -> bytes:
    """With another length unpacked, in the directory at the archive's end."""
    with zipfile.ZipFile(BytesIO(archive)) as read:
        size = read.getinfo(name).file_size
    assert size < 2**32
    at = archive.rindex(b"PK\x01\x02", 0, archive.rindex(name.encode()))
    field = at + 24  # APPNOTE.TXT, 4.3.12: uncompressed size
    assert archive[field : field + 4] == struct.pack("<I", size)
    return archive[:field] + struct.pack("<I", 10_000) + archive[field + 4 :]
