"""`skm index`: the index of a table of answers, or of what the database holds."""

import json
import time
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import typer

from bot.commands.figures import context_table
from bot.commands.figures.fold import folded
from bot.commands.figures.index_table import show
from bot.commands.figures.rank import LAST_ZONE
from bot.commands.figures.selection import Whose, scope_of
from bot.commands.open_database import opened, reading
from bot.commands.refusal import Refused
from bot.settings import load
from flows.instrument import Instrument
from flows.loader import SKM, instrument, instrument_ids, instrument_of
from flows.operator_words import tr
from reports.incoming import answer_table
from reports.statistics.index import Method, as_json, rounded
from reports.statistics.tally import Tally
from reports.stored.figures import EVER, Figures, figures
from reports.stored.overview import overview
from storage.files.response_file import Order
from storage.periods import local_date, parse, zone

YEARS = range(1900, 3000)


def of_answers(file: Path, asked: Instrument, weights: Method, order: Order, as_data: bool) -> None:
    """Print the index of a table of answers. Raises AnswersRefused, SpreadsheetUnread, Refused."""
    if order == "list" and asked.survey != SKM:
        raise Refused(tr("{0} has no other order than its own; leave --order out.", asked.id))
    tally = Tally.of(asked.keys, answer_table.read_by(file, asked, order), asked.lowest)
    try:
        found = figures(tally, method=weights, by=asked)
    except ValueError as fault:  # a printed weight where an element was never answered
        raise Refused(str(fault).replace('the method "exact"', "--weights exact")) from None
    if as_data:
        _print_data(_data(found))
    else:
        show(file.name, found, asked)


def of_database(
    name: str | None,
    whose: Whose,
    first: str | None,
    last: str | None,
    period: str | None,
    as_data: bool,
) -> None:
    """Print the index of a level. Raises Refused, DatabaseUnfit."""
    when, days = _days(first, last, period)
    with opened(load()) as engine:
        with reading(engine) as connection:
            who, scope = scope_of(connection, whose)
        unit, day = scope.only_unit, min(days[1], local_date(time.time(), zone(LAST_ZONE)))
        asked = named(name) or (unit.instrument_on(day) if unit else instrument_of(SKM, day))
        folded(engine)
        with reading(engine) as connection:
            found = overview(connection, scope, *days, asked.id)
    of = f"{who} · {when}" if when else who
    if as_data:
        _print_data({**_data(found.figures), **context_table.data(found)})
    else:
        show(of, found.figures, asked, [*context_table.lines(found, asked)])


def named(name: str | None) -> Instrument | None:
    """None where none is named. Raises Refused for one that there is not."""
    if name is None:
        return None
    if name not in instrument_ids():
        known = ", ".join(instrument_ids())
        raise Refused(tr("There is no instrument “{0}”. There are: {1}.", name, known))
    return instrument(name)


def of_today(name: str | None) -> Instrument:
    """The one named, or else the SKM's of today."""
    return named(name) or instrument_of(SKM, local_date(time.time(), zone(LAST_ZONE)))


def _data(found: Figures) -> dict[str, Any]:
    items = {
        item: None if r is None else float(rounded(Fraction(r), 4))
        for item, r in found.item_total.items()
    }
    return {**as_json(found.index, found.ci95, found.sample, found.alpha), "item_total": items}


def _print_data(data: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _days(first: str | None, last: str | None, period: str | None) -> tuple[str, tuple[date, date]]:
    """What the days are called, and the days. Raises Refused."""
    if period is not None:
        try:
            found = parse(period)
        except ValueError as fault:
            raise Refused(str(fault)) from None
        return found.name, (found.first, found.last)
    days = _day("--from", first) or EVER[0], _day("--to", last) or EVER[1]
    if days[0] > days[1]:
        raise Refused(tr("--from {0} comes after --to {1}; change them round.", first, last))
    said = (first and tr("from {0}", days[0]), last and tr("to {0}", days[1]))
    return " ".join(part for part in said if part), days


def _day(option: str, given: str | None) -> date | None:
    if given is None:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = EVER[0]
    if day.year not in YEARS:
        raise Refused(tr("{0} “{1}” is no date; write it as 2026-11-30.", option, given))
    return day
