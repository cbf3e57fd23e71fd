"""The ranks that a unit may have for itself: by simulation, beside those for all units together."""

from fractions import Fraction

import numpy as np
import pytest

from reports.statistics import own_rank
from reports.statistics.comparable import UnitMean
from reports.statistics.own_rank import own_ranks
from tests.bench.ranks import simulated


def unit(mean: float, variance: float = 1.0, n: int = 100) -> UnitMean:
    return UnitMean(n, mean, variance)


@pytest.mark.parametrize("spread", [2, 3, 6])
def test_each_true_rank_is_in_its_range_in_19_of_20_cases(spread: float) -> None:
    """Sixty units that differ by so many points; a joint range at 3 points is 51 places wide."""
    found = simulated(spread, 20, np.random.default_rng(8))
    assert found.held >= 0.95
    assert found.width <= (0.5 if spread > 2 else 0.6) * found.joint
    assert found.wrong_half <= 0.01


def test_units_far_apart_have_one_rank_each_and_their_half() -> None:
    (found,) = own_ranks([[unit(mean) for mean in (90, 50, 80, 60, 70, 40)]])
    assert [(each.best, each.worst) for each in found] == [
        (1, 1), (5, 5), (2, 2), (4, 4), (3, 3), (6, 6),
    ]  # fmt: skip
    assert [each.half for each in found] == ["above", "below", "above", "below", "above", "below"]


def test_of_an_odd_number_the_middle_one_is_in_no_half() -> None:
    (found,) = own_ranks([[unit(mean) for mean in (90, 80, 70, 60, 50)]])
    assert [each.half for each in found] == ["above", "above", "", "below", "below"]


def test_units_that_differ_by_chance_may_stand_anywhere() -> None:
    (found,) = own_ranks([[unit(80.0)] * 40])
    assert all(each.best <= 3 and each.worst >= 38 and not each.half for each in found)


def test_two_of_a_kind_are_ranked_by_their_own_answers_alone() -> None:
    """10 points are 7 errors of the difference."""
    few, none = own_ranks([[unit(80.0), unit(70.0)], []])
    assert [(each.best, each.worst) for each in few] == [(1, 1), (2, 2)]
    assert none == []
    assert own_ranks([]) == []


def test_equal_answers_are_no_certainty() -> None:
    (found,) = own_ranks([[*(unit(mean) for mean in (90, 80, 70, 60, 50)), unit(100, 0.0)]])
    assert (found[-1].best, found[-1].worst, found[-1].half) == (1, 6, "")
    few = own_ranks([[unit(90.0), unit(float(Fraction(100)), 0.0)]])[0]
    assert (few[1].best, few[1].worst) == (1, 2)


def test_the_same_units_have_the_same_ranges() -> None:
    units = [unit(mean, 4.0, 30) for mean in np.random.default_rng(1).normal(80, 3, 30)]
    assert own_ranks([units]) == own_ranks([units])


def drawn_one_by_one(group: list[UnitMean]) -> list[tuple[int, int]]:
    """Each draw sorted by itself, the ends of all ranks: the same draws, whoever sorts them."""
    means, errors = np.array(own_rank._beliefs(group)).T
    draws = max(400, min(4_000, 2_000_000 // len(group)))
    random = np.random.default_rng(own_rank.SEED)
    ranks, places = np.empty((draws, len(group)), int), np.arange(1, len(group) + 1)
    for row in ranks:
        row[(-means - errors * random.standard_normal(len(group))).argsort()] = places
    ranks.sort(axis=0)
    end = int(0.025 * (draws - 1))
    return list(zip(ranks[end].tolist(), ranks[-1 - end].tolist(), strict=True))


@pytest.mark.parametrize("number", [1, 7, 700, 5_001])
@pytest.mark.parametrize("untold", [0, 0.3])
def test_the_draws_are_sorted_exactly(number: int, untold: float, monkeypatch) -> None:
    """All draws at once, some, or one; of some units the error cannot be told, so that they are
    drawn far outside of all means."""
    monkeypatch.setattr(own_rank, "_NEAR", 5_000)
    random = np.random.default_rng(number)
    variances = np.where(random.random(number) < untold, 0.0, random.uniform(0.2, 6, number))
    means = random.normal(80, 4, number).tolist()
    group = [unit(*each) for each in zip(means, variances.tolist(), strict=True)]
    (found,) = own_ranks([group])
    assert [(each.best, each.worst) for each in found] == drawn_one_by_one(group)
