"""The IPP: by hand from the rule's weights and cuts, institutions as they were published."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.ipp.index import Score, f02_of, f03_of, grade_of, ipp_of, ranked
from reports.ipp.rules import rules
from reports.statistics.index import rounded

RULES = rules()
ASPECTS = [aspect.key for aspect in RULES.aspects]


def scores(*values: int) -> list[Score]:
    """One score in each aspect, in order."""
    return [Score(key, 1, value) for key, value in zip(ASPECTS, values, strict=True)]


def test_the_weights_are_whole() -> None:
    assert sum(aspect.weight for aspect in RULES.aspects) == 1
    assert RULES.f02_weight + RULES.f03_weight == 1
    assert [sum(a.indicator_weights) for a in RULES.aspects if a.indicator_weights] == [100]
    # SKM's four indicators weigh 38 % of aspect I: 17 run by the rule, 7 each of the others.
    assert sum(RULES.aspects[0].indicator_weights[5:]) == 38
    assert any("belum dipastikan" in each for each in RULES.unconfirmed)


def test_f02_weighs_the_aspects() -> None:
    # 5 × 0.24 + 4 × 0.25 + 3 × 0.18 + 2 × 0.11 + 1 × 0.10 + 0 × 0.12 = 3.06
    found = f02_of(scores(5, 4, 3, 2, 1, 0), RULES)
    assert found.index == Fraction("3.06")
    assert found.aspects["innovation"] == 0
    assert f02_of(scores(5, 5, 5, 5, 5, 5), RULES).index == 5


def test_an_aspect_weighs_its_indicators_by_number() -> None:
    # Only 6 (SKM run by the rule, 17 %) and 8 (share of follow-up, 7 %) score: 5 and 3.
    policy = [Score("policy", n, {6: 5, 8: 3}.get(n, 0)) for n in (8, 1, 2, 9, 3, 4, 5, 6, 7)]
    found = f02_of([*policy, *scores(0, 4, 0, 0, 0, 0)[1:], Score("staff", 2, 1)], RULES)
    assert found.aspects["policy"] == Fraction("1.06")  # (17 × 5 + 7 × 3) / 100
    assert found.aspects["staff"] == Fraction("2.5")
    assert found.index == Fraction("0.24") * Fraction("1.06") + Fraction("0.25") * Fraction("2.5")
    assert found.unweighted == tuple(ASPECTS[1:])


def test_weights_of_the_file_come_first() -> None:
    named = [Score("policy", 1, 5, Fraction(3, 4)), Score("policy", 2, 1, Fraction(1, 4))]
    found = f02_of([*named, *scores(0, 0, 0, 0, 0, 0)[1:]], RULES)
    assert found.aspects["policy"] == 4
    assert "policy" not in found.unweighted
    # Without weights two indicators are not the nine of the rule: the plain mean, and said so.
    bare = [Score("policy", 1, 5), Score("policy", 2, 1)]
    found = f02_of([*bare, *scores(0, 0, 0, 0, 0, 0)[1:]], RULES)
    assert found.aspects["policy"] == 3
    assert "policy" in found.unweighted


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (scores(0, 0, 0, 0, 0, 6), "The score 6 is not 0 to 5"),
        (scores(0, 0, 0, 0, 0, -1), "The score -1 is not 0 to 5"),
        (scores(1, 1, 1, 1, 1, 1)[:5], "Inovasi has no score"),
        ([Score("luck", 1, 3)], "There is no aspect luck"),
        (
            [*scores(1, 1, 1, 1, 1, 1), Score("staff", 2, 1, Fraction(1))],
            "Profesionalisme SDM: some scores have a weight and some have none",
        ),
    ],
)
def test_scores_that_are_refused(bad: list[Score], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        f02_of(bad, RULES)


def test_f03_is_the_mean_of_the_items_that_were_answered() -> None:
    means = {"requirements": Fraction(5), "parking": Fraction(0), "toilet": None}
    assert f03_of({**means, "tariff": Fraction(4)}) == 3
    assert f03_of({"toilet": None}) is None


def test_ipp_is_three_quarters_evaluator_and_one_quarter_users() -> None:
    assert ipp_of(Fraction(4), Fraction("4.8"), RULES) == Fraction("4.2")
    assert ipp_of(Fraction(5), Fraction(5), RULES) == 5


@pytest.mark.parametrize(
    ("ipp", "grade"),
    [
        ("5", "A"),
        ("4.505", "A"),  # 4.51, half up
        ("4.5049", "A-"),  # 4.50 is not above 4.50
        ("4.01", "A-"),
        ("4.00", "B"),
        ("3.51", "B"),
        ("3.50", "B-"),
        ("3.01", "B-"),
        ("3.00", "C"),
        ("2.51", "C"),
        ("2.50", "C-"),
        ("2.01", "C-"),
        ("2.00", "D"),
        ("1.51", "D"),
        ("1.50", "E"),
        ("1.01", "E"),
        ("1.00", "F"),
        ("0", "F"),
    ],
)
def test_grades_are_above_their_cuts(ipp: str, grade: str) -> None:
    assert grade_of(Fraction(ipp), RULES).grade == grade


def test_sleman_as_published() -> None:
    """Kabupaten Sleman: 4.63, of units with 4.59, 4.66 and 4.63."""
    (sleman,) = ranked({"Sleman": [Fraction(v) for v in ("4.59", "4.66", "4.63")]}, RULES)
    assert sleman.ipp is not None
    assert sleman.grade is not None
    assert (rounded(sleman.ipp, 2), sleman.units, sleman.rank) == ("4.63", 3, 1)
    assert (sleman.grade.grade, sleman.grade.label) == ("A", "Pelayanan prima")


def test_equal_printed_values_share_a_rank() -> None:
    given = {
        "Dua": [Fraction("4.001")],
        "Satu": [Fraction(5), Fraction(4)],
        "Belum": [],
        "Tiga": [Fraction("4.004")],
        "Empat": [Fraction(3)],
    }
    found = ranked(given, RULES)
    assert [(each.name, each.rank) for each in found] == [
        ("Satu", 1),
        ("Dua", 2),
        ("Tiga", 2),
        ("Empat", 4),
        ("Belum", None),
    ]
    assert (found[-1].units, found[-1].ipp, found[-1].grade) == (0, None, None)


@given(st.lists(st.integers(0, 5), min_size=6, max_size=6), st.randoms())
def test_the_order_of_rows_changes_nothing(values: list[int], random: object) -> None:
    rows = [*scores(*values), Score("staff", 2, 3), Score("policy", 7, 1)]
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert f02_of(shuffled, RULES) == f02_of(rows, RULES)
    assert 0 <= f02_of(rows, RULES).index <= 5


def test_a_version_that_is_none() -> None:
    with pytest.raises(KeyError):
        rules("pekppp-1999")
