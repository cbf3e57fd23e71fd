"""How far answers lie from each other, from more of them than a figure itself rests on.

Theory. The interval of ten answers by their own standard deviation holds the truth in 70 to 95 of a
hundred cases, not in 95: near the best mark most tens are all alike, and their deviation is far too
small just where their mean is too high (docs/statistics.md). Deviations change slower than means.
So that of an answer is pooled within the last 13 weeks of a unit, each week by its n − 1; of a unit
that has fewer than 30 answers in them, within the units of its kind.

Of an item it is pooled within the weeks before, and rounded up to whole twentieths: a deviation
that moves with the week would, beside its mean, tell what each of five people said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, sqrt

from flows.instrument import Instrument
from reports.statistics.comparable import UnitMean, within
from reports.statistics.inference import Spread
from reports.statistics.means import Means
from reports.statistics.tally import Tally

LEAST = 30  # answers
STEPS = 20  # of an item's standard deviation, in its values


@dataclass(frozen=True, slots=True)
class Spreads:
    """Of an answer: `index` in points; `items`: by item, in its values. None, or not there: fewer
    than 30 answers, or all are the same."""

    index: Spread | None = None
    items: Mapping[str, Spread] = field(default_factory=dict)

    def where_none(self, other: "Spreads") -> "Spreads":
        """These spreads; what is missing in them is taken from `other`."""
        return Spreads(self.index or other.index, {**other.items, **self.items})


def spreads_of(groups: Sequence[Tally], before: Sequence[Tally], by: Instrument) -> Spreads:
    """Pooled within groups of responses, such as weeks; of items within those `before`."""
    means = Means(before, by)
    return pooled(Means(groups, by).index, {item: means.item(item) for item in by.keys})


def pooled(
    index: Iterable[UnitMean | None], items: Mapping[str, Iterable[UnitMean | None]]
) -> Spreads:
    """… by the means of these groups."""
    found = {item: _pooled(means) for item, means in items.items()}
    rounded = {item: _rounded_up(each) for item, each in found.items() if each}
    return Spreads(_pooled(index), rounded)


def _pooled(means: Iterable[UnitMean | None]) -> Spread | None:
    groups = [group for group in means if group]
    freedom = sum(group.n - 1 for group in groups)
    variance = within(groups)
    return Spread(variance, freedom) if freedom >= LEAST - 1 and variance else None


def _rounded_up(spread: Spread) -> Spread:
    deviation = Fraction(ceil(sqrt(spread.variance) * STEPS), STEPS)
    return Spread(float(deviation**2), spread.freedom)
