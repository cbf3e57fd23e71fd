"""What a file of answers says about a unit, as drafts: all of it, or every fault of it in one go.

Beside the answers a table may have a day, an id, a service (an id or a name of the unit's), a
comment and the profile's bands; others are ignored. A band's cell that is none of its choices is
left out and counted: a profile is beside the index, and forms ask it in many ways.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

from flows.engine.form import Line
from flows.instrument import Instrument, Questionnaire
from reports.incoming.cells import choice, comment, day, is_prose, only_service, own_id, service
from storage.answers.imports import row_key
from storage.answers.responses import Draft
from storage.files import instrument_columns
from storage.files.found_table import FoundTable, names_of
from storage.files.likeness import plain
from storage.files.response_file import (
    AnswerLine,
    AnswersRefused,
    Asked,
    Order,
    Read,
    found_in,
    lines_of,
)
from storage.files.spreadsheet import Sheets
from storage.files.written_day import (
    DayOrder,
    DaysDoubtful,
    day_order,
    has_order,
    is_day,
    written_minute,
)
from storage.periods import Period
from storage.units import Unit

CHANNEL = "file"
SOURCE = "imported"
BEGUN = date(2017, 1, 1)  # of answers to an instrument without a day of its own


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody said about a table that it does not say itself. `mapped`, `blanks`: see
    `storage.files.found_table.Wanted`. `degrees`: answers in words, `plain`, that the questionnaire
    has not, and their values. `order`: of U1 to U9; `days`: what stands first in its days; None:
    nothing was said."""

    mapped: Mapping[str, str] = field(default_factory=dict)
    blanks: AbstractSet[str] = frozenset()
    degrees: Mapping[str, int] = field(default_factory=dict)
    order: Order | None = None
    days: DayOrder | None = None


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
    reading: Reading = Reading()
    final: Sequence[Period] = ()
    known: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Incoming:
    """`drafts`, each with the key of its own id ("" without one). `unanswered`: rows without any
    answer, left out. `odd`: profile column → cells that are none of its choices. `found`: the table
    and what of it was not read; `order`, `days`: how it was read, None where nothing had to be
    decided."""

    drafts: list[tuple[str, Draft]]
    unanswered: int
    odd: Mapping[str, int]
    found: FoundTable
    order: Order | None
    days: DayOrder | None

    @property
    def unread(self) -> list[str]:
        return self.found.unread


def incoming(sheets: Sheets, filed: Filed) -> Incoming:
    """Raises AnswersRefused naming every fault, DaysDoubtful, FileRefused."""
    odd: Counter[str] = Counter()
    found = found_in(sheets, asked_of(filed, odd))
    if filed.day is None and "date" not in found.columns:
        raise AnswersRefused(Line("file.header.date"))
    first, texts = earliest(filed.instrument), found.texts("date")
    days = _days(texts, first, filed)
    keys = _Keys(found)
    lines = lines_of(found, asked_of(filed, odd, days, _check(filed, keys)))
    drafts = [
        (keys.of(line), _draft(line, filed))
        for line in lines
        if any(value is not None for value in line.answers.values())
    ]
    return Incoming(
        drafts,
        len(lines) - len(drafts),
        +odd,
        found,
        (filed.reading.order or "questionnaire") if _orders(found) else None,
        days if has_order(texts) else None,
    )


def _days(texts: Sequence[str], first: date, filed: Filed) -> DayOrder:
    """What the days themselves tell; what was said, where they do not. Raises DaysDoubtful."""
    try:
        return day_order(texts, first, filed.today)
    except DaysDoubtful:
        if filed.reading.days is None:
            raise
        return filed.reading.days


def earliest(instrument: Instrument) -> date:
    """The first day of which answers to an instrument may be."""
    return instrument.holds_from or BEGUN


class _Keys:
    """The key of a row's own id, "" without one. Some forms count from 1, and the next one does
    too: the minute beside tells their rows apart, as every kind of file writes it."""

    def __init__(self, found: FoundTable) -> None:
        headings = {plain(found.header[place]) for place in found.columns.get("date", ())}
        is_timed = bool(headings & {*names_of("answers")["timed"]})
        rows = found.rows if is_timed else ()
        self._times = {
            row.number: written_minute(found.cell(row, "date")[0]) for row in rows if row.fits
        }

    def of(self, line: AnswerLine) -> str:
        id = str(line.beside.get("id", ""))
        if not (id and self._times):
            return id
        return row_key(f"{id} {line.beside.get('date')} {self._times[line.number]}")


def asked_of(
    filed: Filed,
    odd: Counter[str],
    days: DayOrder = "day",
    check: Callable[[AnswerLine], Iterator[Line]] = lambda line: iter(()),
) -> Asked:
    by, reading = filed.instrument, filed.reading
    said = instrument_columns.answers(by.id)
    return Asked(
        by.keys,
        by.values,
        reading.order or "questionnaire",
        _beside(filed, odd, days),
        check,
        {key: {**reading.degrees, **own} for key, own in said.items()},
        instrument_columns.names(by.id),
        instrument_columns.like(by.id),
        {"date": is_day, "comment": is_prose},
        reading.mapped,
        frozenset(map(str.casefold, reading.blanks)),
    )


def _orders(found: FoundTable) -> bool:
    """Whether the two that change places are known by their numbers alone."""
    return found.by_number >= {"facilities", "complaint_handling"}


def _beside(filed: Filed, odd: Counter[str], days: DayOrder) -> dict[str, Read]:
    first = earliest(filed.instrument)
    read: dict[str, Read] = {
        "date": day(first, filed.today, filed.day, days),
        "id": own_id,
        "comment": comment,
    }
    if filed.service is None:
        read["service"] = service(filed.unit)
    return read | {band.key: choice(band, odd) for band in filed.instrument.bands}


def _check(filed: Filed, keys: _Keys) -> Callable[[AnswerLine], Iterator[Line]]:
    """What is wrong with a line as a whole, however well each cell reads."""
    first: dict[str, int] = {}

    def check(line: AnswerLine) -> Iterator[Line]:
        key = keys.of(line)
        if key and first.setdefault(key, line.number) != line.number:
            yield Line("file.id.twice", {"row": line.number, "same": first[key]})
        on = line.beside.get("date", filed.day)
        if on is not None and key not in filed.known:
            yield from _in_final(line.number, on, filed)

    return check


def _in_final(number: int, on: date, filed: Filed) -> Iterator[Line]:
    for period in filed.final:
        if period.first <= on <= period.last:
            yield Line("file.final", {"row": number, "day": f"{on}", "name": period.name})


def _draft(line: AnswerLine, filed: Filed) -> Draft:
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
        comment=beside.get("comment"),
        source=SOURCE,
    )
