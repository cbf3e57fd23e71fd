"""The periods before: each with what it was measured by, and whether it may stand in one trend."""

import json
from collections.abc import Sequence
from datetime import timedelta

from flows.engine.form import Line
from flows.loader import words
from reports.official_report.counted import Content, headline_in
from reports.official_report.report import Measure, Point
from reports.sheets.sheet import shown_in
from storage.index.sheets import Sheet
from storage.periods import Period, period_of

BEFORE = 7  # periods


def before(period: Period, kept: Sequence[Sheet]) -> list[Point]:
    """Periods of the same kind before this one, the earliest first. `kept`: the unit's sheets.

    Of those that are not published nothing is told: a trend is made again and again.
    """
    contents = {sheet.period: json.loads(sheet.content) for sheet in kept}
    found: list[Point] = []
    for each in periods(period):
        if each.name in contents and shown_in(contents[each.name]).figures:
            found.append(_published(contents[each.name]))
    return found


def compared(points: Sequence[Point], now: Measure) -> tuple[Point, ...]:
    """The same, each held against the measure of the report's own period."""
    return tuple(_compared(point, now) for point in points)


def measured_by(content: Content, instrument: str) -> Measure:
    left_out = frozenset(content["left_out"])
    return Measure(instrument, frozenset(content["index"]["elements"]) - left_out)


def marks(now: Measure, before: Measure) -> tuple[Line, ...]:
    """What has to stand beside the two figures, a line each; none where they may be compared."""
    if now.instrument != before.instrument:
        params = {"now": now.instrument, "before": before.instrument}
        return (Line("measure.instrument", params),)
    if now.elements != before.elements:
        return (Line("measure.elements", {"n": len(now.elements ^ before.elements)}),)
    return ()


def _compared(point: Point, now: Measure) -> Point:
    may = point.headline is not None and now == point.measure
    said = tuple(words("id").line(line) for line in marks(now, point.measure))
    return Point(point.period, point.n, point.headline, point.ci95, point.measure, may, said)


def periods(period: Period) -> list[Period]:
    """Those of the same kind before it, the earliest first."""
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
