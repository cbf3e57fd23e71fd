"""What a file of answers says about a unit, as drafts: all of it, or every fault of it in one go.

Beside the answers a table may have the columns `date`, `id`, `service` (an id or a name of the
unit's) and the profile's bands; others are ignored. A band's cell that is none of its choices is
left out and counted: a profile is beside the index, and forms ask it in many ways.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from flows.instrument import Instrument, Questionnaire
from flows.operator_words import tr
from reports.incoming.cells import choice, day, only_service, own_id, service
from storage.answers.responses import Draft
from storage.files.response_file import (
    AnswersRefused,
    Asked,
    Line,
    Order,
    Read,
    header_row,
    lines_of,
)
from storage.files.spreadsheet import Cells
from storage.periods import Period
from storage.units import Unit

CHANNEL = "file"
SOURCE = "imported"
BEGUN = date(2017, 1, 1)  # of answers to an instrument without a day of its own


@dataclass(frozen=True, slots=True)
class Filed:
    """What is known of a file beside its table. `service`, `day`: of rows that name none; a
    service given here is that of all rows. `final`: periods to which nothing may be added.
    `known`: keys of rows that were imported before."""

    unit: Unit
    instrument: Instrument
    today: date
    service: str | None = None
    day: date | None = None
    order: Order = "questionnaire"
    final: Sequence[Period] = ()
    known: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Incoming:
    """`drafts`, each with the key of its own id ("" without one). `unanswered`: rows without any
    answer, left out. `unread`: columns that mean nothing here. `odd`: profile column → cells that
    are none of its choices."""

    drafts: list[tuple[str, Draft]]
    unanswered: int
    unread: list[str]
    odd: Mapping[str, int]


def incoming(table: Cells, filed: Filed) -> Incoming:
    """Raises AnswersRefused naming every fault."""
    odd: Counter[str] = Counter()
    asked = Asked(
        filed.instrument.keys,
        filed.instrument.values,
        filed.order,
        _beside(filed, odd),
        _check(filed),
        {item.key: item.options or filed.instrument.options for item in filed.instrument.items},
    )
    header = table[header_row(table, asked)] if table else []
    _require_day(header, filed)
    lines = lines_of(table, asked)
    drafts = [
        (line.beside.get("id", ""), _draft(line, filed))
        for line in lines
        if any(value is not None for value in line.answers.values())
    ]
    return Incoming(drafts, len(lines) - len(drafts), _unread(header, asked), +odd)


def earliest(instrument: Instrument) -> date:
    """The first day of which answers to an instrument may be."""
    return instrument.holds_from or BEGUN


def _beside(filed: Filed, odd: Counter[str]) -> dict[str, Read]:
    first = earliest(filed.instrument)
    read: dict[str, Read] = {"date": day(first, filed.today, filed.day), "id": own_id}
    if filed.service is None:
        read["service"] = service(filed.unit)
    return read | {band.key: choice(band, odd) for band in filed.instrument.bands}


def _check(filed: Filed) -> Callable[[Line], Iterator[str]]:
    """What is wrong with a line as a whole, however well each cell reads."""
    first: dict[str, int] = {}

    def check(line: Line) -> Iterator[str]:
        key = line.beside.get("id", "")
        if key and first.setdefault(key, line.number) != line.number:
            yield (
                f"Row {line.number}, column id: row {first[key]} has the same; give each response "
                "its own."
            )
        on = line.beside.get("date", filed.day)
        if on is not None and key not in filed.known:
            yield from _in_final(line.number, on, filed)

    return check


def _in_final(number: int, on: date, filed: Filed) -> Iterator[str]:
    for period in filed.final:
        if period.first <= on <= period.last:
            yield (
                f"Row {number}: {on} lies in {period.name}, which is published; nothing can be "
                "added to it. Take the row out."
            )


def _require_day(header: Sequence[str], filed: Filed) -> None:
    if any(header) and filed.day is None and "date" not in map(str.casefold, header):
        raise AnswersRefused(
            tr("The header has no column date; add it, or give --date for all rows.")
        )


def _unread(header: Sequence[str], asked: Asked) -> list[str]:
    """A header with U-names has no other column that begins so."""
    numbers = {f"u{number}" for number in range(1, len(asked.items) + 1)}
    read = {*asked.items, *numbers, *(asked.beside or ())}
    return [cell for cell in header if cell and cell.casefold() not in read]


def _draft(line: Line, filed: Filed) -> Draft:
    beside = line.beside
    on = beside.get("date", filed.day)
    assert on is not None, "no line without a day was taken"
    profile = {band.key: beside.get(band.key, "") for band in filed.instrument.bands}
    return Draft(
        service=filed.service or beside.get("service", only_service(filed.unit)),
        instrument=filed.instrument.id,
        questionnaire=Questionnaire(filed.instrument.id).id,
        channel=CHANNEL,
        at=on,
        answers=line.answers,
        profile={key: given for key, given in profile.items() if given},
        source=SOURCE,
    )
