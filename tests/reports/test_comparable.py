"""The drawn means against lme4's published fit and DerSimonian-Laird's own formula."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.comparable import UnitMean, between, comparable, within

# Davies & Goldsmith, Statistical Methods in Research and Production, 1972, table 6.3 (R:
# lme4::Dyestuff): yield of dyestuff in five preparations from each of six batches.
DYESTUFF = [
    [1545, 1440, 1440, 1520, 1580],
    [1540, 1555, 1490, 1560, 1495],
    [1595, 1550, 1605, 1510, 1560],
    [1445, 1440, 1595, 1465, 1545],
    [1595, 1630, 1515, 1635, 1625],
    [1520, 1455, 1450, 1480, 1445],
]

UNITS = st.lists(
    st.builds(UnitMean, st.integers(1, 500), st.floats(25, 100), st.floats(0, 50)),
    min_size=2,
    max_size=12,
)


def unit_of(responses: Sequence[float]) -> UnitMean:
    n = len(responses)
    return UnitMean(n, float(np.mean(responses)), float(np.var(responses, ddof=1)) / n)


def dersimonian_laird(effects: Sequence[float], variances: Sequence[float]) -> float:
    """(Q - (m - 1)) / (Σw - Σw²/Σw) with w = 1/v, as the paper has it; not below 0."""
    y, w = np.array(effects), 1 / np.array(variances)
    q = (w * (y - (w * y).sum() / w.sum()) ** 2).sum()
    return max(0.0, float((q - (len(y) - 1)) / (w.sum() - (w**2).sum() / w.sum())))


def test_dyestuff_is_drawn_as_lme4_draws_it() -> None:
    units = [unit_of(batch) for batch in DYESTUFF]
    assert within(units) == pytest.approx(2451.25)
    assert between(units, 2451.25) == pytest.approx(1764.05)
    # lmer(Yield ~ 1 + (1 | Batch)), REML: fixef 1527.5 and ranef, to three decimals.
    effects = [-17.607, 0.391, 28.562, -23.085, 56.733, -44.995]
    assert comparable(units) == pytest.approx([1527.5 + e for e in effects], abs=6e-4)


def test_unequal_units_follow_dersimonian_laird() -> None:
    units = [
        UnitMean(12, 71.0, 9.0), UnitMean(400, 85.5, 0.3), UnitMean(55, 78.25, 2.5),
        UnitMean(30, 90.0, 4.0), UnitMean(150, 81.0, 0.0),
    ]  # fmt: skip
    # σ² = Σ (n-1) n SE² / Σ (n-1), by hand: (1188 + 47880 + 7425 + 3480 + 0) / 642.
    inner = 59973 / 642
    assert within(units) == pytest.approx(inner)
    errors = [inner / unit.n for unit in units]
    outer = dersimonian_laird([unit.mean for unit in units], errors)
    assert outer > 0
    assert between(units, inner) == pytest.approx(outer)
    y = np.array([unit.mean for unit in units])
    weights = 1 / (outer + np.array(errors))
    middle = (weights * y).sum() / weights.sum()
    b = outer / (outer + np.array(errors))
    assert comparable(units) == pytest.approx(list(b * y + (1 - b) * middle))


@given(UNITS)
def test_between_is_dersimonian_laird_for_any_units(units: list[UnitMean]) -> None:
    inner = 60.0
    expected = dersimonian_laird([u.mean for u in units], [inner / u.n for u in units])
    assert between(units, inner) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_the_fewer_answered_the_more_is_drawn() -> None:
    units = [UnitMean(n, mean, 90 / n) for n, mean in ((10, 60), (1000, 60), (1000, 90), (100, 80))]
    few, many, *_ = comparable(units)
    assert 60 < many < few < 80


def test_units_that_differ_by_chance_alone_get_their_common_mean() -> None:
    # Means 79 and 81 with errors of 10: Q is far below its expectation, so τ² = 0.
    units = [UnitMean(10, 79.0, 10.0), UnitMean(30, 81.0, 10.0)]
    assert between(units, within(units)) == 0
    assert comparable(units) == [80.5, 80.5]


def test_means_without_error_stay() -> None:
    units = [UnitMean(5, 100.0, 0.0), UnitMean(9, 75.0, 0.0)]
    assert comparable(units) == [100.0, 75.0]
    assert comparable([UnitMean(5, 75.0, 0.0)] * 3) == [75.0] * 3


def test_single_responses_tell_no_variance() -> None:
    assert within([UnitMean(1, 75.0, 0.0)] * 2) == 0
    assert comparable([UnitMean(1, 60.0, 0.0), UnitMean(1, 80.0, 0.0)]) == [60.0, 80.0]


def test_no_unit_and_one_unit() -> None:
    assert comparable([]) == []
    assert comparable([UnitMean(20, 81.5, 4.0)]) == [81.5]


@given(UNITS)
def test_a_drawn_mean_lies_within_the_means(units: list[UnitMean]) -> None:
    means = [unit.mean for unit in units]
    assert all(min(means) - 1e-9 <= drawn <= max(means) + 1e-9 for drawn in comparable(units))
