"""All figures of one tally: index, interval, sample, alpha and item-total correlations."""

from dataclasses import dataclass
from fractions import Fraction

from flows.instrument import Instrument
from reports.statistics.index import Index, Method, index_of
from reports.statistics.inference import Sample, interval, sample
from reports.statistics.reliability import alpha, item_total
from reports.statistics.tally import Tally


@dataclass(frozen=True, slots=True)
class Figures:
    """An index with its 95 % interval (IKM points) and, for a known population, its sample.

    `tally`: what they were computed from.
    """

    index: Index
    ci95: tuple[float, float] | None
    sample: Sample | None
    tally: Tally

    @property
    def alpha(self) -> Fraction | None:
        return alpha(self.tally)

    @property
    def item_total(self) -> dict[str, float | None]:
        return item_total(self.tally)


def figures(
    tally: Tally,
    population: int | None = None,
    method: Method = "exact",
    *,
    by: Instrument,
) -> Figures:
    """`population`: the users of exactly this period; `by`: the instrument that was answered.
    ValueError as `reports.statistics.index.index_of`."""
    index = index_of(tally, method=method, instrument=by)
    counted = sample(tally.n, population) if tally.n else None
    ci95 = interval(tally, population, method=method, instrument=by)
    return Figures(index, ci95, counted, tally)
