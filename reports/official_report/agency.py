"""The report of an agency: the same paper over its units, by their published sheets.

Figures that are made only of told ones tell nothing more (`reports.disclosure`), so whoever may
read the units' reports may read this one. Its index is that of all respondents of the units that
published; beside it stands the plain mean of the units that reach their sample, which judges
offices (`reports.stored.levels`). Each is called by its name. Of a semester or a year a unit
counts by all its sheets in it (`reports.official_report.summed_sheets`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from flows.loader import skm_on
from reports.official_report import context, trend
from reports.official_report.counted import extremes, headline_in
from reports.official_report.report import (
    Measure,
    Part,
    Point,
    Report,
    UnitLine,
)
from reports.official_report.summed_sheets import (
    Content,
    Contents,
    contents_of,
    figures_of,
    sources_of,
)
from reports.statistics.ranking import ranking
from reports.stored.levels import mean_of_units
from reports.stored.standings import standing_of
from storage import units
from storage.office import paper_details
from storage.office.follow_ups import FollowUp
from storage.periods import Period
from storage.scope import Scope
from storage.units import Unit


def of_agency(connection: Connection, agency: str, period: Period, at: int) -> Report | None:
    """None where none of its units has published the period, or one in it. `at`: Unix seconds."""
    everyone = units.in_scope(connection, Scope("agency", agency))
    by = skm_on(period.first)
    contents = contents_of(connection, agency, period, by)
    if not contents:
        return None
    figures = figures_of(list(contents.values()), by)
    weakest, strongest = extremes(figures.elements)
    planned = [context.plans(connection, unit.id, period) for unit in everyone]
    standings = [each for each in map(standing_of, contents.values()) if each]
    made = Report(
        _as_one(agency, everyone, period),
        period,
        "published",
        everyone[0].day_at(at),
        by.id,
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


def _as_one(agency: str, everyone: Sequence[Unit], period: Period) -> Unit:
    """The agency in a unit's place."""
    first = everyone[0]
    return Unit(0, "", agency, agency, "", first.timezone, "", period.kind, None, [], "")


def _sources(contents: Iterable[Content]) -> tuple[Part, ...]:
    n = sources_of(contents)
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


def _line(unit: Unit, content: Content | None, ranks: tuple[int, int, int] | None) -> UnitLine:
    if content is None:
        return UnitLine(unit.code, unit.name, None, None, None, None, ())
    ci95, sample = content["index"]["ci95"], content["sample"]
    return UnitLine(
        unit.code,
        unit.name,
        content["n"],
        headline_in(content["index"]),
        (ci95[0], ci95[1]) if ci95 else None,
        ranks,
        tuple(content["numbers"]),
        content["population"],
        sample["needed"] if sample else None,
        content.get("parts"),
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
    by = skm_on(period.first)
    contents = contents_of(connection, agency, period, by)
    if not contents:
        return None
    figures = figures_of(list(contents.values()), by)
    alike = contents.keys() == now.keys()
    measure = Measure(by.id, frozenset(e.key for e in figures.elements if e.mean))
    marks = () if alike else ("Unit yang menerbitkan hasil tidak sama di semua periode.",)
    may = alike and figures.headline is not None
    return Point(period.name, figures.n, figures.headline, None, measure, may, marks)
