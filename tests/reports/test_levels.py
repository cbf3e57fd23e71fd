"""Levels by hand: two units of one agency, and a third that has too few answers."""

from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.counting import tally_of_rows
from reports.statistics.ranking import Standing
from reports.statistics.tally import Row, Tally
from reports.stored.levels import mean_of_units
from tests.support.instruments import index_of, standard_error


def standing(code: str, ikm: Fraction | int, variance: float, enough: bool = True) -> Standing:
    return Standing(code, "samsat", 100, Fraction(ikm), variance, enough)


def tally_of(*values: int) -> Tally:
    return tally_of_rows(("requirements",), [Row({"requirements": value}) for value in values])


def test_the_two_figures_of_an_agency_by_hand() -> None:
    # A: 4 4 4 4 → 100; B: 1 3 → 50; C: 1 → 25, too few. D: nobody answered.
    units = [standing("A", 100, 0.0), standing("B", 50, 9.0), standing("C", 25, 0.0, enough=False)]
    mean = mean_of_units(units, 4)
    pooled = tally_of(4, 4, 4, 4) + tally_of(1, 3) + tally_of(1)
    assert (mean.ikm, mean.standard_error, mean.units, mean.left_out) == (75, 1.5, 2, 2)
    # 21 / 7 = 3 → 75 as well, but of seven respondents; s² = 12/6, so SE = 25 √(2/7).
    assert (index_of(pooled).ikm, pooled.n) == (75, 7)
    assert standard_error(pooled) == pytest.approx(25 * sqrt(2 / 7))


def test_a_large_unit_moves_the_pooled_figure_only() -> None:
    units = [standing("A", 100, 1.0), standing("B", 50, 1.0)]
    assert mean_of_units(units, 2).ikm == 75
    assert index_of(tally_of(*[4] * 98, 2, 2)).ikm == 99


def test_sleman_is_the_plain_mean_of_its_units() -> None:
    # Kabupaten Sleman's published index: 4.59, 4.66 and 4.63 give 4.63.
    values = [Fraction("4.59"), Fraction("4.66"), Fraction("4.63")]
    units = [standing(str(i), value, 0.01) for i, value in enumerate(values)]
    mean = mean_of_units(units, 3)
    assert mean.ikm == Fraction("13.88") / 3
    assert mean.standard_error == pytest.approx(0.1 / sqrt(3))


def test_no_unit_with_enough_gives_no_mean() -> None:
    mean = mean_of_units([standing("A", 80, 1.0, enough=False)], 3)
    assert (mean.ikm, mean.standard_error, mean.units, mean.left_out) == (None, None, 0, 3)


def test_more_figures_than_units_is_refused() -> None:
    with pytest.raises(ValueError, match="A level of 1 units cannot have the figures of 2"):
        mean_of_units([standing("A", 80, 1.0), standing("B", 80, 1.0)], 1)


@given(st.lists(st.fractions(25, 100), min_size=1, max_size=20))
def test_the_mean_is_exact_in_any_order(values: list[Fraction]) -> None:
    units = [standing(str(i), value, 0.0) for i, value in enumerate(values)]
    assert mean_of_units(units, len(units)).ikm == sum(values) / len(values)
    assert mean_of_units(units[::-1], len(units)) == mean_of_units(units, len(units))
