"""The report of an agency: the same paper over its units, by their published sheets.

Figures that are made only of told ones tell nothing more (`reports.disclosure`), so whoever may
read the units' reports may read this one. Its index is that of all respondents of the units that
published; beside it stands the plain mean of the units that reach their sample, which judges
offices (`reports.stored.levels`). Each is called by its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from flows.instrument import Instrument
from flows.loader import SKM, instrument_of
from reports.disclosure import least
from reports.official_report import context, trend
from reports.official_report.calculation import index_from
from reports.official_report.counted import extremes, headline_in, why_of
from reports.official_report.report import (
    Element,
    Figures,
    Headline,
    ItemSum,
    Part,
    Point,
    Report,
    UnitLine,
)
from reports.sheets.sheet import METHOD
from reports.sheets.standing import standing_of
from reports.statistics.index import grade_of, rounded
from reports.statistics.measure import Measure
from reports.statistics.ranking import ranking
from reports.stored.levels import mean_of_units
from storage import units
from storage.index import sheets
from storage.office import paper_details
from storage.office.follow_ups import FollowUp
from storage.periods import Period, local_date, zone
from storage.scope import Scope
from storage.units import Unit

Contents = Mapping[str, Mapping[str, Any]]
"""A unit's code → what its sheet says."""


def of_agency(connection: Connection, agency: str, period: Period, at: int) -> Report | None:
    """None where none of its units has published the period. `at`: Unix seconds."""
    everyone = units.in_scope(connection, Scope("agency", agency))
    by = instrument_of(SKM, period.first)
    contents = _contents(connection, agency, period, by)
    if not contents:
        return None
    figures = _figures(list(contents.values()), by)
    weakest, strongest = extremes(figures.elements)
    planned = [context.plans(connection, unit.id, period) for unit in everyone]
    standings = [each for each in map(standing_of, contents.values()) if each]
    made = Report(
        _as_one(agency, everyone, period),
        period,
        "published",
        local_date(at, zone(everyone[0].timezone)),
        by.id,
        METHOD,
        figures,
        sources=_sources(contents.values()),
        verified=sum(content["verified"]["n"] for content in contents.values()),
        weakest=weakest,
        strongest=strongest,
        details=paper_details.of_scope(connection, Scope("agency", agency), period.name),
        follow_ups=_named(everyone, [plans for plans, _ in planned]),
        earlier=_named(everyone, [plans for _, plans in planned]),
        units=tuple(_lines(everyone, contents)),
        mean_of_units=mean_of_units(standings, len(everyone)),
    )
    points = [_point(connection, agency, each, contents) for each in trend.periods(period)]
    return replace(made, trend=tuple(point for point in points if point))


def _contents(
    connection: Connection, agency: str, period: Period, by: Instrument
) -> dict[str, Mapping[str, Any]]:
    found = map(json.loads, sheets.of_agency(connection, agency, period.name))
    return {each["unit"]["code"]: each for each in found if each["instrument"] == by.id}


def _as_one(agency: str, everyone: Sequence[Unit], period: Period) -> Unit:
    """The agency in a unit's place."""
    first = everyone[0]
    return Unit(0, "", agency, agency, "", first.timezone, "", period.kind, None, [], "")


def _figures(contents: Sequence[Mapping[str, Any]], by: Instrument) -> Figures:
    """Of all sums that the sheets show."""
    items = tuple(_together(item, contents) for item in by.keys)
    # The index is of those whose sheets tell theirs; without any, everybody is named.
    told = [content for content in contents if content["index"]["ikm"] is not None]
    n = sum(content["n"] for content in told or contents)
    index = index_from(items, by)
    headline = None
    if index is not None and n >= least():
        grade = grade_of(index, by.grades)
        headline = Headline(
            rounded(index / by.times, 4), rounded(index, 2), grade.grade, grade.label
        )
    elements = tuple(_element(key, items, by) for key in dict.fromkeys(by.elements.values()))
    left_out = tuple(each.key for each in elements if each.mean is None)
    return Figures(n, headline, why_of(headline, n), elements, items, left_out)


def _together(item: str, contents: Iterable[Mapping[str, Any]]) -> ItemSum:
    told = [c["sums"][item] for c in contents if c["sums"][item]["sum"] is not None]
    return ItemSum(item, sum(each["n"] for each in told), sum(each["sum"] for each in told))


def _element(key: str, items: Iterable[ItemSum], by: Instrument) -> Element:
    of = [each for each in items if by.elements[each.key] == key]
    means = [Fraction(each.sum, each.n) for each in of if each.n and each.sum is not None]
    mean = sum(means, Fraction(0)) / len(means) if means else None
    return Element(key, max(each.n for each in of), mean)


def _sources(contents: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    n: dict[str, int] = {}
    for content in contents:
        for source, part in content["sources"].items():
            n[source] = n.get(source, 0) + part["n"]
    return tuple(Part(source, n[source], None) for source in sorted(n, key=lambda s: -n[s]))


def _lines(everyone: Iterable[Unit], contents: Contents) -> list[UnitLine]:
    """Those that are ranked first, by their rank; then the others by their names."""
    standings = [each for each in map(standing_of, contents.values()) if each]
    places = {place.standing.code: place for place in ranking(standings)}
    lines = []
    for unit in everyone:
        content, place = contents.get(unit.code), places.get(unit.code)
        ranks = (place.rank, place.best, place.worst) if place else None
        lines.append(_line(unit, content, ranks))
    return sorted(lines, key=lambda line: (line.ranks or (len(lines) + 1,), line.name))


def _line(
    unit: Unit, content: Mapping[str, Any] | None, ranks: tuple[int, int, int] | None
) -> UnitLine:
    if content is None:
        return UnitLine(unit.code, unit.name, None, None, None, None, None)
    ci95, sample = content["index"]["ci95"], content["sample"]
    return UnitLine(
        unit.code,
        unit.name,
        content["n"],
        headline_in(content["index"]),
        (ci95[0], ci95[1]) if ci95 else None,
        ranks,
        content["number"],
        content["population"],
        sample["needed"] if sample else None,
    )


def _named(everyone: Iterable[Unit], plans: Iterable[Sequence[FollowUp]]) -> tuple[FollowUp, ...]:
    """Each with its unit's name before what is to be done."""
    return tuple(
        replace(each, plan=replace(each.plan, programme=f"{unit.name}: {each.plan.programme}"))
        for unit, of in zip(everyone, plans, strict=True)
        for each in of
    )


def _point(connection: Connection, agency: str, period: Period, now: Contents) -> Point | None:
    """A period before; comparable where the same units had published it."""
    by = instrument_of(SKM, period.first)
    contents = _contents(connection, agency, period, by)
    if not contents:
        return None
    figures = _figures(list(contents.values()), by)
    alike = contents.keys() == now.keys()
    measure = Measure(by.id, METHOD, frozenset(e.key for e in figures.elements if e.mean))
    marks = () if alike else ("Unit yang menerbitkan hasil tidak sama di semua periode.",)
    may = alike and figures.headline is not None
    return Point(period.name, figures.n, figures.headline, None, measure, may, marks)
