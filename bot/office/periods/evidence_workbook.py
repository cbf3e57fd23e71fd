"""Evidence for PEKPPP as a workbook: the levels with their rule, follow-ups, publications.

Every cell is text as it was written: nothing that somebody typed becomes a formula or a link.
"""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook

from bot.commands.ipp.evidence_table import (
    FOLLOW_UPS,
    LEVELS,
    PUBLICATIONS,
    follow_ups,
    heading,
    levels,
    notes,
    publications,
)
from bot.commands.refusal import Refused
from flows.operator_words import reason, tr
from reports.ipp.evidence import Evidence
from reports.ipp.evidence_rules import EvidenceRules
from storage.database.private_files import write_private
from storage.units import Unit

WIDEST = 50  # characters of a column

Row = tuple[str, ...]


def write(out: Path, unit: Unit, found: Evidence, by: EvidenceRules) -> None:
    """Raises Refused where the file cannot be written."""
    content = BytesIO()
    book = Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False})
    below: list[Row] = [(), *((note,) for note in notes(found, by))]
    _sheet(book, "Tingkat", [(heading(unit, found),), (), LEVELS, *levels(found, by), *below], 2)
    _sheet(book, "Tindak lanjut", [FOLLOW_UPS, *follow_ups(found)])
    _sheet(book, "Publikasi", [PUBLICATIONS, *publications(found)])
    try:
        book.close()
        write_private(out, content.getvalue())
    except OSError as error:
        raise Refused(tr("{0} cannot be written: {1}.", out, reason(error))) from error


def _sheet(book: Workbook, name: str, rows: Iterable[Row], header: int = 0) -> None:
    sheet = book.add_worksheet(name)
    bold, plain = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    widths: dict[int, int] = {}
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            # A heading or a note stands alone and runs over the cells beside it.
            alone = len(row) == 1
            sheet.write_string(y, x, cell, bold if y == header else None if alone else plain)
            widths[x] = max(widths.get(x, 0), 0 if alone else len(cell) + 2)
    for x, width in widths.items():
        sheet.set_column(x, x, min(width, WIDEST))
    sheet.freeze_panes(header + 1, 0)
