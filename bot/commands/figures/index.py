"""`skm index`: the index of what the database holds."""

import time
from datetime import date

from bot.commands.figures import context_table
from bot.commands.figures.answers_index import data
from bot.commands.figures.fold import folded
from bot.commands.figures.index_table import own_eyes, show
from bot.commands.figures.selection import Whose, scope_of
from bot.commands.instrument_option import named
from bot.commands.open_database import opened, reading
from bot.commands.output import print_json
from bot.commands.refusal import Refused
from bot.commands.scope import period_named
from bot.settings import load
from flows.loader import skm_on
from flows.operator_words import tr
from reports.stored.figures import EVER
from reports.stored.overview import overview
from storage.periods import CAPITAL, local_date

YEARS = range(1900, 3000)


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
        unit, day = scope.only_unit, min(days[1], local_date(time.time(), CAPITAL))
        asked = named(name) or (unit.instrument_on(day) if unit else skm_on(day))
        folded(engine)
        with reading(engine) as connection:
            found = overview(connection, scope, *days, asked.id)
    of = f"{who} · {when}" if when else who
    if as_data:
        print_json({**data(found.figures), **context_table.data(found)})
    else:
        show(of, found.figures, asked, [*context_table.lines(found, asked), own_eyes()])


def _days(first: str | None, last: str | None, period: str | None) -> tuple[str, tuple[date, date]]:
    """What the days are called, and the days. Raises Refused."""
    if period is not None:
        found = period_named(period)
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
