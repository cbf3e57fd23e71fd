"""The index and the means of items of many tallies at once, each with its error.

Theory. As `reports.statistics.inference` has it, of a tally whose item e has the weight w_e, n_e
answers and T_e as the sum of their values:

    SE² = n/(n−1) Σ_ef v_e v_f C_ef,   v_e = w_e/n_e²,
    C_ef = Σ_i (n_e x_ie − T_e a_ie) (n_f x_if − T_f a_if)

All C are whole numbers, and so are all v over one denominator. Only the last division is in floats:
each figure is the float nearest to the exact one.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache, cached_property
from itertools import chain, compress
from math import lcm

import numpy as np

from flows.instrument import Instrument
from reports.statistics import gram
from reports.statistics.comparable import UnitMean
from reports.statistics.counting import IntegerArray
from reports.statistics.index import item_weights
from reports.statistics.tally import Tally

_MOST = 2.0**62  # of what is added in 64 bits; beyond it in Python's own whole numbers


class Means:
    """Of tallies of an instrument's items, in their order; None where fewer than two answered.
    `answered`: of each the items that somebody answered."""

    def __init__(self, tallies: Sequence[Tally], by: Instrument) -> None:
        self._tallies, self._by, k = tallies, by, len(by.keys)
        cells = chain.from_iterable(each.gram for each in tallies)
        grams = np.fromiter(cells, np.int64).reshape(-1, gram.size(k))
        is_small = 4 * float(grams.max(initial=0)) ** 3 < _MOST
        sums = grams.astype(np.int64 if is_small else object)[:, _full(k)]
        both, given, products = sums[:, :k, :k], sums[:, :k, k:], sums[:, k:, k:]
        self._n, self._totals = (np.diagonal(each, 0, 1, 2) for each in (both, given))
        self.answered = [frozenset(compress(by.keys, n)) for n in self._n.tolist()]
        n, total = self._n[:, :, None], self._totals[:, :, None]
        crossed = total * n.swapaxes(1, 2) * given
        self._c = n * n.swapaxes(1, 2) * products + total * total.swapaxes(1, 2) * both
        self._c -= crossed + crossed.swapaxes(1, 2)

    @cached_property
    def index(self) -> list[UnitMean | None]:
        """In points."""
        over = list(self._over_one_denominator())
        shares = np.array([v for v, _ in over], object).reshape(self._n.shape)
        values, most = self._n * self._totals, shares.max(1, initial=0).astype(float)
        largest = np.abs(self._c.astype(float)).sum((1, 2))
        is_small = np.maximum(most * values.sum(1).astype(float), most**2 * largest) < _MOST
        value, square = np.empty((2, len(over)), object)
        for these, kind in ((is_small, np.int64), (~is_small, object)):
            v, c = shares[these].astype(kind), self._c[these]
            value[these] = (v * values[these]).sum(1)
            square[these] = (v * (v[:, None, :] * c).sum(2)).sum(1)
        each = zip(self._tallies, value.tolist(), square.tolist(), over, strict=True)
        return [_mean(tally.n, v, s * tally.n, d, d**2) for tally, v, s, (_, d) in each]

    def item(self, item: str, these: slice = slice(None)) -> list[UnitMean | None]:
        """In the item's values; of `these` tallies."""
        at = self._by.keys.index(item)
        columns = self._n[these, at], self._totals[these, at], self._c[these, at, at]
        each = zip(*(column.tolist() for column in columns), strict=True)
        return [_mean(n, total, c, n, n**3) for n, total, c in each]

    def _over_one_denominator(self) -> Iterator[tuple[list[int], int]]:
        """Of each tally v in points, and the denominator; 0 where nobody answered."""
        points: dict[frozenset[str], list[tuple[int, int]]] = {}
        alike: dict[frozenset[str], tuple[list[int], int]] = {}
        for tally, n, items in zip(self._tallies, self._n.tolist(), self.answered, strict=True):
            if items not in points:
                of = item_weights(tally, instrument=self._by)
                weights = (of.get(item, Fraction(0)) * self._by.times for item in tally.items)
                points[items] = [each.as_integer_ratio() for each in weights]
                alike[items] = _brought(points[items])
            if len(number := {*n} - {0}) == 1:  # as a rule all answer each item that is asked
                v, common = alike[items]
                yield v, common * number.pop() ** 2
                continue
            of_each = zip(points[items], n, strict=True)
            v, common = _brought([(w, below * of**2 or 1) for (w, below), of in of_each])
            yield v, common if items else 0


def _brought(ratios: Sequence[tuple[int, int]]) -> tuple[list[int], int]:
    """To one denominator."""
    common = lcm(*(below for _, below in ratios))
    return [over * (common // below) for over, below in ratios], common


@cache
def _full(items: int) -> IntegerArray:
    """Where the triangle keeps each cell of the whole matrix, 2k × 2k."""
    u = range(2 * items)
    return np.array([[gram.place(items, min(p, q), max(p, q)) for q in u] for p in u])


def _mean(n: int, total: int, square: int, below: int, below_square: int) -> UnitMean | None:
    if n < 2 or not below:
        return None
    return UnitMean(n, total / below, square / (below_square * (n - 1)))
