"""`skm import f02`, `skm ipp`: the public service index of units and institutions in a year."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from bot.commands.figures.fold import folded
from bot.commands.ipp.ipp_table import show
from bot.commands.open_database import changing, opened, reading
from bot.commands.output import print_json, say_left_out
from bot.commands.refusal import Refused
from bot.commands.scope import scope_of, unit_of
from bot.settings import load
from flows.operator_words import tr
from reports.ipp import f02_file
from reports.ipp.evaluating import Evaluated, evaluated, institutions, scored, unconfirmed
from reports.ipp.index import F02, Institution, f02_of
from reports.ipp.rules import Grade, rules
from reports.statistics.index import rounded
from storage import units
from storage.index import evaluations
from storage.periods import CAPITAL, local_date
from storage.scope import EVERYTHING
from storage.scope import agency as agency_scope

FIRST = 2022  # of PermenPANRB 29/2022


def import_f02(file: Path, code: str, year: int, sheet: str | None, dry_run: bool) -> None:
    """Raises FileRefused, Refused: then nothing was imported."""
    _check_year(year)
    by = rules()
    scores, left_out = f02_file.read(file, by, sheet)
    with opened(load()) as engine, changing(engine, dry_run) as connection:
        unit = unit_of(connection, code)
        before = evaluations.replace(connection, unit.id, year, by.id, scored(scores))
    say_left_out(left_out)
    instead = " " + tr("in place of those before") if before else ""
    index = rounded(f02_of(scores, by).index, 2)
    typer.echo(
        tr(
            "{0:score|scores} of {1} in {2}{3}: F-02 {4}.",
            len(scores),
            unit.code,
            year,
            instead,
            index,
        )
    )


def ipp(code: str | None, agency: str | None, year: int, as_data: bool) -> None:
    """Print units and, unless one is asked for, the ranking of institutions. Raises Refused."""
    _check_year(year)
    with opened(load()) as engine:
        with reading(engine) as connection:
            wanted = scope_of(connection, "evaluator", agency) if agency else EVERYTHING
            asked = [unit_of(connection, code)] if code else None
        folded(engine)
        with reading(engine) as connection:
            everyone = asked or units.in_scope(connection, EVERYTHING)
            found = evaluated(connection, everyone, year)
    # An agency's rank is among all of them.
    ranked = [] if asked else institutions(found)
    ranking = [each for each in ranked if wanted in (EVERYTHING, agency_scope(each.name))]
    if wanted != EVERYTHING:
        found = [each for each in found if each.unit.agency == wanted.name]
    if as_data:
        data = _json(year, found, ranking)
        print_json(data)
    else:
        show(year, found, ranking, unconfirmed(found))


def _check_year(year: int) -> None:
    last = local_date(time.time(), CAPITAL).year
    if not FIRST <= year <= last:
        raise Refused(tr("--year {0} is none of {1} to {2}.", year, FIRST, last))


def _json(year: int, found: Sequence[Evaluated], ranking: Sequence[Institution]) -> dict[str, Any]:
    return {
        "year": year,
        "rules": rules().id,
        "units": [_unit(each) for each in found if each.ipp is not None],
        "not_evaluated": [_unit(each) for each in found if each.ipp is None],
        "institutions": [
            {
                "agency": each.name,
                "rank": each.rank,
                "units": each.units,
                "ipp": None if each.ipp is None else rounded(each.ipp, 2),
                **_grade(each.grade),
            }
            for each in ranking
        ],
        "unconfirmed": unconfirmed(found),
    }


def _unit(each: Evaluated) -> dict[str, Any]:
    return {
        "unit": each.unit.code,
        "agency": each.unit.agency,
        "f02": _f02(each.f02) if each.f02 else None,
        "f03": None if each.f03 is None else {"n": each.n, "index": rounded(each.f03, 4)},
        "ipp": None if each.ipp is None else rounded(each.ipp, 2),
        **_grade(each.grade),
    }


def _f02(f02: F02) -> dict[str, Any]:
    return {
        "index": rounded(f02.index, 4),
        "aspects": {key: float(rounded(mean, 4)) for key, mean in f02.aspects.items()},
    }


def _grade(grade: Grade | None) -> dict[str, str | None]:
    return {
        "grade": grade.grade if grade else None,
        "label": (grade.label or None) if grade else None,
    }
