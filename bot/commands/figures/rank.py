"""`skm rank`: units by their IKM, each with the ranks it may as well have."""

import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import typer

from bot.commands.figures.fold import folded
from bot.commands.figures.index_table import decimal, own_eyes
from bot.commands.open_database import opened, reading
from bot.commands.output import print_json
from bot.commands.scope import level_of, period_named
from bot.settings import load
from flows.instrument import Instrument
from flows.loader import skm_on
from flows.operator_words import tr
from reports.statistics.index import grade_of, rounded
from reports.statistics.ranking import Ranked
from reports.stored.standings import LEAST, Measured, ranked
from storage import units
from storage.periods import CAPITAL, Period, local_date, period_of, previous
from storage.scope import EVERYTHING

Place = tuple[Measured, Ranked]
_HALVES = {"above": "↑", "": " ", "below": "↓"}


def rank(agency: str | None, period: str | None, as_data: bool) -> None:
    """Print the ranking of all units, or of an agency's. Raises Refused, DatabaseUnfit."""
    when = _period(period, int(time.time()))
    by = skm_on(when.first)
    with opened(load()) as engine:
        with reading(engine) as connection:
            name, meant = (
                level_of(connection, "agency", agency)
                if agency
                else (None, units.in_scope(connection, EVERYTHING))
            )
        folded(engine)
        with reading(engine) as connection:
            places, left_out = ranked(connection, meant, when, by.id)
    if as_data:
        print_json(_data(when, name, places, left_out, by))
        return
    typer.echo(tr("Ranking by IKM · {0} · {1}", name or tr("all units"), when.name))
    for line in (*_lines(places, left_out, by), "", own_eyes()):
        typer.echo(line)


def _period(name: str | None, now: int) -> Period:
    if name is None:
        return previous(period_of("quarter", local_date(now, CAPITAL)))
    return period_named(name)


def _data(
    when: Period,
    agency: str | None,
    places: list[Place],
    left_out: list[Measured],
    by: Instrument,
) -> dict[str, Any]:
    return {
        "period": when.name,
        "agency": agency,
        "ranking": [_place(*place, by) for place in places],
        "left_out": [
            {
                "unit": each.unit.code,
                "name": each.unit.name,
                "n": each.n,
                "needed": each.needed,
                "population": each.population,
                "reason": _reason(each),
            }
            for each in left_out
        ],
    }


def _place(of: Measured, place: Ranked, by: Instrument) -> dict[str, Any]:
    ikm, bounds = place.standing.ikm, of.interval(by)
    return {
        "rank": place.rank,
        "best": place.best,
        "worst": place.worst,
        "own": [place.own.best, place.own.worst],
        "half": place.own.half or None,
        "unit": of.unit.code,
        "name": of.unit.name,
        "agency": of.unit.agency,
        "kind": of.unit.kind,
        "n": of.n,
        "needed": of.needed,
        "ikm": rounded(ikm, 2),
        "grade": grade_of(ikm, by.grades).grade,
        "ci95": bounds and [float(rounded(Fraction(bound), 2)) for bound in bounds],
        "comparable": _comparable(place),
    }


def _comparable(place: Ranked) -> str | None:
    return None if place.comparable is None else rounded(Fraction(place.comparable), 2)


def _reason(of: Measured) -> str:
    if not of.n:
        return "nobody"
    return "unknown" if of.population is None else "sample"


def _lines(places: list[Place], left_out: list[Measured], by: Instrument) -> Iterator[str]:
    if places:
        yield ""
        yield from _table(places, by)
        yield ""
        yield from tr(
            "Range: the ranks that the answers allow, 95 % for all units together; own: for\n"
            "this unit alone, ↑ surely in the upper half, ↓ surely in the lower. Both as if\n"
            "respondents were drawn at random; they do not cover who chose to answer.\n"
            "Comparable: the IKM drawn towards units of its kind, the more the fewer answered;\n"
            "it does not decide the rank."
        ).splitlines()
    else:
        yield tr("No unit has enough answers.")
    if left_out:
        yield ""
        yield tr("Left out: {0}", len(left_out))
        yield from map(_left_out, left_out)


def _table(places: list[Place], by: Instrument) -> Iterator[str]:
    spread, interval, comparable = tr("range"), tr("95 % interval"), tr("comparable")
    named = (
        f"{spread:>11} {tr('own'):>13} {'IKM':>6}   {'n':>6} {interval:>14} {comparable:>10}  unit"
    )
    yield f"{'':>5} {named}"
    for of, place in places:
        ikm, bounds = place.standing.ikm, of.interval(by)
        spread = f"{place.best}–{place.worst}"
        own = f"{place.own.best}–{place.own.worst} {_HALVES[place.own.half]}"
        interval = "–".join(decimal(Fraction(bound)) for bound in bounds) if bounds else "–"
        weighed = place.comparable
        grade = grade_of(ikm, by.grades).grade
        drawn = "–" if weighed is None else decimal(Fraction(weighed))
        yield (
            f"{place.rank:>5} {spread:>11} {own:>13} {decimal(ikm):>6} {grade} {of.n:>6} "
            f"{interval:>14} {drawn:>10}  {of.unit.code} {of.unit.name}"
        )


def _left_out(of: Measured) -> str:
    reasons = {
        "nobody": tr("no responses yet"),
        "sample": tr(
            "{0} of the {1} that are needed (population {2})", of.n, of.needed, of.population
        ),
        "unknown": tr("{0}, needs {1} (users of this period are not known)", of.n, LEAST),
    }
    return f"  {of.unit.code} {of.unit.name}: {reasons[_reason(of)]}"
