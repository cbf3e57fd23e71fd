"""`skm rank`: units by their IKM, each with the ranks it may as well have."""

import json
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import typer

from bot.commands.figures.fold import folded
from bot.commands.figures.index_table import decimal
from bot.commands.open_database import opened
from bot.commands.refusal import Refused
from bot.commands.scope import level_of
from bot.settings import load
from flows.formats import indonesian
from flows.instrument import Instrument
from flows.loader import SKM, instrument_of
from reports.statistics.index import grade_of, rounded
from reports.statistics.ranking import Ranked
from reports.stored.standings import LEAST, Measured, ranked
from storage import units
from storage.periods import Period, local_date, parse, period_of, previous, zone
from storage.scope import EVERYTHING

LAST_ZONE = "WIB"  # where a quarter ends last
Place = tuple[Measured, Ranked]


def rank(agency: str | None, period: str | None, as_data: bool) -> None:
    """Print the ranking of all units, or of an agency's. Raises Refused, DatabaseUnfit."""
    when = _period(period, int(time.time()))
    by = instrument_of(SKM, when.first)
    with opened(load()) as engine:
        with engine.connect() as connection:
            name, meant = (
                level_of(connection, "agency", agency)
                if agency
                else (None, units.in_scope(connection, EVERYTHING))
            )
        folded(engine)
        with engine.connect() as connection:
            places, left_out = ranked(connection, meant, when, by.id)
    if as_data:
        typer.echo(
            json.dumps(_data(when, name, places, left_out, by), ensure_ascii=False, indent=2)
        )
        return
    typer.echo(f"Peringkat IKM / ranking · {name or 'semua unit'} · {when.name}")
    for line in _lines(places, left_out, by):
        typer.echo(line)


def _period(name: str | None, now: int) -> Period:
    if name is None:
        return previous(period_of("quarter", local_date(now, zone(LAST_ZONE))))
    try:
        return parse(name)
    except ValueError as fault:
        raise Refused(str(fault)) from None


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
        yield "Rentang: peringkat yang mungkin menurut jawaban, 95 % untuk semua unit bersama,"
        yield "seolah-olah responden dipilih acak; tidak mencakup siapa yang memilih menjawab."
        yield "Sebanding: IKM ditarik ke unit sejenis, makin sedikit jawaban makin kuat; tidak"
        yield "menentukan peringkat."
    else:
        yield "Belum ada unit yang cukup jawabannya. / No unit has enough answers."
    if left_out:
        yield ""
        yield f"Tidak diperingkat / left out: {len(left_out)}"
        yield from map(_left_out, left_out)


def _table(places: list[Place], by: Instrument) -> Iterator[str]:
    named = f"{'rentang':>11} {'IKM':>6}   {'n':>6} {'selang 95 %':>14} {'sebanding':>9}  unit"
    yield f"{'':>5} {named}"
    for of, place in places:
        ikm, bounds = place.standing.ikm, of.interval(by)
        spread = f"{place.best}–{place.worst}"
        interval = "–".join(decimal(Fraction(bound)) for bound in bounds) if bounds else "–"
        comparable = _comparable(place)
        grade = grade_of(ikm, by.grades).grade
        drawn = indonesian(comparable) if comparable else "–"
        yield (
            f"{place.rank:>5} {spread:>11} {decimal(ikm):>6} {grade} {of.n:>6} "
            f"{interval:>14} {drawn:>9}  {of.unit.code} {of.unit.name}"
        )


def _left_out(of: Measured) -> str:
    reasons = {
        "nobody": "belum ada jawaban",
        "sample": f"{of.n} dari {of.needed} yang perlu (populasi {of.population})",
        "unknown": f"{of.n}, perlu {LEAST} (populasi periode ini tidak diketahui)",
    }
    return f"  {of.unit.code} {of.unit.name}: {reasons[_reason(of)]}"
