"""The units file: a table of service units, taken whole or refused with every bad cell named."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from flows.engine.form import Line
from flows.instrument import Questionnaire
from flows.loader import skm_on
from storage.files import spreadsheet
from storage.files.found_table import FoundTable, Row, Wanted, find, names_of
from storage.files.letters import undrawn
from storage.files.refused import CellUnfit, Faults, cell, said, shown
from storage.periods import Kind, local_date, period_of, zone

NAME = 120  # characters of a name, an agency, a region, opening hours
SERVICE = 72  # characters of a service's name: what a WhatsApp list shows of it
SERVICES = 90  # nobody reads a longer list of buttons, and few channels show one
ID = 40  # characters of a service's id: it has to fit into a link and behind a button

DRAWN = ("name", "agency", "services")  # columns that stand on posters and pictures
PERIODS: tuple[str, ...] = tuple(kind for kind in get_args(Kind) if kind != "week")
_MARKED = re.compile(r"(?:[0-9]{1,2}[.)]|[-•*–])\s+")
GENERAL = {"id": "umum", "label": "Pelayanan umum"}


@dataclass(frozen=True, slots=True)
class UnitFile:
    """`rows` as `storage.units.save` takes them; `unread` are columns that mean nothing here;
    `undrawn`: letters of names that no poster can show; `left_out`: of rows that are no units."""

    rows: list[dict[str, Any]]
    unread: list[str]
    undrawn: str = ""
    left_out: tuple[Line, ...] = ()


def read(path: Path, at: int, sheet: str | None = None) -> UnitFile:
    """The units of a .csv or .xlsx file. Raises FileRefused."""
    return parsed(spreadsheet.read(path, sheet), at)


def parsed(sheets: spreadsheet.Sheets, at: int) -> UnitFile:
    """The units of a table; `at` (Unix seconds): new ones ask by the instrument that holds then.
    Raises FileRefused."""
    found = find(sheets, Wanted(names_of("units")))
    _check_header(found)
    faults = Faults()
    filled = [row for row in found.rows if any(row.cells)]
    rows = [_row(row, found, faults) for row in filled]
    if not rows and not faults:
        faults.add(Line("file.no_units"))
    faults += _twice([(row.number, found.cell(row, "code")[0]) for row in filled if row.fits])
    faults.check()
    kept = [_kept(row, at) for row in rows]
    texts = (found.cell(row, column)[0] for row in filled for column in DRAWN)
    return UnitFile(kept, found.unread, undrawn("".join(texts)), found.left_out)


def _check_header(found: FoundTable) -> None:
    missing = [name for name in CELLS if name not in found.columns and name not in OPTIONAL]
    faults = Faults()
    if found.twice:
        faults.add(Line("file.header.twice", {"columns": ", ".join(found.twice)}))
    if missing:
        faults.add(Line("file.header.units", {"columns": ", ".join(missing)}))
    faults.check()


def _row(row: Row, found: FoundTable, faults: Faults) -> dict[str, Any]:
    if not row.fits:
        params = {"row": row.number, "cells": len(row.cells), "columns": len(found.header)}
        faults.add(Line("file.length", params))
        return {}
    read: dict[str, Any] = {}
    for name in found.columns:
        text, heading = found.cell(row, name)
        try:
            read[name] = CELLS[name](text)
        except CellUnfit as fault:
            faults.add(cell(row.number, heading, fault.line))
    return read


def _twice(codes: list[tuple[int, str]]) -> Iterator[Line]:
    first: dict[str, int] = {}
    for number, code in codes:
        if code and first.setdefault(code.casefold(), number) != number:
            twice = Line("file.code.twice", {"code": shown(code), "row": first[code.casefold()]})
            yield cell(number, "code", twice)


def _kept(row: Mapping[str, Any], at: int) -> dict[str, Any]:
    """With the columns that follow from others. What the file has no column for is left out: of a
    unit that is there already it stays (`storage.units.save`)."""
    today = local_date(at, row["timezone"])
    begun = period_of(row.get("period", "quarter"), today).first
    return {
        **row,
        "folded_code": row["code"].casefold(),
        "folded_name": row["name"].casefold(),
        "questionnaire": Questionnaire(skm_on(begun).id).id,
    }


def _code(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{2,20}", text):
        raise _unfit("code", text)
    return text


def _words(text: str) -> str:
    plain = _free(text)
    if not plain:
        raise _unfit("name", text, most=NAME)
    return plain


def _agency(text: str) -> str:
    if text == "*":
        raise _unfit("agency", text)
    return _words(text)


def _free(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) > NAME or not plain.isprintable():
        raise _unfit("long", text, most=NAME)
    return plain


def _zone(text: str) -> str:
    if not text:
        raise _unfit("no_zone", text)
    try:
        return zone(text).key
    except ValueError:
        raise _unfit("zone", text) from None


def _services(text: str) -> list[dict[str, str]]:
    labels = _listed(text)
    twice = [label for label, times in Counter(map(str.casefold, labels)).items() if times > 1]
    if twice:
        raise CellUnfit(Line("file.services.twice", {"service": shown(twice[0])}))
    for label in labels:
        if len(label) > SERVICE or not label.isprintable():
            raise _unfit("long", label, most=SERVICE)
    if len(labels) > SERVICES:
        raise CellUnfit(Line("file.services.many", {"number": len(labels), "most": SERVICES}))
    rows: list[dict[str, str]] = []
    for label in labels:
        rows.append(service_row(label, {row["id"] for row in rows}))
    return rows or [dict(GENERAL)]


def _listed(text: str) -> list[str]:
    """Services parted by ; or lines. By commas or numbers on one line it is asked, and a ; at the
    end says that it is one."""
    parts = [" ".join(part.split()) for part in re.split("[;\n]", text)]
    labels = [part for part in parts if part]
    if len(parts) == 1 and len(several := _parted(text)) > 1:
        names = "; ".join(map(shown, several))
        raise CellUnfit(Line("file.services.parted", {"text": shown(text), "names": names}))
    if len(labels) > 1 and all(map(_MARKED.match, labels)):  # a list with numbers or strokes
        labels = [_MARKED.sub("", label) for label in labels]
    return labels


def _parted(text: str) -> list[str]:
    by_number = [each.strip(" ,") for each in re.split(r"(?:^|\s)[0-9]{1,2}[.)]\s+", text)]
    parts = by_number if len(by_number) > 2 else text.split(",")
    return [each.strip() for each in parts if each.strip()]


def service_row(label: str, taken: set[str]) -> dict[str, str]:
    """A service with an id that no other has."""
    return {"id": _id(label, taken), "label": label}


def _id(label: str, taken: set[str]) -> str:
    """The same label gets the same id again, so that a link printed before still works."""
    ascii = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii).strip("-")[: ID - 3].strip("-") or "layanan"
    unique, number = slug, 2
    while unique in taken:
        unique, number = f"{slug}-{number}", number + 1
    return unique


def _population(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"0*[1-9][0-9]{0,8}", text):
        raise _unfit("number", text)
    return int(text)


def _period(text: str) -> str:
    period = text.casefold() or "quarter"
    if period not in PERIODS:
        raise _unfit("period", text)
    return period


def _web(text: str) -> str:
    said = text.casefold()
    if said not in ("", "open", "visit"):
        raise _unfit("web", text)
    return "" if said == "open" else said


def _degrees(most: int) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        if not text:
            return None
        if re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]+)?", text):
            degrees = float(text.replace(",", "."))
            if abs(degrees) <= most:
                return degrees
        raise _unfit("degrees", text, most=most)

    return read


def _unfit(what: str, text: str, **more: int) -> CellUnfit:
    return CellUnfit(Line(f"file.{what}", {"said": said(text), "text": shown(text), **more}))


CELLS: Mapping[str, Callable[[str], Any]] = {
    "code": _code,
    "name": _words,
    "agency": _agency,
    "region": _words,
    "timezone": _zone,
    "services": _services,
    "population": _population,
    "kind": lambda text: _free(text).casefold(),
    "period": _period,
    "latitude": _degrees(90),
    "longitude": _degrees(180),
    "opening_hours": _free,
    "web": _web,
}
# Columns that a table may leave out, and what a new unit has in their place.
OPTIONAL: Mapping[str, Any] = {
    "kind": "", "period": "quarter", "latitude": None, "longitude": None, "opening_hours": "",
    "web": "",
}  # fmt: skip
