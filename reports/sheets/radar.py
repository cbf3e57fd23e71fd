"""What the radar says of a period as its sheet shows it: marks in number, and the index without.

While the exact times are there the radar looks anew, and it is known who is marked, so that a
sheet's other parts can be held beside it. Afterwards only what was kept is there, without ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from flows.instrument import Instrument
from reports.radar import run as radar_run
from reports.radar.findings import Findings, findings_of
from reports.radar.marks import Ids
from reports.radar.release import LEFT_OUT
from reports.radar.scan import Surroundings, radar_of
from reports.sheets.counted import Counted
from reports.statistics.tally import Tally
from storage.answers.votes import KEPT
from storage.periods import Period, zone
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class Marked:
    """`left_out`: the responses that "without marked" leaves out; `ids`: theirs, None where they
    are not known any more. `marks`: name → (marked, of so many checked), None where that is not
    shown. `may`: whether the index without them may stand beside the whole."""

    limits: str
    marks: Mapping[str, tuple[int, int] | None]
    left_out: Tally
    ids: Ids | None
    may: bool


def marked(
    connection: Connection,
    unit: Unit,
    period: Period,
    counted: Counted,
    by: Instrument,
    today: date,
) -> Marked | None:
    """`counted`: responses of the period to the instrument; None: the radar has not looked at them,
    or at others."""
    rows, erased = counted.rows, len(counted.erased)
    if today <= period.last + KEPT:
        around = Surroundings(zone(unit.timezone), radar_run.hours_of(connection, unit)[0])
        seen = radar_run.seen_of(rows)
        radar = radar_of(seen, by.keys, around, by.scale, lowest=by.lowest)
        return _marked(findings_of(radar), radar.left_out)
    found = radar_run.kept(connection, unit, period, by.id)
    answered = sum(any(value is not None for value in row.answers.values()) for row in rows)
    if found is None or found.tally.n not in (answered, answered + erased):
        return None
    made = _marked(found, None)
    # Where some were erased before it looked, it knows of fewer than the sheet counts: the two
    # indices without the marked would tell of them.
    return replace(made, may=made.may and found.tally.n == answered + erased)


def _marked(found: Findings, ids: Ids | None) -> Marked:
    marks = {
        mark.name: (mark.n, mark.checked) if mark.name in found.shown else None
        for mark in found.marks
    }
    return Marked(found.limits, marks, found.left_out, ids, LEFT_OUT in found.shown)
