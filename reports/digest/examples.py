"""Who does better at a unit's weak element: units of its kind, really better, and what they did.

Both sides are what was shown of the last 13 weeks (`reports.digest.shown_weeks`). "Really" is as
for a change: Welch's p < 0.01, and 30 answers or more on both sides
(`reports.statistics.inference`). Of many units that are compared the best are named, so their means
are a little flattered; that is why it says "example" and claims nothing of why.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection

from flows.instrument import Instrument
from reports.digest import shown_weeks
from reports.digest.composed import Example
from reports.radar import run as radar_run
from reports.statistics.index import rounded
from reports.statistics.inference import (
    LEAST_FOR_CHANGE,
    Estimate,
    element_estimate,
    estimate_change,
)
from reports.statistics.tally import Tally
from storage import units
from storage.office import follow_ups, innovations
from storage.periods import Period, period_of, previous
from storage.units import Unit

MOST = 3
LOOKED_AT = 50  # of a kind, the best at an element


class _Leader(NamedTuple):
    unit_id: int
    estimate: Estimate | None

    @property
    def mean(self) -> Fraction:
        return Fraction(self.estimate.value) if self.estimate else Fraction(0)


@dataclass(slots=True)
class Examples:
    """Read once for all units whose digests are composed together."""

    best: dict[tuple[str, str, str], dict[str, list[_Leader]]] = field(default_factory=dict)
    names: dict[tuple[int, str], str] = field(default_factory=dict)

    def of(
        self, connection: Connection, unit: Unit, weakest: Sequence[str], last: Period
    ) -> tuple[Example, ...]:
        """For the first of the unit's weak elements at which any unit is really better: those that
        did something for it first, then the highest mean; none of which the radar found anything.
        `last`: the week or month of the digest, itself not compared."""
        week = previous(period_of("week", last.last))
        if not unit.kind or not weakest:
            return ()
        by = unit.instrument_on(last.first)
        mine = shown_weeks.of_unit(connection, unit.id, shown_weeks.names(week), by)
        for element in weakest:
            if element not in by.keys:
                continue
            own = _Leader(unit.id, element_estimate(mine, element))
            if found := tuple(
                islice(self._better(connection, unit.kind, by, element, own, week), MOST)
            ):
                return found
        return ()

    def _best(
        self, connection: Connection, kind: str, by: Instrument, week: Period
    ) -> dict[str, list[_Leader]]:
        key = kind, by.id, week.name
        if key not in self.best:
            tallies = shown_weeks.of_kind(connection, kind, shown_weeks.names(week), by)
            self.best[key] = {item: _leaders(tallies, item) for item in by.keys}
        return self.best[key]

    def _better(
        self,
        connection: Connection,
        kind: str,
        by: Instrument,
        element: str,
        own: _Leader,
        week: Period,
    ) -> Iterator[Example]:
        leaders = self._best(connection, kind, by, week).get(element, [])
        did = done(connection, [leader.unit_id for leader in leaders], element)
        for leader in sorted(leaders, key=lambda leader: leader.unit_id not in did):
            if leader.unit_id == own.unit_id or not _is_better(leader.estimate, own.estimate):
                continue
            if name := self._name(connection, leader.unit_id, week):
                yield Example(name, element, rounded(leader.mean, 2), did.get(leader.unit_id, ""))

    def _name(self, connection: Connection, unit_id: int, week: Period) -> str:
        """Empty for a unit that is nobody's example."""
        key = unit_id, week.name
        if key not in self.names:
            unit = units.by_id(connection, unit_id)
            self.names[key] = "" if _is_doubtful(connection, unit, week) else unit.name
        return self.names[key]


def _leaders(tallies: Mapping[int, Tally], item: str) -> list[_Leader]:
    found = ((id, element_estimate(tally, item)) for id, tally in tallies.items())
    # Of answers that are all the same nothing can be judged (`reports.statistics.inference`).
    enough = [_Leader(id, e) for id, e in found if e and e.n >= LEAST_FOR_CHANGE and e.variance]
    return sorted(enough, key=lambda leader: (-leader.mean, leader.unit_id))[:LOOKED_AT]


def _is_better(other: Estimate | None, own: Estimate | None) -> bool:
    found = estimate_change(other, own)
    return bool(found.real) and found.points is not None and found.points > 0


def _is_doubtful(connection: Connection, unit: Unit, week: Period) -> bool:
    """Whether the radar found anything in its last period: that is nobody's example."""
    last = previous(period_of(unit.period, week.last))
    found = radar_run.kept(connection, unit, last)
    return found is not None and bool(found.flags or any(mark.high for mark in found.marks))


def done(connection: Connection, of: Sequence[int], element: str) -> dict[int, str]:
    """Unit → what it did for the element: its latest innovation, else what it finished last."""
    finished = follow_ups.done_for(connection, of, element)
    new = innovations.latest_for(connection, of, element)
    return {id: each.plan.programme for id, each in finished.items()} | {
        id: each.novelty.name for id, each in new.items()
    }
