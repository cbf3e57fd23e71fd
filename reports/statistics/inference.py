"""How far to trust an index: sample size, interval, and whether a change is real.

Theory. The IKM is a weighted sum of means, Σ_e w_e m_e with m_e = Σ_i x_ie / n_e. Its error is
found by linearisation: response i moves it by z_i = Σ_e w_e a_ie (x_ie − m_e) / n_e, and
SE² = n/(n−1) · Σ_i z_i². As z_i = c · u_i with c_e = −w_e m_e / n_e and c_{k+e} = w_e / n_e,
the sum is the quadratic form of the tally's Gram matrix: no rows are needed, and missing answers
are accounted for. SE² is an exact fraction; only the root and Student's t are floats.

All of this speaks as if respondents were drawn at random; who chose to answer is not in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, sqrt
from typing import TypedDict

from flows.instrument import Instrument
from reports.statistics.index import Method, item_weights
from reports.statistics.tally import Tally

LEAST_FOR_INTERVAL = 5
LEAST_FOR_CHANGE = 30
REAL_BELOW_P = 0.01


class Sample(TypedDict):
    """Users in the period, responses needed of them, and whether there are as many."""

    population: int
    needed: int
    enough: bool


@dataclass(frozen=True)
class Change:
    """A later figure minus an earlier one.

    `points`: in the units of the figure (IKM points, or 1..4 for an element); None where the two
    cannot be compared: one has no answers, or they rest on different items. `p`: Welch's, and
    `real` where it is below 0.01; None where either side has n < 30 or SE = 0: not enough to judge.
    """

    points: Fraction | None
    p: float | None = None
    real: bool | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure of n responses, unrounded, and its SE², as if the population were infinite (0 too
    where n is 1)."""

    value: Fraction
    variance: Fraction | float
    n: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The variance of an answer, with its degrees of freedom (`reports.statistics.spread`)."""

    variance: float
    freedom: int


def needed_sample(population: int) -> int:
    """Responses needed of `population` users: Krejcie & Morgan (1970), rounded half up.

    X² = 3.841 (one degree of freedom, 95 %), P = 0.5, d = 0.05. ValueError: population < 0.
    """
    if population < 0:
        raise ValueError(f"A population of {population} cannot be; give the users of the period.")
    # X² P Q = 0.96025 and d² = 0.0025, both times 100,000: whole numbers, rounded half up.
    spread, error = 96_025, 250
    divisor = error * (population - 1) + spread
    return (2 * spread * population + divisor) // (2 * divisor)


def sample(n: int, population: int | None) -> Sample | None:
    """Whether n responses are enough; None where the population is not known."""
    if population is None:
        return None
    needed = needed_sample(population)
    return {"population": population, "needed": needed, "enough": n >= needed}


def index_estimate(
    tally: Tally, method: Method = "exact", *, instrument: Instrument
) -> Estimate | None:
    """The index with its SE²; None without any answer. ValueError as
    `reports.statistics.index.index_of`."""
    by = instrument
    found = weighted_mean(tally, item_weights(tally, method, instrument=by), tally.n)
    if found is None:
        return None
    return Estimate(found.value * by.times, found.variance * by.times**2, found.n)


def standard_error(tally: Tally, *, instrument: Instrument) -> float | None:
    """The standard error of the IKM in its points; None for fewer than 2 responses."""
    estimate = index_estimate(tally, instrument=instrument)
    return None if estimate is None or estimate.n < 2 else sqrt(estimate.variance)


def interval(
    tally: Tally,
    population: int | None = None,
    method: Method = "exact",
    *,
    instrument: Instrument,
    spread: Spread | None = None,
) -> tuple[float, float] | None:
    """The 95 % interval of the IKM, cut to what an IKM can be (25..100; or the instrument's index).

    `population`: the users of exactly this period, if known; the error shrinks as n nears it, and
    it is ignored where n is greater. `spread`: of an answer, from more than these. None for n < 5,
    and without a spread for SE = 0 (all answers the same).
    """
    estimate = index_estimate(tally, method, instrument=instrument)
    if estimate is None:
        return None
    # Σ weights is 1, or 0.99 by the method "0.11", whose index lies in 24.75..99.
    by = instrument
    most = sum(item_weights(tally, method, instrument=by).values()) * by.times
    return interval_of(estimate, population, most * by.lowest, most * by.scale, spread)


def interval_of(
    estimate: Estimate,
    population: int | None,
    lowest: Fraction,
    highest: Fraction,
    spread: Spread | None = None,
) -> tuple[float, float] | None:
    """As `interval`, for an index that was estimated before and lies in `lowest`..`highest`."""
    n, variance, freedom = estimate.n, estimate.variance, estimate.n - 1
    if spread:
        variance, freedom = spread.variance / n, spread.freedom
    if n < LEAST_FOR_INTERVAL or not variance:
        return None
    if population is not None and n <= population:
        variance *= Fraction(population - n, population - 1)
    half_width = t_quantile(freedom, 0.975) * sqrt(variance)
    low, high = float(estimate.value) - half_width, float(estimate.value) + half_width
    return max(low, float(lowest)), min(high, float(highest))


def variance_of(half_width: float, n: int, population: int | None) -> float:
    """SE² as if the population were infinite, back from the ± of an interval that was printed."""
    variance = (half_width / t_quantile(n - 1, 0.975)) ** 2
    if population is None or not n < population:
        return variance
    return variance * (population - 1) / (population - n)


def element_estimate(tally: Tally, item: str) -> Estimate | None:
    """The mean of an element that is one question, with its SE²; None where nobody answered it.
    ValueError: no such one."""
    if item not in tally.items:
        raise ValueError(f"No item is the element {item}; items: {tally.items}.")
    n, total = tally.answered(item), tally.total(item)
    if not n:
        return None
    squares = n * tally.squares(item) - total**2  # n Σ (x − m)²
    return Estimate(Fraction(total, n), Fraction(squares, n**2 * max(n - 1, 1)), n)


def contrast(tally: Tally, more: Mapping[str, Fraction], less: Mapping[str, Fraction]) -> Change:
    """How far Σ more × mean lies above Σ less × mean, of the same responses: weights by item.

    As `Change`, but of one sample: Student's t with n − 1, n that of the item that fewest answered.
    """
    items = {i: more.get(i, Fraction(0)) - less.get(i, Fraction(0)) for i in {*more, *less}}
    weights = {item: weight for item, weight in items.items() if weight}
    n = min((tally.answered(item) for item in weights), default=0)
    if not n:
        return Change(None)
    found = weighted_mean(tally, weights, n)
    assert found is not None, "there are weights"
    if n < LEAST_FOR_CHANGE or not found.variance:
        return Change(found.value)
    error = sqrt(found.variance)
    p = t_two_sided(n - 1, float(found.value) / error)
    return Change(found.value, p, p < REAL_BELOW_P)


def item_intervals(
    tally: Tally,
    items: Iterable[str],
    *,
    instrument: Instrument,
    spreads: Mapping[str, Spread] | None = None,
) -> dict[str, tuple[float, float]]:
    """Item → the 95 % interval of its mean, cut to the scale, by its spread among `spreads`, else
    by that of these answers pooled over `items`.

    Pooled, since an item's own spread beside its mean would tell what each of five people said.
    The freedom is that of one item: what a person answers to several hangs together. Nothing for
    an item that fewer than 5 answered, nor where all answers to each item are the same.
    """
    answered = {item: tally.answered(item) for item in items}
    squares, freedom = Fraction(0), 0
    for item, n in answered.items():
        squares += tally.squares(item) - Fraction(tally.total(item) ** 2, n or 1)
        freedom += max(n - 1, 0)
    low, high = Fraction(instrument.lowest), Fraction(instrument.scale)
    found = {}
    for item, n in answered.items():
        mean = Estimate(Fraction(tally.total(item), n or 1), squares / max(freedom * n, 1), n)
        if ends := interval_of(mean, None, low, high, (spreads or {}).get(item)):
            found[item] = ends
    return found


def estimate_change(now: Estimate | None, before: Estimate | None) -> Change:
    """Of two figures of the same measure, of two times or of two units; see `Change`."""
    if now is None or before is None:
        return Change(None)
    points = now.value - before.value
    if min(now.n, before.n) < LEAST_FOR_CHANGE or not now.variance or not before.variance:
        return Change(points)
    variance = now.variance + before.variance
    # Welch and Satterthwaite: the freedom of a sum of two variances of their own.
    freedom = variance**2 / (now.variance**2 / (now.n - 1) + before.variance**2 / (before.n - 1))
    error = sqrt(variance)
    p = t_two_sided(float(freedom), float(points) / error)
    return Change(points, p, p < REAL_BELOW_P)


def weighted_mean(tally: Tally, weights: Mapping[str, Fraction], n: int) -> Estimate | None:
    """Σ weight × mean with its SE², of items that somebody answered; None of no items."""
    if not weights:
        return None
    answered = {item: tally.answered(item) for item in weights}
    # w / n_e and w m_e / n_e in whole numbers over one denominator: 171 products of fractions would
    # take a ranking of all units ten times as long.
    common = lcm(*(w.denominator * answered[item] ** 2 for item, w in weights.items()))
    share = {
        item: w.numerator * (common // (w.denominator * answered[item] ** 2))
        for item, w in weights.items()
    }
    total = {item: tally.total(item) for item in weights}
    c = [-share[item] * total[item] if item in share else 0 for item in tally.items]
    c += [share[item] * answered[item] if item in share else 0 for item in tally.items]
    value = Fraction(sum(share[i] * answered[i] * total[i] for i in weights), common)
    variance = Fraction(tally.sum_of_squares(c) * n, common**2 * max(n - 1, 1))
    return Estimate(value, variance, n)


# SciPy is slow to import and most commands need no interval; it carries no types.
def t_quantile(freedom: float, probability: float) -> float:
    """Student's t that is not exceeded with this probability."""
    from scipy.special import stdtrit  # type: ignore[import-untyped,unused-ignore]

    return float(stdtrit(freedom, probability))


def t_two_sided(freedom: float, t: float) -> float:
    """p of a t as far from 0, to either side."""
    from scipy.special import stdtr

    return float(2 * stdtr(freedom, -abs(t)))
