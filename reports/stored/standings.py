"""Which units have enough answers in a period to be ranked, and where each then stands.

Enough is the sample that Krejcie and Morgan ask of the unit's users. Those are known only for
exactly one SKM period of the unit; for other days, and where nobody said how many users there are,
it is 30 responses, from which on a change is judged too (`reports.statistics.inference`).
Published figures say by their sheet where a unit stands (`standing_of`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from flows.instrument import Instrument
from flows.loader import instrument
from reports.statistics.inference import (
    LEAST_FOR_CHANGE,
    Estimate,
    index_estimate,
    interval_of,
    needed_sample,
    variance_of,
)
from reports.statistics.ranking import Ranked, Standing, ranking
from reports.statistics.tally import Tally
from reports.stored.figures import Key, population_of, sums_by
from storage.index import quarters
from storage.periods import Period
from storage.units import Unit

LEAST = LEAST_FOR_CHANGE


@dataclass(frozen=True, slots=True)
class Measured:
    """A unit and what is known of it in a period. `population`: its users in exactly this period.

    `needed`: responses. `estimate`: None where nobody answered.
    """

    unit: Unit
    population: int | None
    needed: int
    estimate: Estimate | None

    @property
    def n(self) -> int:
        return self.estimate.n if self.estimate else 0

    @property
    def enough(self) -> bool:
        return self.n >= max(self.needed, 1)

    def interval(self, by: Instrument) -> tuple[float, float] | None:
        """95 %, as printed beside the index of the unit alone."""
        if self.estimate is None:
            return None
        ends = by.lowest * by.times, by.scale * by.times
        return interval_of(self.estimate, self.population, *ends)

    def standing(self) -> Standing | None:
        """None where nobody answered."""
        if self.estimate is None:
            return None
        unit, of = self.unit, self.estimate
        return Standing(unit.code, unit.kind, of.n, of.value, of.variance, self.enough)


def measured(
    units: Iterable[Unit], estimates: Mapping[int, Estimate], first: date, last: date
) -> list[Measured]:
    """Each of the units. `estimates`: by unit id, of these local days; none: nobody answered."""
    return [_measured(unit, estimates.get(unit.id), first, last) for unit in units]


def _measured(unit: Unit, estimate: Estimate | None, first: date, last: date) -> Measured:
    population = population_of(unit, first, last)
    needed = LEAST if population is None else needed_sample(population)
    return Measured(unit, population, needed, estimate)


def estimates_of(sums: Mapping[Key, Tally], by: Instrument) -> dict[Key, Estimate]:
    """The index of each tally that somebody answered in."""
    found = ((key, index_estimate(tally, instrument=by)) for key, tally in sums.items())
    return {key: estimate for key, estimate in found if estimate}


def standing_of(content: Mapping[str, Any]) -> Standing | None:
    """None where its figures are withheld."""
    index, n, sample = content["index"], content["n"], content["sample"]
    if index["ikm"] is None:
        return None
    ikm, variance = Fraction(index["ikm"]), 0.0
    if index["ci95"]:
        low, high = map(Fraction, index["ci95"])
        # One end may have been cut to what an index can be.
        variance = variance_of(float(max(ikm - low, high - ikm)), n, content["population"])
    enough = sample["enough"] if sample else n >= LEAST
    return Standing(content["unit"]["code"], "", n, ikm, variance, enough)


def ranked(
    connection: Connection, units: Iterable[Unit], period: Period, asked: str
) -> tuple[list[tuple[Measured, Ranked]], list[Measured]]:
    """The units with enough answers in the period, highest first, and those left out.

    Folded responses only, unless the period is a week: fold first.
    """
    estimates = _by_unit(connection, period, asked)
    found = {each.unit.code: each for each in measured(units, estimates, period.first, period.last)}
    standings = [each.standing() for each in found.values()]
    places = ranking(standing for standing in standings if standing)
    return (
        [(found[place.standing.code], place) for place in places],
        [each for each in found.values() if not each.enough],
    )


def _by_unit(connection: Connection, period: Period, asked: str) -> dict[int, Estimate]:
    if period.kind == "quarter":
        rows = quarters.of_all(connection, asked, period.name)
        return {unit: Estimate(_exact(mean), variance, n) for unit, n, mean, variance in rows}
    days = period.first, period.last
    (sums,) = sums_by(connection, None, *days, lambda cell: cell.unit_id, asked=asked)
    return estimates_of(sums, instrument(asked))


def _exact(mean: str) -> Fraction:
    """As `Fraction(mean)`, four times as quick: of some thousand units at once."""
    return Fraction(*map(int, mean.split("/")))
