"""`skm index`: the index of a table of answers, or of what the database holds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer
from sqlalchemy import Connection, Engine

from bot.cli_fold import folded
from bot.index_table import show
from bot.opened import opened
from bot.refusal import Refused
from bot.scopes import unit_of
from bot.settings import load
from flows.files import CURRENT, instrument
from reports import answers
from reports.answers import Order
from reports.figures import EVER, tally_of
from reports.index import Index, Method, as_json, index_of
from reports.statistics import Sample, interval, sample
from reports.tally import Tally
from storage.periods import parse, period_of
from storage.units import Unit

YEARS = range(1900, 3000)


@dataclass(frozen=True, slots=True)
class Figures:
    """`of` names what was counted; `ci95` in IKM points."""

    of: str
    index: Index
    ci95: tuple[float, float] | None
    sample: Sample | None


def of_answers(file: Path, weights: Method, order: Order, as_data: bool) -> None:
    """Print the index of a table of answers. Raises AnswersRefused, Refused."""
    elements = instrument(CURRENT).keys
    tally = Tally.of(elements, answers.read(file, elements, order))
    try:
        _print(_figures(file.name, tally, method=weights), as_data)
    except ValueError as fault:  # 0.11 where an element was never answered
        raise Refused(str(fault).replace('the method "exact"', "--weights exact")) from None


def of_database(
    unit: str | None, first: str | None, last: str | None, period: str | None, as_data: bool
) -> None:
    """Print the index of a unit, or of all units together. Raises Refused, DatabaseUnfit."""
    name, days = _days(first, last, period)
    with opened(load()) as engine:
        figures = _of_units(engine, unit, name, days)
    _print(figures, as_data)


def _of_units(engine: Engine, code: str | None, name: str, days: tuple[date, date]) -> Figures:
    with engine.connect() as connection:
        unit = unit_of(connection, code) if code else None
    folded(engine)
    with engine.connect() as connection:
        tally = _tally(connection, unit, days)
    of = " · ".join(part for part in (unit.name if unit else "Semua unit", name) if part)
    return _figures(of, tally, _population(unit, days))


def _tally(connection: Connection, unit: Unit | None, days: tuple[date, date]) -> Tally:
    ids: Sequence[int] | None = [unit.id] if unit else None
    return tally_of(connection, ids, *days)


def _population(unit: Unit | None, days: tuple[date, date]) -> int | None:
    """The users of these days: known only for exactly one SKM period of one unit."""
    if unit is None or days == EVER:
        return None
    period = period_of(unit.period, days[0])
    return unit.population if (period.first, period.last) == days else None


def _figures(
    of: str, tally: Tally, population: int | None = None, method: Method = "exact"
) -> Figures:
    index = index_of(tally, method=method)
    ci95 = interval(tally, population, method=method)
    return Figures(of, index, ci95, sample(tally.n, population) if tally.n else None)


def _print(figures: Figures, as_data: bool) -> None:
    if as_data:
        data = as_json(figures.index, figures.ci95, figures.sample)
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        show(figures.of, figures.index, figures.ci95, figures.sample)


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
        raise Refused(f"--from {first} comes after --to {last}; change them round.")
    said = (first and f"dari {days[0]}", last and f"sampai {days[1]}")
    return " ".join(part for part in said if part), days


def _day(option: str, given: str | None) -> date | None:
    if given is None:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = EVER[0]
    if day.year not in YEARS:
        raise Refused(f"{option} “{given}” is no date; write it as 2026-11-30.")
    return day
