"""The units file: a table of service units, taken whole or refused with every bad cell named."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from flows.files import CURRENT
from flows.instrument import Questionnaire
from storage import spreadsheet
from storage.periods import Kind, zone

NAME = 120  # characters of a name, an agency, a region, opening hours
SERVICE = 72  # characters of a service's name: what a WhatsApp list shows of it
SERVICES = 90  # Telegram shows 100 buttons, and the languages stand beside them
ID = 40  # characters of a service's id: it has to fit into a link and behind a button

PERIODS: tuple[str, ...] = tuple(kind for kind in get_args(Kind) if kind != "week")
GENERAL = {"id": "umum", "label": "Pelayanan umum"}


class UnitFileRefused(Exception):
    """Nothing of the file was taken; `faults` names each fault, its place and the cure."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class UnitFile:
    """`rows` as `storage.units.save` takes them; `unread` are columns that mean nothing here."""

    rows: list[dict[str, Any]]
    unread: list[str]


def read(path: Path) -> UnitFile:
    """The units of a .csv or .xlsx file. Raises UnitFileRefused, SpreadsheetUnread."""
    header, *lines = spreadsheet.read(path) or [[]]
    names = [cell.casefold() for cell in header]
    _check_header(names)
    faults: list[str] = []
    rows = [
        _row(number, names, line, faults) for number, line in enumerate(lines, start=2) if any(line)
    ]
    if not rows and not faults:
        faults.append("The table has a header and no rows; add one line per unit.")
    faults += _twice([(number, code) for number, code in _codes(names, lines) if code])
    if faults:
        raise UnitFileRefused(*faults)
    return UnitFile([_kept(row) for row in rows], [h for h in header if h.casefold() not in CELLS])


def _check_header(names: list[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1 and name in CELLS]
    missing = [name for name in CELLS if name not in names and name not in OPTIONAL]
    faults = []
    if twice:
        faults.append(f"The header names {', '.join(twice)} more than once; keep one column each.")
    if missing:
        faults.append(
            f"The header (row 1) has no column {', '.join(missing)}; add it. "
            "The cells of services and population may be empty."
        )
    if faults:
        raise UnitFileRefused(*faults)


def _row(number: int, names: list[str], line: list[str], faults: list[str]) -> dict[str, Any]:
    if len(line) < len(names) or any(line[len(names) :]):
        faults.append(
            f"Row {number} has {len(line)} cells, the header {len(names)}; "
            "put quotes around a cell that holds the separator."
        )
        return {}
    row: dict[str, Any] = {}
    for name, text in zip(names, line, strict=False):
        if name in CELLS:
            try:
                row[name] = CELLS[name](text)
            except ValueError as fault:
                faults.append(f"Row {number}, column {name}: {fault}")
    return row


def _codes(names: list[str], lines: list[list[str]]) -> list[tuple[int, str]]:
    at = names.index("code")
    return [(n, line[at].casefold()) for n, line in enumerate(lines, start=2) if len(line) > at]


def _twice(codes: list[tuple[int, str]]) -> list[str]:
    first: dict[str, int] = {}
    return [
        f"Row {number}, column code: “{code}” is the code of row {first[code]} already; "
        "give each unit its own (capitals make no difference)."
        for number, code in codes
        if first.setdefault(code, number) != number
    ]


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    """With the columns that follow from others, and what is not in the file at its default."""
    return {
        **{name: CELLS[name]("") for name in OPTIONAL},
        **row,
        "folded_code": row["code"].casefold(),
        "folded_name": row["name"].casefold(),
        "questionnaire": Questionnaire(CURRENT).id,
    }


def _code(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{2,20}", text):
        raise ValueError(f"{_said(text)}; write 2 to 20 of A–Z a–z 0–9 and -.")
    return text


def _words(text: str) -> str:
    plain = _free(text)
    if not plain:
        raise ValueError(f"{_said(text)}; write 1 to {NAME} characters.")
    return plain


def _agency(text: str) -> str:
    if text == "*":
        raise ValueError("“*” stands for all agencies; write the agency's name.")
    return _words(text)


def _free(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) > NAME or not plain.isprintable():
        raise ValueError(f"{_said(text)}; write at most {NAME} printable characters.")
    return plain


def _zone(text: str) -> str:
    if not text:
        raise ValueError("it is empty; write WIB, WITA, WIT or an IANA name.")
    return zone(text).key


def _services(text: str) -> list[dict[str, str]]:
    labels = [" ".join(part.split()) for part in text.split(";") if part.strip()]
    twice = [label for label, times in Counter(map(str.casefold, labels)).items() if times > 1]
    if twice:
        raise ValueError(f"“{twice[0]}” is there more than once; name each service once.")
    for label in labels:
        if len(label) > SERVICE or not label.isprintable():
            raise ValueError(f"{_said(label)}; write at most {SERVICE} printable characters.")
    if len(labels) > SERVICES:
        raise ValueError(f"it names {len(labels)} services; name at most {SERVICES}.")
    rows: list[dict[str, str]] = []
    for label in labels:
        rows.append({"id": _id(label, {row["id"] for row in rows}), "label": label})
    return rows or [dict(GENERAL)]


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
        raise ValueError(f"{_said(text)}; write a whole number such as 5000, or leave it empty.")
    return int(text)


def _period(text: str) -> str:
    period = text.casefold() or "quarter"
    if period not in PERIODS:
        raise ValueError(f"{_said(text)}; write month, quarter, semester or year.")
    return period


def _degrees(most: int) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        if not text:
            return None
        if re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]+)?", text):
            degrees = float(text.replace(",", "."))
            if abs(degrees) <= most:
                return degrees
        raise ValueError(f"{_said(text)}; write degrees from -{most} to {most}, or leave it empty.")

    return read


def _said(text: str) -> str:
    if not text:
        return "it is empty"
    shown = "".join(c if c.isprintable() else "�" for c in text)
    return f"“{shown if len(shown) <= 40 else shown[:39] + '…'}” cannot be taken"


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
}
OPTIONAL = ("kind", "period", "latitude", "longitude", "opening_hours")
