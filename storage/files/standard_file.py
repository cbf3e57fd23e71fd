"""A unit's service standard as a table, taken whole or refused with every bad cell named.

    service  element          text                               valid_from
    Mutasi   completion_time  Selesai dalam 3 hari kerja         2026-01-05
             cost             Sesuai PP 76/2020, tanpa pungutan

No service: all of the unit's. No day: from the day it is brought in.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from flows.engine.form import Line
from storage.files.found_table import FoundTable, Wanted, find, names_of
from storage.files.refused import CellUnfit, Faults, cell, named, said, shown
from storage.files.spreadsheet import Sheets
from storage.files.written_day import DayOrder, day_order, written_day
from storage.standards import Promise
from storage.units import Unit

TEXT = 120  # characters: with it a question's screen still has six short lines
COLUMNS = ("service", "element", "text", "valid_from")
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


class StandardFile(NamedTuple):
    """`left_out`: what is to be said of rows that are no promises."""

    promises: list[Promise]
    left_out: tuple[Line, ...]


def parsed(sheets: Sheets, unit: Unit, elements: Sequence[str], today: date) -> StandardFile:
    """The promises in a table. Raises FileRefused."""
    found = find(sheets, Wanted(names_of("standards")))
    Faults(_header_faults(found)).check()
    days = found.texts("valid_from")
    order = day_order(days, _FIRST, _LAST)
    faults = Faults()
    promises: list[Promise] = []
    first: dict[tuple[str, str, date], int] = {}
    for row in found.rows:
        if not any(row.cells):
            continue
        cells = {name: found.cell(row, name)[0] for name in found.columns}
        wrong = [cell(row.number, *fault) for fault in _faults(cells, unit, elements, order)]
        if any(row.cells[len(found.header) :]):
            wrong.append(Line("file.longer", {"row": row.number}))
        if not wrong:
            promises.append(promise := _promise(cells, unit, today, order))
            same = first.setdefault((*promise[:2], promise.valid_from), row.number)
            if same != row.number:
                wrong.append(Line("file.promise.twice", {"row": row.number, "same": same}))
        faults += wrong
    if not promises and not faults:
        faults.add(Line("file.no_promises"))
    faults.check()
    return StandardFile(promises, found.left_out)


def _header_faults(found: FoundTable) -> Iterator[Line]:
    """The last of them says which columns there are."""
    stray = found.unread
    if found.twice:
        yield Line("file.header.twice", {"columns": named(found.twice)})
    if stray:
        yield Line("file.header.stray", {"column": named(stray)})
    missing = [name for name in ("element", "text") if name not in found.columns]
    if missing:
        yield Line("file.header.none", {"column": ", ".join(missing)})
    if found.twice or stray or missing:
        yield Line("file.columns", {"columns": ", ".join(COLUMNS)})


def _faults(
    cells: dict[str, str], unit: Unit, elements: Sequence[str], order: DayOrder
) -> Iterator[tuple[str, Line]]:
    """Each as its column and what is wrong there."""
    service, text, day = (cells.get(name, "") for name in ("service", "text", "valid_from"))
    if service and unit.service(service) is None:
        names = ", ".join(each["label"] for each in unit.services)
        params = {"text": shown(service), "unit": unit.code, "names": names}
        yield "service", Line("file.service", params)
    if cells["element"] not in elements:
        params = {"text": shown(cells["element"]), "names": ", ".join(elements)}
        yield "element", Line("file.element", params)
    if not text:
        yield "text", Line("file.promise.none")
    elif len(text) > TEXT or not text.isprintable():
        yield "text", Line("file.promise.long", {"said": said(text), "most": TEXT})
    if day:
        try:
            written_day(day, _FIRST, _LAST, order)
        except CellUnfit:
            yield "valid_from", Line("file.date", {"text": shown(day)})


def _promise(cells: dict[str, str], unit: Unit, today: date, order: DayOrder) -> Promise:
    service = unit.service(cells.get("service", ""))
    day = cells.get("valid_from", "")
    return Promise(
        service["id"] if service and cells.get("service") else "",
        cells["element"],
        cells["text"],
        written_day(day, _FIRST, _LAST, order) if day else today,
    )
