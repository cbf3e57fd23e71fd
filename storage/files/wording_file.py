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

from flows.instrument import Instrument, Wording
from storage.files.refused import Faults, FileRefused, named, shown
from storage.files.spreadsheet import Cells
from storage.units import Unit

WORDS = 72  # characters of an answer: what a WhatsApp list shows of it
_YES_NO = {"": None, "yes": True, "ya": True, "no": False, "tidak": False}


class WordingRefused(FileRefused):
    """Nothing of the file was taken."""


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    service: str
    item: str
    asked: bool
    not_applicable: bool | None
    words: tuple[str, ...]


def parsed(table: Cells, unit: Unit, asked: Instrument) -> tuple[Wording, ...]:
    """How the unit's services are asked about. Raises WordingRefused."""
    header, *lines = table or [[]]
    names = [cell.casefold() for cell in header]
    values = [str(value) for value in asked.values]
    _check_header(names, ["service", "item", "asked", "not_applicable", *values])
    faults = Faults()
    rows: list[_Row] = []
    for number, line in enumerate(lines, start=2):
        if any(line):
            cells = _cells(number, names, line, faults)
            rows += [] if cells is None else _row(number, cells, unit, asked, faults)
    if not rows and not faults:
        faults.add("The table has a header and no rows; add one line per service and item.")
    faults += _twice(rows)
    faults += _nothing_asked(rows, asked)
    faults.check(WordingRefused)
    return tuple(_wording(service, rows, asked) for service in {row.service for row in rows})


def _check_header(names: Sequence[str], known: Sequence[str]) -> None:
    times = Counter(names)
    faults = Faults()
    if twice := [name for name, number in times.items() if number > 1]:
        faults.add(f"The header names {named(twice)} more than once.")
    if stray := [name for name in times if name not in known]:
        faults.add(f"The header has a column “{named(stray)}” that means nothing here.")
    faults += (f"The header has no column {name}." for name in known[:2] if name not in names)
    given = [name for name in known[4:] if name in names]
    if given and len(given) < len(known[4:]):
        faults.add(f"The header has no column {', '.join(set(known[4:]) - set(given))}.")
    if faults:
        faults.add(f"The columns are {', '.join(known)}.")
    faults.check(WordingRefused)


def _cells(
    number: int, names: Sequence[str], line: Sequence[str], faults: Faults
) -> dict[str, str] | None:
    if len(line) < len(names) or any(line[len(names) :]):
        faults.add(f"Row {number} has {len(line)} cells, the header {len(names)}.")
        return None
    return dict(zip(names, line, strict=False))


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
