"""Errors, intervals and changes against SciPy, the bootstrap and the rows themselves."""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from flows.loader import instrument
from reports.statistics.counting import tally_of_rows
from reports.statistics.inference import (
    Change,
    element_estimate,
    estimate_change,
    item_intervals,
    needed_sample,
    sample,
)
from reports.statistics.tally import Row, Tally
from tests.support.instruments import (
    CURRENT,
    index_estimate,
    interval,
    standard_error,
    with_elements,
)

ITEMS = tuple("abcdefghi")
Answers = Sequence[Sequence[int | None]]

# Krejcie & Morgan, Educational and Psychological Measurement 30 (1970), table 1: N and S.
TABLE = """10 10 15 14 20 19 25 24 30 28 35 32 40 36 45 40 50 44 55 48 60 52 65 56 70 59 75 63 80 66
85 70 90 73 95 76 100 80 110 86 120 92 130 97 140 103 150 108 160 113 170 118 180 123 190 127
200 132 210 136 220 140 230 144 240 148 250 152 260 155 270 159 280 162 290 165 300 169 320 175
340 181 360 186 380 191 400 196 420 201 440 205 460 210 480 214 500 217 550 226 600 234 650 242
700 248 750 254 800 260 850 265 900 269 950 274 1000 278 1100 285 1200 291 1300 297 1400 302
1500 306 1600 310 1700 313 1800 317 1900 320 2000 322 2200 327 2400 331 2600 335 2800 338
3000 341 3500 346 4000 351 4500 354 5000 357 6000 361 7000 364 8000 367 9000 368 10000 370
15000 375 20000 377 30000 379 40000 380 50000 381 75000 382 1000000 384"""


def change(now: Tally, before: Tally) -> Change:
    return estimate_change(index_estimate(now), index_estimate(before))


def element_change(now: Tally, before: Tally, element: str) -> Change:
    return estimate_change(element_estimate(now, element), element_estimate(before, element))


def tally_of(table: Answers) -> Tally:
    items = ITEMS[: len(table[0])]
    return tally_of_rows(items, [Row(dict(zip(items, line, strict=True))) for line in table])


def simulated(n: int, seed: int, missing: bool = False) -> list[list[int | None]]:
    """n rows of nine answers that hang together; 5 to 35 % of an item's missing if asked."""
    random = np.random.default_rng(seed)
    latent = random.normal(size=(n, 1)) * 0.7 + random.normal(size=(n, 9)) * 0.6 + 3.2
    chosen = np.clip(np.rint(latent), 1, 4).astype(int)
    gone = random.random((n, 9)) < np.linspace(0.05, 0.35, 9) * missing
    return [
        [None if lost else int(value) for value, lost in zip(line, holes, strict=True)]
        for line, holes in zip(chosen, gone, strict=True)
    ]


def as_floats(table: Answers) -> np.ndarray:
    return np.array([[np.nan if v is None else v for v in line] for line in table])


def error_from_rows(table: Answers) -> float:
    """z_i = 25/k Σ_e a_ie (x_ie - m_e) / n_e added row by row, SE² = n/(n-1) Σ z_i²."""
    x = as_floats(table)
    x = x[:, ~np.isnan(x).all(axis=0)]
    x = x[~np.isnan(x).all(axis=1)]
    answered = (~np.isnan(x)).sum(axis=0)
    z = 25 / x.shape[1] * np.nansum((x - np.nanmean(x, axis=0)) / answered, axis=1)
    return sqrt(len(x) / (len(x) - 1) * float((z**2).sum()))


def test_needed_sample_is_the_published_table() -> None:
    numbers = [int(word) for word in TABLE.split()]
    table = dict(zip(numbers[::2], numbers[1::2], strict=True))
    assert len(table) >= 90
    assert {n: needed_sample(n) for n in table} == table


def test_needed_sample_at_the_ends() -> None:
    assert [needed_sample(n) for n in (0, 1, 2, 100_000, 10**9)] == [0, 1, 2, 383, 384]
    with pytest.raises(ValueError, match="population of -1"):
        needed_sample(-1)


def test_sample_says_whether_it_is_enough() -> None:
    assert sample(79, 100) == {"population": 100, "needed": 80, "enough": False}
    assert sample(80, 100) == {"population": 100, "needed": 80, "enough": True}
    assert sample(80, None) is None


def test_error_of_complete_rows_is_that_of_their_means() -> None:
    table = simulated(40, seed=1)
    scores = as_floats(table).mean(axis=1) * 25
    assert standard_error(tally_of(table)) == pytest.approx(stats.sem(scores))
    expected = stats.t.interval(0.95, 39, loc=scores.mean(), scale=stats.sem(scores))
    assert interval(tally_of(table)) == pytest.approx(expected)


holes = st.none() | st.integers(1, 4)


@given(st.lists(st.lists(holes, min_size=4, max_size=4), min_size=2, max_size=12))
@settings(max_examples=60)
def test_error_with_missing_answers_is_that_of_the_rows(table: Answers) -> None:
    tally = tally_of(table)
    if tally.n >= 2:
        assert standard_error(tally) == pytest.approx(error_from_rows(table), abs=1e-9)


def test_error_with_missing_answers_is_that_of_the_bootstrap() -> None:
    table = simulated(200, seed=2, missing=True)
    x, random = as_floats(table), np.random.default_rng(3)
    drawn = x[random.integers(0, len(x), size=(4000, len(x)))]
    bootstrap = (np.nanmean(drawn, axis=1).mean(axis=1) * 25).std(ddof=1)
    error = standard_error(tally_of(table))
    assert error == pytest.approx(error_from_rows(table))
    assert error == pytest.approx(bootstrap, rel=0.04)


def test_error_of_an_element_with_several_questions() -> None:
    """Two questions of one element weigh 1/2 of its 1/2: scores 25 (q1/4 + q2/4 + c/2)."""
    table = [[4, 3, 2], [3, 3, 4], [1, 2, 2], [4, 4, 1], [2, 2, 3]]
    scores = [25 * (a / 4 + b / 4 + c / 2) for a, b, c in table]
    by = with_elements("ab", "procedure")
    assert standard_error(tally_of(table), instrument=by) == pytest.approx(stats.sem(scores))


def test_interval_of_a_known_population_is_narrower() -> None:
    table = simulated(40, seed=4)
    free, whole = interval(tally_of(table)), interval(tally_of(table), population=40)
    half = interval(tally_of(table), population=79)
    assert free is not None
    assert half is not None
    assert whole is not None
    assert half[1] - half[0] == pytest.approx((free[1] - free[0]) * sqrt(39 / 78))
    assert whole[0] == pytest.approx(whole[1])
    assert interval(tally_of(table), population=39) == free


def test_interval_is_cut_to_what_an_index_can_be() -> None:
    high = interval(tally_of([[4] * 9] * 5 + [[3] * 9]))
    low = interval(tally_of([[1] * 9] * 5 + [[2] * 9]))
    old = interval(tally_of([[4] * 9] * 5 + [[3] * 9]), method="0.11")
    assert high is not None
    assert low is not None
    assert old is not None
    assert high[1] == 100.0
    assert low[0] == 25.0
    assert old == pytest.approx((high[0] * 0.99, 99.0))


def test_no_interval_from_fewer_than_five_or_equal_answers() -> None:
    table = simulated(5, seed=5)
    assert interval(tally_of(table)) is not None
    assert interval(tally_of(table[:4])) is None
    assert interval(tally_of([[4] * 9] * 50)) is None
    assert interval(Tally.zero(ITEMS)) is None
    assert standard_error(tally_of(table[:1])) is None
    assert standard_error(Tally.zero(ITEMS)) is None
    assert standard_error(tally_of([[4] * 9] * 50)) == 0.0


def welch(now: Sequence[float], before: Sequence[float]) -> tuple[float, float]:
    """p, and the half width of the 99 % interval of the difference, by SciPy."""
    result = stats.ttest_ind(now, before, equal_var=False)
    bounds = result.confidence_interval(0.99)
    return float(result.pvalue), float(bounds.high - bounds.low) / 2


@pytest.mark.parametrize(("shift", "real"), [(0, False), (1, True)])
def test_change_is_welch_on_the_scores(shift: int, real: bool) -> None:
    before = simulated(60, seed=6)
    now = [[max(1, (v or 1) - shift) for v in line] for line in simulated(35, seed=15)]
    scores = [list(as_floats(table).mean(axis=1) * 25) for table in (now, before)]
    p, half_width = welch(scores[0], scores[1])
    found = change(tally_of(now), tally_of(before))
    assert float(found.points or 0) == pytest.approx(np.mean(scores[0]) - np.mean(scores[1]))
    assert found.p == pytest.approx(p)
    assert found.real is real
    # What is called real is exactly what its 99 % interval does not carry over zero.
    assert found.real == (abs(float(found.points or 0)) > half_width)


def test_change_with_missing_answers_adds_the_two_errors() -> None:
    """From the summary figures: s = SE √n gives SciPy the same two variances of a mean."""
    now, before = simulated(50, seed=8, missing=True), simulated(80, seed=9, missing=True)
    means = [float(np.nanmean(as_floats(table), axis=0).mean() * 25) for table in (now, before)]
    spread = [error_from_rows(table) * sqrt(len(table)) for table in (now, before)]
    expected = stats.ttest_ind_from_stats(
        means[0], spread[0], 50, means[1], spread[1], 80, equal_var=False
    )
    assert change(tally_of(now), tally_of(before)).p == pytest.approx(expected.pvalue)


def test_change_of_one_element_counts_who_answered_it() -> None:
    now, before = simulated(70, seed=10, missing=True), simulated(70, seed=11, missing=True)
    given = [[line[8] for line in table if line[8] is not None] for table in (now, before)]
    p, _ = welch(given[0], given[1])
    found = element_change(tally_of(now), tally_of(before), "i")
    n_now, n_before = len(given[0]), len(given[1])
    assert found.points == Fraction(sum(given[0]), n_now) - Fraction(sum(given[1]), n_before)
    assert found.p == pytest.approx(p)
    with pytest.raises(ValueError, match="element u8"):
        element_change(tally_of(now), tally_of(before), "u8")


def test_change_needs_thirty_and_some_spread_on_both_sides() -> None:
    table = simulated(60, seed=12)
    enough, few, flat = tally_of(table[:30]), tally_of(table[:29]), tally_of([[3] * 9] * 60)
    assert change(enough, tally_of(table)).real is False
    for now, before in [(few, enough), (enough, few), (flat, enough), (enough, flat)]:
        found = change(now, before)
        assert found.points is not None
        assert (found.p, found.real) == (None, None)


def test_change_of_an_element_needs_thirty_who_answered_it() -> None:
    thirty = [[4, None]] * 29 + [[3, None]]
    fewer = [[None, 4]] * 28 + [[None, 3]]
    tally = tally_of(thirty + fewer)
    assert element_change(tally, tally, "a").real is False
    assert element_change(tally, tally, "b") == Change(Fraction(0))


def test_change_of_what_nobody_answered() -> None:
    whole = tally_of(simulated(40, seed=13))
    assert change(whole, Tally.zero(ITEMS)) == Change(None)
    assert change(Tally.zero(ITEMS), Tally.zero(ITEMS)) == Change(None)


@pytest.mark.parametrize(("n", "seed"), [(5, 1), (12, 2), (60, 3)])
def test_items_have_the_interval_of_the_spread_pooled_over_them(n: int, seed: int):
    """numpy's sums of squares within items, as in an analysis of variance; SciPy's t."""
    table = simulated(n, seed, missing=n > 20)
    x = as_floats(table)
    answered = (~np.isnan(x)).sum(axis=0)
    pooled = np.nansum((x - np.nanmean(x, axis=0)) ** 2) / (answered - 1).sum()
    half = stats.t.ppf(0.975, answered - 1) * np.sqrt(pooled / answered)
    low, high = np.clip([np.nanmean(x, axis=0) - half, np.nanmean(x, axis=0) + half], 1, 4)
    found = item_intervals(tally_of(table), ITEMS, instrument=instrument(CURRENT))
    assert [found[item] for item in ITEMS] == [
        pytest.approx(e) for e in zip(low, high, strict=True)
    ]


def test_items_that_four_answered_and_answers_all_the_same_have_no_interval():
    by = instrument(CURRENT)
    assert item_intervals(tally_of([[3] * 9] * 4), ITEMS, instrument=by) == {}
    assert item_intervals(tally_of([[3] * 9] * 40), ITEMS, instrument=by) == {}
    some = item_intervals(tally_of(simulated(9, 4)), ITEMS[:2], instrument=by)
    assert some.keys() == {"a", "b"}  # a hidden item moves no other's interval
