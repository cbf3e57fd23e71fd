"""An Excel workbook for tests that read one."""

import zipfile
from datetime import date
from pathlib import Path

DAY = 14  # the built-in number format of a date (ECMA-376 part 1, 18.8.30)
ZERO = date(1899, 12, 30)  # day 0 of a workbook's dates


def workbook(file: Path, rows: list[list[object]], merged: str = "Z1:Z1") -> None:
    """The least that is an .xlsx file. A pair is a formula and its value; a date is one as Excel
    keeps it, a number in a cell whose style says so."""
    lines = "".join(
        f'<row r="{r}">' + "".join(_cell(f"{chr(64 + c)}{r}", v) for c, v in enumerate(row, 1))
        + "</row>"
        for r, row in enumerate(rows, 1)
    )  # fmt: skip
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": _relations(package, {f"{office}/officeDocument": "xl/workbook.xml"}),
        "xl/_rels/workbook.xml.rels": _relations(
            package,
            {f"{office}/worksheet": "sheet.xml", f"{office}/styles": "styles.xml"},
        ),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Unit" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/>'
        f'<xf numFmtId="{DAY}"/></cellXfs></styleSheet>',
        "xl/sheet.xml": f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData>'
        f'<mergeCells><mergeCell ref="{merged}"/></mergeCells></worksheet>',
    }
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0"?>{text}')


def _relations(package: str, targets: dict[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{package}/relationships">{each}</Relationships>'


def _cell(place: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - ZERO).days}</v></c>'
    formula, number = value if isinstance(value, tuple) else ("", value)
    return f'<c r="{place}"><f>{formula.lstrip("=")}</f><v>{number}</v></c>'
