"""A unit's service standard as a table, taken whole or refused with every bad cell named.

    service  element          text                               valid_from
    Mutasi   completion_time  Selesai dalam 3 hari kerja         2026-01-05
             cost             Sesuai PP 76/2020, tanpa pungutan

No service: all of the unit's. No day: from the day it is brought in.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from storage import spreadsheet
from storage.standards import Promise
from storage.units import Unit
from storage.written_day import written_day

TEXT = 120  # characters: with it a question's screen still has six short lines
COLUMNS = ("service", "element", "text", "valid_from")
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


class StandardRefused(Exception):
    """Nothing of the file was taken; `faults` names each fault, its place and the cure."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read(path: Path, unit: Unit, elements: Sequence[str], today: date) -> list[Promise]:
    """The promises. Raises StandardRefused, SpreadsheetUnread."""
    header, *lines = spreadsheet.read(path) or [[]]
    names = [cell.casefold() for cell in header]
    if faults := list(_header_faults(names)):
        raise StandardRefused(*faults, f"The columns are {', '.join(COLUMNS)}.")
    promises: list[Promise] = []
    first: dict[tuple[str, str, date], int] = {}
    for number, line in enumerate(lines, start=2):
        if not any(line):
            continue
        cells = dict(zip(names, [*line, *[""] * len(names)], strict=False))
        wrong = [f"Row {number}, column {fault}" for fault in _faults(cells, unit, elements)]
        if any(line[len(names) :]):
            wrong.append(f"Row {number} has more cells than the header.")
        if not wrong:
            promises.append(promise := _promise(cells, unit, today))
            same = first.setdefault((*promise[:2], promise.valid_from), number)
            if same != number:
                wrong.append(f"Row {number}: row {same} promises the same of the same day already.")
        faults += wrong
    if not promises and not faults:
        faults.append("The table has a header and no rows; add one line per service and element.")
    if faults:
        raise StandardRefused(*faults)
    return promises


def _header_faults(names: Sequence[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"The header names {name} more than once."
        if name not in COLUMNS:
            yield f"The header has a column “{name}” that means nothing here."
    for name in ("element", "text"):
        if name not in names:
            yield f"The header has no column {name}."


def _faults(cells: dict[str, str], unit: Unit, elements: Sequence[str]) -> Iterator[str]:
    service, text, day = (cells.get(name, "") for name in ("service", "text", "valid_from"))
    if service and unit.service(service) is None:
        names = ", ".join(each["label"] for each in unit.services)
        yield f"service: “{service}” is none of {unit.code}'s: {names}."
    if cells["element"] not in elements:
        yield f"element: “{cells['element']}” is none of {', '.join(elements)}."
    if not text:
        yield "text: it is empty; write what is promised."
    elif len(text) > TEXT or not text.isprintable():
        yield f"text: “{text[:40]}” cannot be taken; write one line of at most {TEXT} characters."
    if day:
        try:
            written_day(day, _FIRST, _LAST)
        except ValueError:
            yield f"valid_from: “{day}” is no date; write 2026-11-30 or 30/11/2026."


def _promise(cells: dict[str, str], unit: Unit, today: date) -> Promise:
    service = unit.service(cells.get("service", ""))
    day = cells.get("valid_from", "")
    return Promise(
        service["id"] if service and cells.get("service") else "",
        cells["element"],
        cells["text"],
        written_day(day, _FIRST, _LAST) if day else today,
    )
