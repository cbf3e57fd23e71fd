"""How a table of answers was read and what its import would do, as lines for whoever imports it."""

from collections.abc import Iterator, Mapping

from flows.engine.form import Line, Param
from flows.formats import day_line
from reports.incoming.drafts import Filed, Incoming
from reports.incoming.preview import Preview
from reports.incoming.repeats import Repeats
from storage.files.likeness import plain
from storage.files.refused import named, shown


def told(
    filed: Filed, read: Incoming, would: Preview | None, same: Repeats, *, again: bool
) -> Iterator[Line]:
    """`would`: of the rows that are left."""
    yield from _read_as(filed, read)
    yield from _left_out(filed, read)
    if same.places:
        yield _same(filed, read, same)
        yield Line("answers.again" if again else "answers.skipped")
    if would is not None:
        first, last = day_line(would.first), day_line(would.last)
        days: dict[str, Param] = {"first": first, "last": last}
        key = "answers.new.days" if would.first != would.last else "answers.new"
        yield Line(key, {"count": would.new, **days})


def column_name(filed: Filed, key: str) -> Line:
    """Of an element its name; of other columns their own."""
    if key in filed.instrument.keys:
        return Line(f"{filed.instrument.id}.{key}.name")
    is_band = key in [band.key for band in filed.instrument.bands]
    return Line(f"profile.{key}.title" if is_band else f"answers.beside.{key}")


def degrees_named(degrees: Mapping[str, int]) -> str:
    """Words of answers with the values as which they are read, the highest first."""
    best = sorted(degrees.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"“{text}” = {value}" for text, value in best)


def _read_as(filed: Filed, read: Incoming) -> Iterator[Line]:
    found = read.found
    if found.passed_over:
        others = named(found.passed_over)
        yield Line("answers.sheet.of", {"sheet": found.sheet, "others": others})
    elif found.sheet:
        yield Line("answers.sheet", {"sheet": found.sheet})
    for key, places in found.columns.items():
        for place in places:
            heading = found.header[place]
            if place in found.by_words or (key == "date" and plain(heading) != "date"):
                column = column_name(filed, key)
                yield Line("answers.column", {"heading": shown(heading), "column": column})
    if read.order is not None:
        names = [column_name(filed, key) for key in ("facilities", "complaint_handling")]
        eighth, ninth = names if read.order == "questionnaire" else names[::-1]
        yield Line("answers.order", {"eighth": eighth, "ninth": ninth})
    if read.days is not None:
        yield Line("answers.days.month" if read.days == "month" else "answers.days.day")
    if filed.reading.degrees:
        yield Line("answers.degrees", {"texts": degrees_named(filed.reading.degrees)})
    if filed.reading.blanks:
        yield Line("answers.blanks", {"texts": named(sorted(filed.reading.blanks))})


def _left_out(filed: Filed, read: Incoming) -> Iterator[Line]:
    found = read.found
    yield from found.left_out
    if read.unanswered:
        yield Line("answers.unanswered", {"count": read.unanswered})
    for column, cells in read.odd.items():
        yield Line("answers.odd", {"count": cells, "column": column_name(filed, column)})
    if read.unread:
        yield Line("answers.unread", {"columns": named(read.unread)})


def _same(filed: Filed, read: Incoming, same: Repeats) -> Line:
    days = sorted({filed.unit.day_at(each) for each in same.files})
    number = {"same": len(same.places), "count": len(read.drafts)}
    return Line("answers.same", {**number, "day": day_line(days[-1])})
