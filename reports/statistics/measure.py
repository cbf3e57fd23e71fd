"""What a figure was measured with, and whether two figures may stand in one trend.

A figure of another instrument, of another weight, or of other elements (one that nobody answered
drops out and k falls) is another measure: a line from one to the other tells of the change of the
measure, not of the service. So no change and no trend is shown across two measures without the mark
that `marks` gives.
"""

from __future__ import annotations

from typing import NamedTuple

from flows.engine.form import Line
from reports.statistics.index import Index, Method


class Measure(NamedTuple):
    """`elements`: those that somebody answered."""

    instrument: str
    method: Method
    elements: frozenset[str]


def measure_of(index: Index, instrument: str) -> Measure:
    answered = frozenset(index.elements) - frozenset(index.left_out)
    return Measure(instrument, index.method, answered)


def may_compare(now: Measure, before: Measure) -> bool:
    """Whether a change from the one to the other may be told as it is."""
    return now == before


def marks(now: Measure, before: Measure) -> tuple[Line, ...]:
    """What has to stand beside the two figures, a line each; none where they may be compared."""
    if now.instrument != before.instrument:
        params = {"now": now.instrument, "before": before.instrument}
        return (Line("measure.instrument", params),)
    found = []
    if now.method != before.method:
        found.append(Line("measure.method", {"now": now.method, "before": before.method}))
    if now.elements != before.elements:
        found.append(Line("measure.elements", {"n": len(now.elements ^ before.elements)}))
    return tuple(found)
