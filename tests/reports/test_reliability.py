"""Alpha and item-total correlations against R's psych and against numpy on the rows themselves."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from reports.statistics.counting import tally_of_rows
from reports.statistics.reliability import alpha, item_total
from reports.statistics.tally import Row, Tally

Answers = Sequence[Sequence[int | None]]

# The Chatterjee-Price attitude data (Regression Analysis by Example, 1977; R: datasets::attitude).
ATTITUDE = ("rating", "complaints", "privileges", "learning", "raises", "critical", "advance")
ATTITUDE_ROWS = """43 51 30 39 61 92 45, 63 64 51 54 63 73 47, 71 70 68 69 76 86 48,
61 63 45 47 54 84 35, 81 78 56 66 71 83 47, 43 55 49 44 54 49 34, 58 67 42 56 66 68 35,
71 75 50 55 70 66 41, 72 82 72 67 71 83 31, 67 61 45 47 62 80 41, 64 53 53 58 58 67 34,
67 60 47 39 59 74 41, 69 62 57 42 55 63 25, 68 83 83 45 59 77 35, 77 77 54 72 79 77 46,
81 90 50 72 60 54 36, 74 85 64 69 79 79 63, 65 60 65 75 55 80 60, 65 70 46 57 75 85 46,
50 58 68 54 64 78 52, 50 40 33 34 43 64 33, 64 61 52 62 66 80 41, 53 66 52 50 63 80 37,
40 37 42 58 50 57 49, 63 54 42 48 66 75 33, 66 77 66 63 88 76 72, 78 75 58 74 80 78 49,
48 57 44 45 51 83 38, 85 85 71 71 77 74 55, 82 82 39 59 64 78 39"""


def tally_of(table: Answers, items: Sequence[str] = "abcdefghi") -> Tally:
    names = items[: len(table[0])]
    return tally_of_rows(tuple(names), [Row(dict(zip(names, line, strict=True))) for line in table])


def attitude(without: str = "") -> Tally:
    kept = [item for item in ATTITUDE if item != without]
    lines = [
        dict(zip(ATTITUDE, map(int, line.split()), strict=True))
        for line in ATTITUDE_ROWS.split(",")
    ]
    return tally_of([[line[item] for item in kept] for line in lines], kept)


def simulated(n: int, seed: int, missing: float = 0.0) -> list[list[int | None]]:
    """n rows of nine answers that hang together; up to this share of an item's missing."""
    random = np.random.default_rng(seed)
    latent = random.normal(size=(n, 1)) * 0.7 + random.normal(size=(n, 9)) * 0.6 + 3.2
    chosen = np.clip(np.rint(latent), 1, 4).astype(int)
    gone = random.random((n, 9)) < np.linspace(0, missing, 9)
    return [
        [None if lost else int(value) for value, lost in zip(line, holes, strict=True)]
        for line, holes in zip(chosen, gone, strict=True)
    ]


def pairwise_covariances(table: Answers) -> np.ndarray:
    """Each pair by numpy, over the rows that hold both."""
    x = np.array([[np.nan if value is None else value for value in line] for line in table])
    k = x.shape[1]
    covariances = np.empty((k, k))
    for e in range(k):
        for f in range(k):
            pair = x[~np.isnan(x[:, e]) & ~np.isnan(x[:, f])]
            covariances[e, f] = np.cov(pair[:, e], pair[:, f])[0, 1]
    return covariances


def pingouin_alpha(table: Answers) -> float:
    """k/(k-1) (1 - trace C / sum C), as pingouin.cronbach_alpha with nan_policy="pairwise"."""
    c = pairwise_covariances(table)
    return float(len(c) / (len(c) - 1) * (1 - np.trace(c) / c.sum()))


def test_alpha_is_what_psych_gives_for_the_attitude_data() -> None:
    assert round(float(alpha(attitude()) or 0), 3) == 0.843
    # psych::alpha(attitude)$alpha.drop, raw_alpha
    dropped = {
        "rating": 0.810, "complaints": 0.797, "privileges": 0.828, "learning": 0.803,
        "raises": 0.795, "critical": 0.864, "advance": 0.840,
    }  # fmt: skip
    assert {item: round(float(alpha(attitude(item)) or 0), 3) for item in ATTITUDE} == dropped


def test_item_total_correlations_are_what_psych_gives_for_the_attitude_data() -> None:
    # psych::alpha(attitude)$item.stats, r.drop
    published = {
        "rating": 0.67, "complaints": 0.74, "privileges": 0.56, "learning": 0.71,
        "raises": 0.79, "critical": 0.27, "advance": 0.46,
    }  # fmt: skip
    assert {item: round(r or 0, 2) for item, r in item_total(attitude()).items()} == published


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("missing", [0.0, 0.35])
def test_alpha_is_pingouins_on_the_rows(seed: int, missing: float) -> None:
    table = simulated(60, seed, missing)
    assert float(alpha(tally_of(table)) or 0) == pytest.approx(pingouin_alpha(table), rel=1e-12)


def test_item_total_of_complete_rows_is_the_correlation_with_the_sum_of_the_others() -> None:
    table = simulated(60, seed=7)
    x = np.array(table, dtype=float)
    expected = [np.corrcoef(x[:, e], np.delete(x, e, axis=1).sum(axis=1))[0, 1] for e in range(9)]
    assert list(item_total(tally_of(table)).values()) == pytest.approx(expected, rel=1e-12)


def test_item_total_of_incomplete_rows_uses_the_pairwise_covariances() -> None:
    table = simulated(60, seed=8, missing=0.35)
    c = pairwise_covariances(table)
    expected = []
    for e in range(9):
        others = np.arange(9) != e
        shared = c[e, others].sum()
        expected.append(shared / np.sqrt(c[e, e] * c[np.ix_(others, others)].sum()))
    assert list(item_total(tally_of(table)).values()) == pytest.approx(expected, rel=1e-12)


def test_alpha_by_hand() -> None:
    # Variances 1 and 1, covariance 1/2: 2/1 (1 - 2/3) = 2/3; the correlation of a pair is its r.
    tally = tally_of([[1, 1], [2, 3], [3, 2]])
    assert alpha(tally) == Fraction(2, 3)
    assert item_total(tally) == {"a": 0.5, "b": 0.5}


def test_equal_items_are_perfectly_reliable_and_opposite_ones_not_at_all() -> None:
    assert alpha(tally_of([[1, 1, 1], [2, 2, 2], [4, 4, 4]])) == 1
    assert item_total(tally_of([[1, 1], [2, 2], [4, 4]])) == {"a": 1.0, "b": 1.0}
    # Totals do not vary, so alpha would divide by zero; the correlation is plain.
    opposite = tally_of([[1, 4], [4, 1]])
    assert alpha(opposite) is None
    assert item_total(opposite) == {"a": -1.0, "b": -1.0}


@pytest.mark.parametrize(
    "table",
    [
        pytest.param([[1], [2], [4]], id="one item"),
        pytest.param([[4, 4], [4, 4]], id="nothing varies"),
        pytest.param([[4, 3]], id="one response"),
        pytest.param([[1, 2, None], [2, 1, None], [None, None, 3], [None, 1, 2]], id="no common"),
        pytest.param([[1, None], [2, None], [4, None]], id="one item answered"),
        pytest.param([[1, None], [2, 3], [4, None]], id="one item answered twice or more"),
    ],
)
def test_alpha_and_correlations_are_none_where_they_say_nothing(table: Answers) -> None:
    tally = tally_of(table)
    assert alpha(tally) is None
    assert set(item_total(tally).values()) == {None}


def test_no_response_gives_none() -> None:
    assert alpha(Tally.zero("ab")) is None
    assert item_total(Tally.zero("ab")) == {"a": None, "b": None}


def test_an_item_that_nobody_answered_is_left_out() -> None:
    table = [[1, 1, None], [2, 3, None], [3, 2, None]]
    assert alpha(tally_of(table)) == Fraction(2, 3)
    assert item_total(tally_of(table)) == {"a": 0.5, "b": 0.5, "c": None}


def test_an_item_answered_once_is_left_out() -> None:
    table = [[1, 1, 4], [2, 3, None], [3, 2, None]]
    assert alpha(tally_of(table)) == Fraction(2, 3)
    assert item_total(tally_of(table)) == {"a": 0.5, "b": 0.5, "c": None}


def test_an_item_that_does_not_vary_counts_as_pingouin_counts_it() -> None:
    # One more item without variance: 3/2 (1 - 2/3) = 1/2.
    table = [[1, 1, 4], [2, 3, 4], [3, 2, 4]]
    assert alpha(tally_of(table)) == Fraction(1, 2)
    assert item_total(tally_of(table)) == {"a": 0.5, "b": 0.5, "c": None}


def test_covariances_that_contradict_each_other_give_none() -> None:
    # The common rows of a and b hold the extremes, those of one item alone the middle: the pairwise
    # covariance (4.5) exceeds what the variances (9/5 each) allow.
    table = [[1, 1], [4, 4], [2, None], [2, None], [2, None], [None, 2], [None, 2], [None, 2]]
    assert pingouin_alpha(table) > 1
    assert alpha(tally_of(table)) is None
    assert item_total(tally_of(table)) == {"a": None, "b": None}
    # And the other way: a total whose variance would be negative.
    table = [[1, 4], [4, 1], [2, None], [2, None], [2, None], [None, 2], [None, 2], [None, 2]]
    assert pairwise_covariances(table).sum() < 0
    assert alpha(tally_of(table)) is None
