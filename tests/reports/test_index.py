"""The index against hand computation, printed reports, and the boundary cases of the rule."""

import json
import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.incoming import answer_table
from reports.statistics.counting import tally_of_rows
from reports.statistics.index import Method, as_json, rounded
from reports.statistics.tally import Row, Tally
from tests.support.instruments import SKM_NOW, grade_of, index_of, with_elements
from tests.support.paths import DATA, ROOT

ELEMENTS = (
    "requirements",
    "procedure",
    "completion_time",
    "cost",
    "product",
    "officer_competence",
    "officer_conduct",
    "facilities",
    "complaint_handling",
)
SMALL = DATA / "answers-small.csv"
HERE = ROOT.parent / "shared" / "published"
PUBLISHED = Path(os.environ.get("SKM_PUBLISHED", HERE))


def of_sums(n: int, sums: Sequence[int], items: Sequence[str] = ELEMENTS) -> Tally:
    """n responses whose answers to the items add up to the sums."""
    rows = [
        Row({item: s // n + (i < s % n) for item, s in zip(items, sums, strict=True)})
        for i in range(n)
    ]
    return tally_of_rows(items, rows)


def of_total(n: int, total: int) -> Tally:
    """n responses whose 9 n answers add up to the total."""
    return of_sums(n, [total // 9 + (e < total % 9) for e in range(9)])


def ikm(tally: Tally, method: Method = "exact") -> str:
    index = index_of(tally, method=method)
    assert index.ikm is not None
    return rounded(index.ikm, 2)


def grade(tally: Tally, method: Method = "exact") -> str | None:
    return index_of(tally, method=method).grade


def test_small_table_by_hand() -> None:
    """Sums over 8 answers 26, 25, 22, 26, 27, 28, 23 = 177/8 = 22.125; over 6 answers (cost,
    complaints) 23 + 19 = 42/6 = 7. SKM = 29.125/9 = 3.23611…, IKM = 728.125/9 = 80.90277…"""
    index = index_of(tally_of_rows(ELEMENTS, answer_table.read(SMALL, SKM_NOW)))
    assert as_json(index) == {
        "n": 8,
        "elements": {
            "requirements": {"n": 8, "mean": 3.25},
            "procedure": {"n": 8, "mean": 3.125},
            "completion_time": {"n": 8, "mean": 2.75},
            "cost": {"n": 6, "mean": 3.8333},
            "product": {"n": 8, "mean": 3.25},
            "officer_competence": {"n": 8, "mean": 3.375},
            "officer_conduct": {"n": 8, "mean": 3.5},
            "facilities": {"n": 8, "mean": 2.875},
            "complaint_handling": {"n": 6, "mean": 3.1667},
        },
        "skm": "3.2361",
        "ikm": "80.90",
        "grade": "B",
        "label": "Baik",
        "method": "exact",
        "ci95": None,
        "alpha": None,
        "sample": None,
    }
    assert list(as_json(index)["elements"]) == list(ELEMENTS)
    # 29.125 × 0.11 × 25 = 80.09375
    assert ikm(tally_of_rows(ELEMENTS, answer_table.read(SMALL, SKM_NOW)), "0.11") == "80.09"


@pytest.mark.skipif(
    not (PUBLISHED / "index.json").exists(),
    reason="no published answers here (set SKM_PUBLISHED to their folder); "
    "tests/data/answers-small.csv was used alone",
)
def test_published_answers() -> None:
    published = json.loads((PUBLISHED / "index.json").read_text())["respondents"]
    assert published
    for unit in published:
        tally = tally_of_rows(ELEMENTS, answer_table.read(PUBLISHED / unit["file"], SKM_NOW))
        exact, old = index_of(tally), index_of(tally, method="0.11")
        assert exact.ikm is not None
        assert old.ikm is not None
        found = (tally.n, float(rounded(exact.ikm, 4)), float(rounded(old.ikm, 4)), exact.grade)
        assert found == (
            unit["n"],
            unit["ikm_exact"],
            unit["ikm_weight_0_11"],
            unit["grade_exact"],
        )


@pytest.mark.parametrize(
    ("n", "total", "expected"),
    [
        (19, 524, "76.61 B"),  # 76.6082
        (26, 717, "76.60 C"),  # 76.6026
        (43, 1367, "88.31 A"),  # 88.3075
        (58, 1357, "64.99 D"),  # 64.9904
    ],
)
def test_totals_in_the_gaps_of_the_printed_table(n: int, total: int, expected: str) -> None:
    tally = of_total(n, total)
    assert sum(tally.total(item) for item in ELEMENTS) == total
    assert f"{ikm(tally)} {grade(tally)}" == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("100", "A Sangat baik"),
        ("88.31", "A Sangat baik"),
        ("88.305", "A Sangat baik"),
        ("88.3049", "B Baik"),
        ("76.61", "B Baik"),
        ("76.6049", "C Kurang baik"),
        ("65", "C Kurang baik"),
        ("64.995", "C Kurang baik"),
        ("64.9949", "D Tidak baik"),
        ("25", "D Tidak baik"),
    ],
)
def test_grade_is_that_of_the_rounded_value(value: str, expected: str) -> None:
    found = grade_of(Fraction(value))
    assert f"{found.grade} {found.label}" == expected


def test_perfect_and_worst() -> None:
    assert ikm(of_total(7, 7 * 36)) == "100.00"
    assert ikm(of_total(7, 7 * 36), "0.11") == "99.00"
    assert ikm(of_total(7, 7 * 9)) == "25.00"


def test_weight_0_11_moves_a_real_survey_over_a_boundary() -> None:
    """DPMPTSP Pulang Pisau printed for 2020-Q3: 77.13 B exact, 76.36 C with 0.11. 30 people and
    833 points give the same: 833/30 × 25/9 = 77.1296 and 833/30 × 2.75 = 76.3583."""
    tally = of_total(30, 833)
    assert (ikm(tally), grade(tally)) == ("77.13", "B")
    assert (ikm(tally, "0.11"), grade(tally, "0.11")) == ("76.36", "C")


def test_gaspul_printed_the_same_people_twice() -> None:
    """GASPUL, third quarter of 2025, 29 people: 91.48 with 1/9 and 90.56 with 0.11."""
    tally = of_sums(29, [105, 101, 100, 116, 102, 105, 106, 105, 115])
    assert (ikm(tally), ikm(tally, "0.11"), grade(tally)) == ("91.48", "90.56", "A")


def test_payakumbuh_from_its_printed_means() -> None:
    """Pengadilan Negeri Payakumbuh, first half of 2020, 100 people; printed 87.56, B. Rounding
    each weighted mean would give 87.75, weight 0.11 gives 86.68."""
    tally = of_sums(100, [358, 354, 329, 324, 357, 342, 378, 338, 372])
    assert (ikm(tally), grade(tally)) == ("87.56", "B")
    assert ikm(tally, "0.11") == "86.68"


values = st.none() | st.integers(1, 4)


@given(st.lists(st.lists(values, min_size=9, max_size=9), min_size=1, max_size=8), st.data())
def test_order_of_rows_and_of_items_changes_nothing(
    table: list[list[int | None]], data: st.DataObject
) -> None:
    rows = [Row(dict(zip(ELEMENTS, line, strict=True))) for line in table]
    first = index_of(tally_of_rows(ELEMENTS, rows))
    items = data.draw(st.permutations(ELEMENTS))
    second = index_of(tally_of_rows(items, data.draw(st.permutations(rows))))
    assert (first.n, first.skm, first.ikm, first.grade) == (
        second.n,
        second.skm,
        second.ikm,
        second.grade,
    )
    assert first.elements == second.elements
    assert first.ikm is None or 25 <= first.ikm <= 100


def test_no_answers_no_figures() -> None:
    found = as_json(index_of(tally_of_rows(ELEMENTS, [Row({}), Row({"cost": None})])))
    assert found["n"] == 0
    assert found["elements"] == {key: {"n": 0, "mean": None} for key in ELEMENTS}
    figures = ("skm", "ikm", "grade", "label", "ci95", "alpha", "sample")
    assert {found[key] for key in figures} == {None}


def test_element_that_nobody_answered_is_left_out() -> None:
    tally = tally_of_rows(ELEMENTS, [Row({"requirements": 4, "product": 3, "cost": None})])
    index = index_of(tally)
    assert index.skm == Fraction(7, 2)
    assert (index.elements["cost"].n, index.elements["cost"].mean) == (0, None)
    with pytest.raises(ValueError, match="nine elements, and 2 were answered"):
        index_of(tally, method="0.11")


def test_element_of_several_questions_is_the_mean_of_their_means() -> None:
    """a: 4, 4 → 4; b: 1 → 1; element 5/2, although all three answers average 3."""
    rows = [Row({"a": 4, "b": 1, "cost": 3}), Row({"a": 4, "c": None})]
    by = with_elements("abc", "procedure")
    index = index_of(tally_of_rows(["a", "b", "c", "cost"], rows), instrument=by)
    assert index.elements == {"procedure": (2, Fraction(5, 2)), "cost": (1, Fraction(3))}
    assert index.skm == Fraction(11, 4)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(84715, 1000), 2, "84.72"),  # binary floats and banker's rounding say 84.71
        (Fraction(5, 1000), 2, "0.01"),
        (Fraction(2, 3), 4, "0.6667"),
        (Fraction(99995, 1000), 2, "100.00"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-125, 100), 1, "-1.3"),
        (Fraction(-1, 1000), 2, "0.00"),
    ],
)
def test_rounded_half_up(value: Fraction, places: int, text: str) -> None:
    assert rounded(value, places) == text


def test_interval_and_sample_stand_in_the_json() -> None:
    needed = {"population": 100, "needed": 80, "enough": False}
    found = as_json(index_of(of_total(7, 200)), (70.125, 81.0), needed)
    assert found["ci95"] == [70.13, 81.0]
    assert found["sample"] == needed
