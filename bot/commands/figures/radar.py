"""`skm radar`: what in a unit's period looks steered, and what it weighs. Nothing is dropped."""

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bot.commands.figures.index_table import console, decimal, headline
from bot.commands.instrument_option import named, of_today
from bot.commands.open_database import opened
from bot.commands.output import print_json
from bot.commands.scope import period_named, unit_of
from bot.settings import load
from flows.engine.form import Line
from flows.instrument import Instrument
from flows.loader import words
from flows.operator_words import spoken, tr
from reports.incoming import answer_table
from reports.radar.findings import Findings, Marked, findings_of
from reports.radar.marks import Seen
from reports.radar.run import found_now, hours_of
from reports.radar.scan import Surroundings, radar_of
from reports.statistics.index import index_of, rounded
from reports.statistics.tally import Row, Tally
from storage.files.response_file import Order
from storage.periods import Period, zone
from storage.units import Unit

_DATA = words("id")  # of the JSON, whatever the language of the run


def of_unit(code: str, period: str | None, name: str | None, as_data: bool) -> None:
    """Print the radar of a unit's period: the running one where none is named. Raises Refused,
    DatabaseUnfit."""
    now = int(time.time())
    with opened(load()) as engine, engine.begin() as connection:
        unit = unit_of(connection, code)
        when = _period(unit, period, now)
        asked = named(name) or unit.instrument_on(when.first)
        found = found_now(connection, unit, when, now, asked.id)
        fault = hours_of(connection, unit)[1]
    if as_data:
        _data(found, asked, unit.code, when.name)
        return
    _show(f"{unit.name} · {when.name}", found, asked)
    if fault:
        said = tr("The opening hours of {0} cannot be read: {1}", unit.code, fault)
        console().print(said, markup=False)


def of_answers(file: Path, order: Order, name: str | None, as_data: bool) -> None:
    """Print the radar of a table of answers, which has neither times nor units to compare with.
    Raises AnswersRefused, SpreadsheetUnread, Refused."""
    asked = of_today(name)
    rows = answer_table.read(file, asked, order)
    seen = [_seen(number, row) for number, row in enumerate(rows)]
    radar = radar_of(seen, asked.keys, Surroundings(zone("UTC")), asked.scale, lowest=asked.lowest)
    found = findings_of(radar)
    if as_data:
        _data(found, asked, None, None)
    else:
        _show(file.name, found, asked)


def _seen(number: int, row: Row) -> Seen:
    return Seen(str(number), row.answers, date.min, None, None, "", "imported")


def _period(unit: Unit, name: str | None, now: int) -> Period:
    if name is None:
        return unit.period_at(now)
    return period_named(name)


def _data(found: Findings, asked: Instrument, unit: str | None, period: str | None) -> None:
    data = {
        "unit": unit,
        "period": period,
        "instrument": asked.id,
        "limits": found.limits,
        **_weighed(found.tally, asked),
        "untimed": found.untimed,
        "marks": [_mark(found, mark, asked) for mark in found.marks],
        "flags": [
            {"name": flag.name, "reason": _DATA.line(flag.reason.line)} for flag in found.flags
        ],
        "without_all_marks": _weighed(found.without_left_out(), asked),
    }
    print_json(data)


def _mark(found: Findings, mark: Marked, asked: Instrument) -> dict[str, Any]:
    return {
        "name": mark.name,
        "n": mark.n,
        "checked": mark.checked,
        "high": mark.high,
        "reason": [_DATA.line(reason.line) for reason in mark.reason],
        "without": _weighed(found.without(mark.name), asked),
    }


def _weighed(tally: Tally, asked: Instrument) -> dict[str, Any]:
    ikm = index_of(tally, instrument=asked).ikm
    return {"n": tally.n, "ikm": None if ikm is None else rounded(ikm, 2)}


def _show(of: str, found: Findings, asked: Instrument) -> None:
    paper = console()
    paper.print(f"Radar · {of}", style="bold", markup=False)
    for line in _lines(found, asked):
        paper.print(line, markup=False)


def _lines(found: Findings, asked: Instrument) -> Iterator[str]:
    if not found.tally.n:
        yield tr("No responses yet.")
        return
    yield headline(index_of(found.tally, instrument=asked), asked)
    yield _said("headline", n=found.tally.n)
    for mark in found.marks:
        yield ""
        yield from _of_mark(found, mark, asked)
    yield ""
    compared = {f"{mark.name}_high" for mark in found.marks}
    yield from (_line(f.reason.line) for f in found.flags if f.name not in compared)
    if found.untimed:
        yield _said("untimed", n=found.untimed)
    left = found.without_left_out()
    yield (
        _said("without_left_out", without=_ikm(left, asked), n=left.n)
        if left.n
        else _said("nothing_left")
    )


def _of_mark(found: Findings, mark: Marked, asked: Instrument) -> Iterator[str]:
    yield f"{_said(f'name.{mark.name}')}:"
    yield from (_line(reason.line) for reason in mark.reason)
    without = found.without(mark.name)
    if mark.n and not without.n:
        yield _said("nothing_left")
    elif mark.n:
        both = {"all": _ikm(found.tally, asked), "without": _ikm(without, asked)}
        yield _said("pair", **both, n=without.n)


def _ikm(tally: Tally, asked: Instrument) -> str:
    ikm = index_of(tally, instrument=asked).ikm
    assert ikm is not None, "a tally with responses has an index"
    return decimal(ikm)


def _said(key: str, **params: str | int) -> str:
    return _line(Line(f"radar.{key}", params))


def _line(line: Line) -> str:
    return words(spoken()).line(line)
