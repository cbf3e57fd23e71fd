"""A table of answers: one line per response, read whole or refused with every bad cell named.

The header names the items by key, or U1..U9 in one of two orders: the questionnaire's, or the
element list's of the rule's annex, which has complaint handling 8th and facilities 9th. Published
reports use both, so a table with U-names says nothing by itself.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from flows.operator_words import tr
from storage.files import spreadsheet
from storage.files.refused import Faults, FileRefused, shown
from storage.files.spreadsheet import Cells

Order = Literal["questionnaire", "list"]
Read = Callable[[str], Any]  # ValueError: the rest of a sentence that names the cell

TITLES = 30  # rows that may stand above the header

_PREFIXED = re.compile(r"([0-9]|[a-z]) ?[-–.):=] ?(.+)")
_LETTERS = "abcdefghij"
_TOTAL = re.compile(
    r"(jml|jumlah|total|nrr|rata-rata|ikm|skm|nilai (rata|per|unsur|indeks)).*", re.IGNORECASE
)
_NUMBERED = re.compile(r"u[1-9][0-9]*")
_SWAPPED = {"facilities": "complaint_handling", "complaint_handling": "facilities"}


class AnswersRefused(FileRefused):
    """Nothing of the table was taken."""


@dataclass(frozen=True, slots=True)
class Line:
    """One response. `number` counts as a spreadsheet does, from row 1. `answers`: item → value,
    None where the cell is empty. `beside`: the other columns that were asked for."""

    number: int
    answers: dict[str, int | None]
    beside: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a table is read as: item keys in questionnaire order, the values an answer may have,
    the order of U-names, columns that may stand beside with what reads their cells, what names the
    faults of a line as a whole, and of each item its answers in words (`said`)."""

    items: Sequence[str]
    values: range
    order: Order = "questionnaire"
    beside: Mapping[str, Read] | None = None
    check: Callable[[Line], Iterable[str]] = lambda line: ()
    said: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Column:
    name: str  # of the header, as it is written there
    position: int
    key: str
    read: Read


def read(path: Path, asked: Asked) -> list[Line]:
    """The lines of a .csv or .xlsx file. Raises AnswersRefused, SpreadsheetUnread."""
    return lines_of(spreadsheet.read(path), asked)


def lines_of(table: Cells, asked: Asked) -> list[Line]:
    """The lines of a table: an empty cell is "not answered", an empty line nothing (of a row of
    empty cells nothing beside is read), columns that were not asked for are ignored.
    Raises AnswersRefused."""
    at = header_row(table, asked)
    header, *rows = table[at:] or [[]]
    if not any(header):
        raise AnswersRefused(
            tr("The first line is empty; it must be a header naming the elements.")
        )
    answers, beside = _columns(header, asked)
    label = min(column.position for column in answers)  # a sum is named left of the answers
    faults = Faults()
    lines = []
    for number, row in enumerate(rows, start=at + 2):
        if row and (len(row) < len(header) or any(row[len(header) :])):
            faults.add(f"Row {number} has {len(row)} cells, the header {len(header)}.")
        elif row:
            if any(map(_TOTAL.fullmatch, row[:label])):  # the annex's sums under the answers
                row = [""] * len(header)
            given = _read(number, row, answers, faults)
            is_answered = any(row[column.position] for column in answers)
            line = Line(number, given, _read(number, row, beside if is_answered else [], faults))
            if is_answered:
                faults += asked.check(line)
            lines.append(line)
    faults.check(AnswersRefused)
    if not lines:
        raise AnswersRefused(tr("The table has a header and no rows; add one line per response."))
    return lines


def header_row(table: Cells, asked: Asked) -> int:
    """The row that names the most columns, of the first `TITLES`; titles may stand above it."""
    names = {
        *asked.items,
        *(f"u{n}" for n in range(1, len(asked.items) + 1)),
        *(asked.beside or ()),
    }
    named = [sum(cell.casefold() in names for cell in row) for row in table[:TITLES]]
    return named.index(max(named)) if any(named) else 0


def _columns(header: Sequence[str], asked: Asked) -> tuple[list[_Column], list[_Column]]:
    """Those of the items and those beside. Raises AnswersRefused."""
    names = [cell.casefold() for cell in header]
    items = _item_columns(names, asked)
    beside = {name: read for name, read in (asked.beside or {}).items() if name in names}
    _check_header([name for name in names if name in items or name in beside], list(items))
    at = {name: names.index(name) for name in (*items, *beside)}
    return (
        [
            _Column(header[at[name]], at[name], key, _value(asked.values, asked.said.get(key, ())))
            for name, key in items.items()
        ],
        [_Column(header[at[name]], at[name], name, read) for name, read in beside.items()],
    )


def _item_columns(names: Sequence[str], asked: Asked) -> dict[str, str]:
    """Name in the header → item, by keys or by numbers."""
    numbered = {f"u{n}": key for n, key in enumerate(_ordered(asked), start=1)}
    by_key = [name for name in names if name in asked.items]
    by_number = [name for name in names if name in numbered]
    if by_key and by_number:
        raise AnswersRefused(
            tr(
                "The header mixes element keys ({0}) with numbers ({1}); use one of the two.",
                by_key[0],
                by_number[0].upper(),
            )
        )
    return numbered if by_number else {key: key for key in asked.items}


def _ordered(asked: Asked) -> list[str]:
    if asked.order == "questionnaire":
        return list(asked.items)
    if not _SWAPPED.keys() <= set(asked.items):
        raise AnswersRefused(tr("These elements have no other order than their own; leave it out."))
    return [_SWAPPED.get(key, key) for key in asked.items]


def _check_header(found: Sequence[str], wanted: Sequence[str]) -> None:
    twice = [_shown(name) for name, times in Counter(found).items() if times > 1]
    missing = [_shown(name) for name in wanted if name not in found]
    faults = Faults()
    if twice:
        faults.add(f"The header names {', '.join(twice)} more than once; keep one column each.")
    if missing:
        faults.add(
            f"The header has no column {', '.join(missing)}; add it (cells may be empty). "
            "Names are the element keys or U1, U2, …"
        )
    faults.check(AnswersRefused)


def _read(
    number: int, row: Sequence[str], columns: Sequence[_Column], faults: Faults
) -> dict[str, Any]:
    found = {}
    for column in columns:
        try:
            found[column.key] = column.read(row[column.position])
        except ValueError as fault:
            faults.add(f"Row {number}, column {shown(column.name)}: {fault}")
    return found


def _value(values: range, words: Sequence[str]) -> Read:
    """A number; the answer's words; or both, which must agree: "4 - Sangat sesuai", "4. …"."""
    named = {_plain(word): value for value, word in zip(values, words, strict=False)}
    known: dict[str, int | None] = {"": None, **{str(value): value for value in values}, **named}
    said = f"is not {', '.join(map(str, values))} or empty."

    def read(text: str) -> int | None:
        plain = _plain(text)
        if plain in known:
            return known[plain]
        both = _PREFIXED.fullmatch(plain)
        if both and both[2] in named and both[1] in (str(named[both[2]]), *_LETTERS):
            return named[both[2]]
        raise ValueError(f"“{shown(text)}” {said}")

    return read


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _shown(name: str) -> str:
    return name.upper() if _NUMBERED.fullmatch(name) else name
