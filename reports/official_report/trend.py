"""The periods before: each with what it was measured by, and whether it may stand in one trend."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction

from sqlalchemy import Connection

from flows.loader import SKM, ids_of, words
from reports.digest.release import LEAST
from reports.official_report.counted import Content, headline_in
from reports.official_report.report import Headline, Point
from reports.sheets.sheet import shown_in
from reports.statistics.index import rounded
from reports.statistics.measure import Measure, marks, may_compare, measure_of
from reports.stored.figures import figures_of
from storage.index.sheets import Sheet
from storage.periods import Period, period_of
from storage.units import Unit

BEFORE = 7  # periods


def before(
    connection: Connection, unit: Unit, period: Period, kept: Sequence[Sheet], everything: bool
) -> list[Point]:
    """Periods of the same kind before this one, the earliest first. `kept`: the unit's sheets.

    What was published is as it was published; only with `everything` are there others.
    """
    contents = {sheet.period: json.loads(sheet.content) for sheet in kept}
    found: list[Point] = []
    for each in _periods(period):
        if each.name in contents and shown_in(contents[each.name]).figures:
            found.append(_published(contents[each.name]))
        elif everything:
            found += _counted(connection, unit, each)
    return found


def compared(points: Sequence[Point], now: Measure) -> tuple[Point, ...]:
    """The same, each held against the measure of the report's own period."""
    return tuple(_compared(point, now) for point in points)


def measured_by(content: Content, instrument: str) -> Measure:
    left_out = frozenset(content["left_out"])
    return Measure(instrument, "exact", frozenset(content["index"]["elements"]) - left_out)


def _compared(point: Point, now: Measure) -> Point:
    may = point.headline is not None and may_compare(now, point.measure)
    said = tuple(words("id").line(line) for line in marks(now, point.measure))
    return Point(point.period, point.n, point.headline, point.ci95, point.measure, may, said)


def _periods(period: Period) -> list[Period]:
    found = [period]
    for _ in range(BEFORE):
        found.append(period_of(period.kind, found[-1].first - timedelta(days=1)))
    return found[:0:-1]


def _published(content: Content) -> Point:
    by, ci95 = content["instrument"], content["index"]["ci95"]
    measure = measured_by(content, by)
    interval = (ci95[0], ci95[1]) if ci95 else None
    name = content["period"]["name"]
    return Point(name, content["n"], headline_in(content["index"]), interval, measure, False)


def _counted(connection: Connection, unit: Unit, period: Period) -> Iterator[Point]:
    for name in ids_of(SKM):
        found = figures_of(connection, unit, period.first, period.last, name)
        index, measure = found.index, measure_of(found.index, name)
        if index.ikm is None or index.skm is None:
            continue
        if index.n < LEAST:
            yield Point(period.name, index.n, None, None, measure, False)
            continue
        low, high = (rounded(Fraction(end), 2) for end in found.ci95 or (0, 0))
        headline = Headline(rounded(index.skm, 4), rounded(index.ikm, 2), index.grade, index.label)
        interval = (low, high) if found.ci95 else None
        yield Point(period.name, index.n, headline, interval, measure, False)
