"""What an import would do, and how its table was read, as lines for the operator."""

from collections.abc import Iterator
from datetime import UTC, datetime

from flows.engine.form import Line
from flows.formats import day_line, number
from flows.loader import words
from flows.operator_words import spoken, tr
from reports.incoming.drafts import Filed, Incoming
from reports.incoming.preview import Moved, Preview
from reports.incoming.repeats import Repeats
from reports.statistics.index import rounded
from storage.files.likeness import plain
from storage.files.refused import named, shown
from storage.periods import zone
from storage.units import Unit

MOST = 4  # periods, notes


def lines(
    filed: Filed, read: Incoming, shown: Preview | None, same: Repeats, *, again: bool
) -> Iterator[str]:
    yield from _read_as(filed, read)
    yield from _left(read)
    yield from _repeated(filed.unit, read, same, again)
    if shown is not None:
        first, last = (words(spoken()).line(day_line(day)) for day in (shown.first, shown.last))
        days = first if first == last else f"{first} – {last}"
        yield tr("{0} new responses, of {1}.", shown.new, days)
        for moved in shown.moved[:MOST]:
            yield _moved(filed, moved)


def _moved(filed: Filed, moved: Moved) -> str:
    (n, before), (more, after) = moved.before, moved.after
    said = [
        "–" if index is None else number(rounded(index, 2), words(spoken()))
        for index in (before, after)
    ]
    return tr("{0}: index {1} of {2} → {3} of {4}.", moved.period.name, said[0], n, said[1], more)


def _read_as(filed: Filed, read: Incoming) -> Iterator[str]:
    found = read.found
    if found.passed_over:
        yield tr("Sheet “{0}” is read, not {1}.", found.sheet, named(found.passed_over))
    elif found.sheet:
        yield tr("Sheet “{0}” is read.", found.sheet)
    for key, places in found.columns.items():
        for place in places:
            if place in found.by_words or (key == "date" and plain(found.header[place]) != "date"):
                yield tr("“{0}” is read as {1}.", shown(found.header[place]), _name(filed, key))
    if read.order is not None:
        eighth, ninth = "facilities", "complaint_handling"
        if read.order == "list":
            eighth, ninth = ninth, eighth
        other = "questionnaire" if read.order == "list" else "list"
        yield tr(
            "U8 is read as {0}, U9 as {1}. If it is the other way round: --order {2}",
            _name(filed, eighth), _name(filed, ninth), other,
        )  # fmt: skip
    if read.days is not None:
        yield tr("The month stands first in its days." if read.days == "month"
                 else "The day stands first in its days.")  # fmt: skip
    if filed.reading.blanks:
        yield tr("Read as empty: {0}.", named(sorted(filed.reading.blanks)))


def _name(filed: Filed, key: str) -> str:
    """Of an element its name; of other columns their own."""
    item = next((each for each in filed.instrument.items if each.key == key), None)
    if item is None:
        return key
    return words(spoken()).line(Line(f"{filed.instrument.id}.{key}.name"))


def _left(read: Incoming) -> Iterator[str]:
    found = read.found
    if found.totals:
        rows = named([str(number) for number in found.totals])
        yield tr("Rows of sums were left out: {0}.", rows)
    for at, text in found.notes[:MOST]:
        yield tr("Row {0} is no answer and was left out: “{1}”", at, shown(text))
    if len(found.notes) > MOST:
        yield tr("… and {0} more", len(found.notes) - MOST)
    if read.unanswered:
        yield tr("{0} rows without any answer were left out.", read.unanswered)
    for column, cells in read.odd.items():
        yield tr("{0} cells of {1} are none of its choices: left out.", cells, column)
    if read.unread:
        yield tr("Columns that were not read: {0}.", named(read.unread))


def _repeated(unit: Unit, read: Incoming, same: Repeats, again: bool) -> Iterator[str]:
    if not same.places:
        return
    days = sorted({datetime.fromtimestamp(at, UTC).astimezone(zone(unit.timezone)).date()
                   for at in same.files})  # fmt: skip
    on = ", ".join(words(spoken()).line(day_line(day)) for day in days)
    yield tr("{0} of {1} rows are the same as rows imported on {2}.",
             len(same.places), len(read.drafts), on)  # fmt: skip
    if again:
        yield tr("They are counted again: --again.")
    else:
        yield tr("They were left out. Did other people answer the same? Then add --again.")
