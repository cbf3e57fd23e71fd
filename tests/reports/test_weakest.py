"""Who is weak clearly, and who is only last: against SciPy on the rows, and by simulation."""

import numpy as np
import pytest
from scipy import stats

from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Row, Tally
from reports.statistics.weakest import _p, clearly_weak

ITEMS = tuple("abcdefghi")


def tally(table: np.ndarray) -> Tally:
    return tally_of_rows(
        ITEMS, [Row(dict(zip(ITEMS, map(int, row), strict=True))) for row in table]
    )


def people(n: int, seed: int, **less: float) -> np.ndarray:
    """Of a common part and a part of each answer; `less`: item → how much lower."""
    random = np.random.default_rng(seed)
    low = np.array([less.get(item, 0.0) for item in ITEMS])
    answers = 3.2 + random.normal(0, 0.5, (n, 1)) + random.normal(0, 0.5, (n, 9)) - low
    return np.clip(np.rint(answers), 1, 4)


def test_the_difference_is_tested_in_the_same_people() -> None:
    """Without a missing answer the linearised error is that of the paired differences."""
    table = people(40, 1, c=0.3)
    others = np.delete(table, 2, axis=1).mean(axis=1)
    expected = stats.ttest_rel(table[:, 2], others, alternative="less")
    assert _p(tally(table), "c", ITEMS) == pytest.approx(expected.pvalue, rel=1e-6)
    assert _p(tally(4.0 + 0 * table), "c", ITEMS) == 1


def test_an_element_that_is_lower_is_named_and_two_that_are_in_their_order() -> None:
    assert clearly_weak(tally(people(60, 2, c=0.6)), ITEMS) == ("c",)
    assert clearly_weak(tally(people(60, 3, c=0.6, f=1.0)), ITEMS) == ("f", "c")


def test_of_equals_one_is_named_in_five_of_a_hundred_at_most() -> None:
    named = [bool(clearly_weak(tally(people(20, seed)), ITEMS)) for seed in range(200)]
    assert sum(named) / 200 <= 0.08  # 0.05 and two standard errors


def test_where_all_differ_alike_few_are_not_enough() -> None:
    """Seven throws: 9/128 = 0.070; eight: 9/256 = 0.035."""
    table = np.full((8, 9), 4)
    table[:, 4] = 3
    assert clearly_weak(tally(table[:7]), ITEMS) == ()
    assert clearly_weak(tally(table), ITEMS) == ("e",)


def test_one_item_is_weaker_than_none() -> None:
    assert clearly_weak(tally(people(20, 1)), ["a"]) == ()
    assert clearly_weak(Tally.zero(ITEMS), []) == ()
