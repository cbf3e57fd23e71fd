"""Evidence for PEKPPP as rows of text, Indonesian: on a terminal, and as a workbook."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table
from xlsxwriter import Workbook

from bot.commands.figures.index_table import console
from bot.commands.output import write_file
from flows.engine.form import Line
from flows.formats import day_line
from flows.loader import element_line, words
from flows.office.proof import kept_line
from flows.office.result_publication import medium_line
from reports.ipp.evidence import Evidence
from reports.ipp.evidence_rules import EvidenceRules
from storage.units import Unit

Rows = Iterator[tuple[str, ...]]

LEVELS = ("Indikator", "Bobot dalam aspek I", "Tingkat", "Dasar")
FOLLOW_UPS = (
    "Unsur", "Program", "Penanggung jawab", "Direncanakan", "Tenggat", "Status", "Selesai", "Bukti",
    "Kabar kepada warga",
)  # fmt: skip
SHORT = (1, 3, 4, 5, 6)  # of these on a terminal: the rest is in the workbook and the JSON
DAYS = ("Direncanakan", "Tenggat", "Selesai", "Tanggal")
WIDEST = 50  # characters of a column of the workbook
PUBLICATIONS = ("Periode", "Media", "Tanggal")

_WORDS = words("id")


def levels(found: Evidence, by: EvidenceRules) -> Rows:
    planned, finished = len(found.follow_ups), found.finished
    media = ", ".join(_WORDS.line(medium_line(each)) for each in found.used)
    for rule, level, why in (
        (by.share, found.share, f"{finished} dari {planned} rencana selesai"),
        (by.speed, found.speed, "rencana yang paling lama, dari rencana sampai selesai"),
        (by.media, found.media, f"{len(found.used)} media" + (f": {media}" if media else "")),
    ):
        yield rule.name, f"{rule.weight} %", str(level), why


def follow_ups(found: Evidence) -> Rows:
    for each in found.follow_ups:
        finished = _WORDS.line(day_line(each.finished_on)) if each.finished_on else ""
        yield (
            _WORDS.line(element_line(each.plan.element, each.planned_on)),
            each.plan.programme,
            each.plan.person,
            _WORDS.line(day_line(each.planned_on)),
            _WORDS.line(day_line(each.plan.due)),
            _WORDS.line(Line(f"follow_up.status.{each.status}")),
            finished,
            _WORDS.line(kept_line(each.proof, each.file)) if each.proof or each.file else "",
            each.told,
        )


def publications(found: Evidence) -> Rows:
    for each in found.publications:
        yield (
            each.period,
            _WORDS.line(medium_line(each.medium)),
            _WORDS.line(day_line(each.on)),
        )


def heading(unit: Unit, found: Evidence) -> str:
    return f"Bukti PEKPPP · {unit.name} · {found.year}"


def notes(found: Evidence, by: EvidenceRules) -> list[str]:
    on = _WORDS.line(day_line(found.on))
    return [by.rule, f"Sumber: {by.source}", f"Keadaan {on}", *by.unconfirmed]


def show(unit: Unit, found: Evidence, by: EvidenceRules) -> None:
    """Print to stdout; plain text where it is no terminal."""
    paper = console()
    paper.print(heading(unit, found), style="bold", markup=False)
    paper.print(_table(LEVELS, levels(found, by)))
    short = (tuple(row[at] for at in SHORT) for row in follow_ups(found))
    for table in (
        _table(tuple(FOLLOW_UPS[at] for at in SHORT), short),
        _table(PUBLICATIONS, publications(found)),
    ):
        if table.row_count:
            paper.print(table)
    for line in notes(found, by):
        paper.print(line, markup=False)


def _table(header: tuple[str, ...], rows: Rows) -> Table:
    table = Table(box=SIMPLE_HEAD)
    for name in header:
        table.add_column(name, overflow="fold", no_wrap=name in DAYS)
    for row in rows:
        table.add_row(*(cell.replace("[", r"\[") for cell in row))
    return table


def write(out: Path, unit: Unit, found: Evidence, by: EvidenceRules) -> None:
    """A workbook: the levels with their rule, follow-ups, publications. Every cell is text as it
    was written: nothing that somebody typed becomes a formula or a link.

    Raises Refused where the file cannot be written.
    """
    content = BytesIO()
    book = Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False})
    below: list[tuple[str, ...]] = [(), *((note,) for note in notes(found, by))]
    _sheet(book, "Tingkat", [(heading(unit, found),), (), LEVELS, *levels(found, by), *below], 2)
    _sheet(book, "Tindak lanjut", [FOLLOW_UPS, *follow_ups(found)])
    _sheet(book, "Publikasi", [PUBLICATIONS, *publications(found)])
    book.close()
    write_file(out, content.getvalue())


def _sheet(book: Workbook, name: str, rows: Iterable[tuple[str, ...]], header: int = 0) -> None:
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
