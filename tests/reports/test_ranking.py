"""Ranks and their ranges by hand, by their definition counted pair by pair, by simulation."""

from fractions import Fraction
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reports.statistics.comparable import UnitMean, comparable
from reports.statistics.ranking import Ranked, Standing, ranking


def standing(
    code: str,
    ikm: Fraction | float,
    variance: Fraction | float = 1.0,
    n: int = 100,
    kind: str = "",
    enough: bool = True,
) -> Standing:
    return Standing(code, kind, n, Fraction(ikm), variance, enough)


def places(ranked: list[Ranked]) -> list[tuple[str, int, int, int]]:
    return [(unit.standing.code, unit.rank, unit.best, unit.worst) for unit in ranked]


STANDINGS = st.lists(
    st.builds(
        standing,
        code=st.just(""),
        ikm=st.fractions(25, 100, max_denominator=40),
        variance=st.sampled_from([0.0, 0.0001, 0.01, 0.5, 4.0, Fraction(9, 7)]),
        n=st.sampled_from([1, 2, 5, 30, 400]),
        kind=st.sampled_from(["", "samsat", "rsud"]),
        enough=st.booleans() | st.just(True),
    ),
    max_size=25,
).map(lambda units: [Standing(f"U{i}", *_rest(u)) for i, u in enumerate(units)])


def _rest(unit: Standing) -> tuple[str, int, Fraction, Fraction | float, bool]:
    return unit.kind, unit.n, unit.ikm, unit.variance, unit.enough


def by_definition(standings: list[Standing], error: float) -> dict[str, tuple[int, int, int]]:
    """Code → rank, best, worst: for each unit, count over all units."""
    units = [unit for unit in standings if unit.enough]
    each = (1 - error) ** (1 / max(len(units), 1))
    bounds = {}
    for unit in units:
        y, low, high = float(unit.ikm), -inf, inf
        if unit.n > 1 and unit.variance > 0:
            low, high = stats.t.interval(each, unit.n - 1, y, sqrt(unit.variance))
        bounds[unit.code] = (low, high)
    return {
        unit.code: (
            1 + sum(other.ikm > unit.ikm for other in units),
            1 + sum(bounds[other.code][0] > bounds[unit.code][1] for other in units),
            len(units) - sum(bounds[other.code][1] < bounds[unit.code][0] for other in units),
        )
        for unit in units
    }


@settings(deadline=None)
@given(STANDINGS)
def test_ranks_and_ranges_are_those_of_the_definition(standings: list[Standing]) -> None:
    found = {code: tuple(rest) for code, *rest in places(ranking(standings))}
    assert found == by_definition(standings, 0.05)


@settings(deadline=None)
@given(STANDINGS)
def test_a_rank_lies_in_its_range_and_the_order_is_that_of_the_ranks(units: list[Standing]) -> None:
    ranked = ranking(units)
    assert all(1 <= unit.best <= unit.rank <= unit.worst <= len(ranked) for unit in ranked)
    assert [unit.rank for unit in ranked] == sorted(unit.rank for unit in ranked)


def test_three_units_by_hand() -> None:
    # m = 3, n = 100: t(99) at 1 - (1 - 0.95^(1/3))/2 is 2.4288, so the bounds are y ± 2.43 SE:
    # A 87.57..92.43, B 83.57..88.43, C 77.57..82.43. A and B overlap, C is surely the last.
    ranked = ranking([standing("C", 80), standing("A", 90), standing("B", 86)])
    assert places(ranked) == [("A", 1, 1, 2), ("B", 2, 1, 2), ("C", 3, 3, 3)]


def test_overlap_is_not_transitive() -> None:
    # A 87.57..92.43, B 84.07..88.93, C 80.57..85.43: A overlaps B, B overlaps C, A is above C.
    ranked = ranking([standing("A", 90), standing("B", Fraction("86.5")), standing("C", 83)])
    assert places(ranked) == [("A", 1, 1, 2), ("B", 2, 1, 3), ("C", 3, 2, 3)]


def test_equals_share_a_rank_and_the_next_is_left_out() -> None:
    units = [standing("B", 80), standing("A", 80), standing("D", 70), standing("C", 90)]
    assert [(u.standing.code, u.rank) for u in ranking(units)] == [
        ("C", 1), ("A", 2), ("B", 2), ("D", 4),
    ]  # fmt: skip


def test_a_difference_too_small_for_a_float_still_ranks() -> None:
    little = Fraction(1, 10**30)
    units = [standing("A", 80), standing("B", 80 + little), standing("C", 80 - little)]
    assert [(u.standing.code, u.rank) for u in ranking(units)] == [("B", 1), ("A", 2), ("C", 3)]


def test_units_without_enough_answers_have_no_rank_and_widen_no_range() -> None:
    units = [standing("A", 90), standing("B", 80)]
    few = [standing(f"F{i}", 99, enough=False) for i in range(50)]
    assert places(ranking(units + few)) == places(ranking(units)) == [
        ("A", 1, 1, 1), ("B", 2, 2, 2),
    ]  # fmt: skip


def test_equal_answers_are_no_certainty() -> None:
    # Z: everyone gave the highest answer, SE = 0; Y: a single response. Neither has an error.
    units = [standing("A", 90), standing("B", 80), standing("Z", 100, variance=Fraction(0))]
    assert places(ranking(units)) == [("Z", 1, 1, 3), ("A", 2, 1, 2), ("B", 3, 2, 3)]
    units[2] = standing("Y", 100, n=1)
    assert places(ranking(units)) == [("Y", 1, 1, 3), ("A", 2, 1, 2), ("B", 3, 2, 3)]


def test_the_level_is_sidaks_as_klein_wright_and_wieczorek_print_it() -> None:
    # 51 states at a joint 90 %: "around 3.081" standard errors (RankingProject, vignette "joint").
    def pair(distance: Fraction) -> list[Ranked]:
        others = [standing(f"U{i}", 25, variance=0) for i in range(49)]
        near = [standing("A", 50, n=10**9), standing("B", 50 + distance, n=10**9)]
        ranked = ranking(near + others, error=0.1)
        return [unit for unit in ranked if unit.standing.code in "AB"]

    # Bounds touch at 2 × 3.081 standard errors; SE = 0 units may stand anywhere.
    assert [unit.best for unit in pair(2 * Fraction("3.0805"))] == [1, 1]
    assert [unit.best for unit in pair(2 * Fraction("3.0815"))] == [1, 2]


def test_no_unit_and_one_unit() -> None:
    assert ranking([]) == []
    assert places(ranking([standing("A", 80)])) == [("A", 1, 1, 1)]


def test_comparable_is_of_the_same_kind_and_never_moves_a_rank() -> None:
    samsat = [standing(f"S{i}", 70 + 3 * i, 8.0, n=10 * i + 5, kind="samsat") for i in range(5)]
    rsud = [standing(f"R{i}", 60 + i, kind="rsud") for i in range(4)]
    unknown = [standing(f"X{i}", 50 + i) for i in range(9)]
    ranked = ranking(samsat + rsud + unknown)
    drawn = comparable([UnitMean(u.n, float(u.ikm), 8.0) for u in samsat])
    found = {u.standing.code: u.comparable for u in ranked if u.comparable is not None}
    assert found == pytest.approx({f"S{i}": value for i, value in enumerate(drawn)})
    plain = [
        Standing(u.code, "", u.n, u.ikm, u.variance, u.enough) for u in samsat + rsud + unknown
    ]
    assert places(ranking(plain)) == places(ranked)


def test_comparable_counts_only_units_in_the_ranking() -> None:
    units = [standing(f"S{i}", 70 + i, kind="samsat", enough=i > 0) for i in range(5)]
    assert [unit.comparable for unit in ranking(units)] == [None] * 4


def test_all_true_ranks_are_in_their_ranges_in_19_of_20_surveys() -> None:
    random = np.random.default_rng(3)
    truth = np.array([70, 70.5, 71, 75, 75.2, 80, 80.1, 80.2, 90, 90.5])
    sizes = np.array([8, 12, 30, 60, 8, 12, 30, 60, 100, 10])
    true_ranks = {f"U{i}": 1 + int((truth > mean).sum()) for i, mean in enumerate(truth)}
    held = 0
    for _ in range(400):
        samples = [random.normal(mean, 12, n) for mean, n in zip(truth, sizes, strict=True)]
        units = [
            standing(f"U{i}", s.mean(), float(s.var(ddof=1)) / len(s), n=len(s))
            for i, s in enumerate(samples)
        ]
        held += all(u.best <= true_ranks[u.standing.code] <= u.worst for u in ranking(units))
    assert held >= 0.95 * 400
