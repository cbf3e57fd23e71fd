"""Files that a chat asked for, made when they are sent, of what the chat may see then."""

import io
from collections.abc import Callable, Mapping

import xlsxwriter
from sqlalchemy import Connection

from bot.core.channel import Document, SentBefore
from bot.core.links import Links
from bot.office import proofs, report
from flows.engine.form import Line
from flows.loader import words
from reports.printed.poster import MOST, Size, posters
from storage import units
from storage.office import permissions
from storage.office.unit_changes import COLUMNS, cell
from storage.scope import kept
from storage.units import Unit

HEADER = ("code", *COLUMNS)

Body = Mapping[str, str]


def made(
    connection: Connection, address: str, body: Body, links: Links
) -> Document | SentBefore | None:
    """None where the chat may not have it any more."""
    return _MADE[body["document"]](connection, address, body, links)


def _units(connection: Connection, address: str, body: Body, links: Links) -> Document | None:
    scope, spoken = kept(body["scope"]), words(body["language"])
    if not permissions.may_in(connection, address, "edit_units", scope):
        return None
    found = units.in_scope(connection, scope)
    caption = spoken.line(Line("units.list.caption", {"count": len(found)}))
    return Document("unit.xlsx", workbook(found), caption)


def workbook(found: list[Unit]) -> bytes:
    """The units as a table that may be changed and sent back. No cell is ever a formula."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("unit")
    rows = [HEADER, *([cell(getattr(unit, name)) for name in HEADER] for unit in found)]
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(HEADER) - 1, 18)
    book.close()
    return file.getvalue()


def _poster(connection: Connection, address: str, body: Body, links: Links) -> Document | None:
    scope, spoken = kept(body["scope"]), words(body["language"])
    if not permissions.may_in(connection, address, "print_posters", scope):
        return None
    found = units.in_scope(connection, scope)[:MOST]
    size: Size = "a5" if body["size"] == "a5" else "a4"
    hung = {unit.code: links.unit(unit.code) for unit in found}
    pdf = posters(found, hung, links.bot, size, words("id"))  # hung for citizens
    caption = spoken.line(Line("poster.caption", {"count": len(found), "size": size.upper()}))
    return Document("poster.pdf", pdf, caption)


_MADE: Mapping[str, Callable[[Connection, str, Body, Links], Document | SentBefore | None]] = {
    "units": _units,
    "poster": _poster,
    "proof": proofs.made,
    "report": report.made,
}
