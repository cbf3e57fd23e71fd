"""A unit's own wording of its services: a table, taken whole or refused with every bad cell named.

    service  item                asked  not_applicable  1             2        3        4
    Mutasi   cost                       no              Jauh di atas  Di atas  Sesuai   Di bawah
    Mutasi   complaint_handling  no

A line speaks of one item of one service; what it leaves empty stays as the instrument has it. The
values of the answers stay as they are, so there are words for all of them or for none.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flows.engine.form import Line
from flows.instrument import Instrument, Wording
from storage.files.found_table import FoundTable, Wanted, find, names_of
from storage.files.refused import Faults, named, shown
from storage.files.spreadsheet import Sheets
from storage.units import Unit

WORDS = 72  # characters of an answer: what a WhatsApp list shows of it
_YES_NO = {"": None, "yes": True, "ya": True, "no": False, "tidak": False}


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    service: str
    item: str
    asked: bool
    not_applicable: bool | None
    words: tuple[str, ...]


class WordingFile(NamedTuple):
    """`left_out`: what is to be said of rows that are no wordings."""

    wordings: tuple[Wording, ...]
    left_out: tuple[Line, ...]


def parsed(sheets: Sheets, unit: Unit, asked: Instrument) -> WordingFile:
    """How the unit's services are asked about. Raises FileRefused."""
    values = [str(value) for value in asked.values]
    found = find(sheets, Wanted({**names_of("wordings"), **{value: (value,) for value in values}}))
    _check_header(found, values)
    faults = Faults()
    rows: list[_Row] = []
    for row in found.rows:
        if not row.fits:
            faults.add(
                f"Row {row.number} has {len(row.cells)} cells, the header {len(found.header)}."
            )
        elif any(row.cells):
            cells = {name: found.cell(row, name)[0] for name in found.columns}
            rows += _row(row.number, cells, unit, asked, faults)
    if not rows and not faults:
        faults.add("The table has a header and no rows; add one line per service and item.")
    faults += _twice(rows)
    faults += _nothing_asked(rows, asked)
    faults.check()
    wordings = tuple(_wording(of, rows, asked) for of in {row.service for row in rows})
    return WordingFile(wordings, found.left_out)


def _check_header(found: FoundTable, values: Sequence[str]) -> None:
    faults = Faults()
    if found.twice:
        faults.add(f"The header names {named(found.twice)} more than once.")
    if stray := found.unread:
        faults.add(f"The header has a column “{named(stray)}” that means nothing here.")
    faults += (
        f"The header has no column {name}."
        for name in ("service", "item")
        if name not in found.columns
    )
    given = [name for name in values if name in found.columns]
    if given and len(given) < len(values):
        faults.add(f"The header has no column {', '.join(set(values) - set(given))}.")
    if faults:
        faults.add(f"The columns are {', '.join([*names_of('wordings'), *values])}.")
    faults.check()


def _row(
    number: int, cells: dict[str, str], unit: Unit, asked: Instrument, faults: Faults
) -> Iterator[_Row]:
    """The row, if there is no fault in it."""
    before = len(faults)
    at = f"Row {number}, column"
    service = unit.service(cells["service"])
    if service is None:
        names = ", ".join(each["label"] for each in unit.services)
        text = shown(cells["service"])
        faults.add(f"{at} service: “{text}” is none of {unit.code}'s: {names}.")
    if cells["item"] not in asked.keys:
        text = shown(cells["item"])
        faults.add(f"{at} item: “{text}” is none of {', '.join(asked.keys)}.")
    for column in ("asked", "not_applicable"):
        if cells.get(column, "").casefold() not in _YES_NO:
            faults.add(f"{at} {column}: “{shown(cells[column])}” is not yes, no or empty.")
    words = [cells.get(str(value), "") for value in asked.values]
    faults += _unfit(at, asked, words)
    if len(faults) == before and service:
        said = [_YES_NO[cells.get(name, "").casefold()] for name in ("asked", "not_applicable")]
        if said[0] is False and (said[1] is not None or any(words)):
            faults.add(f"Row {number}: what is not asked needs no words and no not_applicable.")
        kept = tuple(words) if any(words) else ()
        yield _Row(number, service["id"], cells["item"], said[0] is not False, said[1], kept)


def _unfit(at: str, asked: Instrument, words: Sequence[str]) -> Iterator[str]:
    if not any(words):
        return
    for value, word in zip(asked.values, words, strict=True):
        if not word:
            yield f"{at} {value}: it is empty; give words for all answers or for none."
        elif len(word) > WORDS or not word.isprintable():
            text = shown(word)
            yield f"{at} {value}: “{text}” cannot be taken; write at most {WORDS} characters."
    twice = [w for w, times in Counter(w.casefold() for w in words if w).items() if times > 1]
    if twice:
        text = shown(twice[0])
        yield f"{at} {asked.values[0]}: “{text}” stands for two answers; word each by itself."


def _twice(rows: Sequence[_Row]) -> Iterator[str]:
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        earlier = first.setdefault((row.service, row.item), row.number)
        if earlier != row.number:
            yield f"Row {row.number}: row {earlier} speaks of this service and item already."


def _nothing_asked(rows: Sequence[_Row], asked: Instrument) -> Iterator[str]:
    left_out = Counter(row.service for row in rows if not row.asked)
    for service, number in left_out.items():
        if number >= len(asked.items):
            yield f"The service {service} would be asked nothing; leave at least one item asked."


def _wording(service: str, rows: Sequence[_Row], asked: Instrument) -> Wording:
    mine = [row for row in rows if row.service == service]
    usual = {item.key for item in asked.items if item.not_applicable}
    passed = {row.item for row in mine if row.not_applicable}
    passed |= usual - {row.item for row in mine if row.not_applicable is False}
    said = {
        "options": {row.item: row.words for row in mine if row.words},
        "without": [row.item for row in mine if not row.asked],
        "not_applicable": None if passed == usual else passed,
    }
    return Wording.of(service, said)
