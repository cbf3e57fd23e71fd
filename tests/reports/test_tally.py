"""A tally is a value that adds up: any split, any order, there and back through JSON."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.statistics import gram
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import TEXT, Row, Tally
from reports.stored.fold import decoded, encoded

ITEMS = ("requirements", "cost", "facilities")

choices = st.sampled_from(["a", "b", TEXT])
rows = st.builds(
    Row,
    answers=st.dictionaries(st.sampled_from(ITEMS), st.none() | st.integers(0, 5)),
    profile=st.dictionaries(st.sampled_from(["sex", "age"]), st.sampled_from(["x", "y"])),
    extra=st.dictionaries(st.sampled_from(["q1", "q2"]), choices | st.lists(choices, max_size=3)),
)
responses = st.lists(rows, max_size=12)
# From 0: nothing a tally adds up to may take it for an answer that was not given.
tallies = st.builds(tally_of_rows, st.just(ITEMS), responses, st.just(0))


def total(parts: Sequence[Tally]) -> Tally:
    return sum(parts, Tally.zero(ITEMS))


@given(tallies, tallies, tallies)
def test_addition_is_commutative_and_associative(a: Tally, b: Tally, c: Tally) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)


@given(tallies, tallies)
def test_zero_is_the_unit_and_subtraction_undoes(a: Tally, b: Tally) -> None:
    assert a + Tally.zero(ITEMS) == a
    assert (a + b) - b == a
    assert (a - b) + b == a
    assert a - a == Tally.zero(ITEMS)


@given(responses, st.data())
def test_any_split_in_any_order_adds_up(responses: list[Row], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(responses))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(responses)), max_size=4)))
    edges = [0, *cuts, len(shuffled)]
    batches = [shuffled[a:b] for a, b in pairwise(edges)]
    assert total([tally_of_rows(ITEMS, batch, 0) for batch in batches]) == tally_of_rows(
        ITEMS, responses, 0
    )


@given(st.lists(tallies, max_size=5), tallies, tallies)
def test_many_together_are_what_they_add_up_to_one_by_one(
    many: list[Tally], a: Tally, b: Tally
) -> None:
    parts = [*many, a - b, b]
    assert Tally.together(ITEMS, parts) == total(parts)
    assert Tally.together(ITEMS, []) == Tally.zero(ITEMS)


@given(tallies, tallies)
def test_json_there_and_back(a: Tally, b: Tally) -> None:
    for tally in (a, a - b):
        assert decoded(encoded(tally)) == tally


@given(responses, st.lists(st.integers(-9, 9), min_size=6, max_size=6))
@settings(max_examples=60)
def test_gram_matrix_is_that_of_the_rows(responses: list[Row], c: list[int]) -> None:
    tally = tally_of_rows(ITEMS, responses, 0)
    vectors = []
    for row in responses:
        given = [row.answers.get(item) for item in ITEMS]
        vectors.append([int(v is not None) for v in given] + [0 if v is None else v for v in given])
    matrix = [[sum(u[p] * u[q] for u in vectors) for q in range(6)] for p in range(6)]
    assert list(tally.gram) == [matrix[p][q] for p in range(6) for q in range(p, 6)]
    squares = sum(sum(x * y for x, y in zip(c, u, strict=True)) ** 2 for u in vectors)
    assert tally.sum_of_squares(c) == squares


def test_counts_by_hand() -> None:
    tally = tally_of_rows(
        ITEMS,
        [
            Row({"requirements": 4, "cost": None}, {"sex": "L"}, {"q1": "a", "q2": ["a", "b"]}),
            Row({"requirements": 3, "facilities": 3}, {"sex": "L"}, {"q1": TEXT, "q2": ["b", "b"]}),
            Row({"cost": None}, {"sex": "P"}, {"q1": "a"}),  # nothing answered: left out whole
        ],
    )
    assert tally.n == 2
    assert tally.counts == {"requirements": {4: 1, 3: 1}, "facilities": {3: 1}}
    assert (tally.answered("requirements"), tally.total("requirements")) == (2, 7)
    assert (tally.answered("cost"), tally.total("cost")) == (0, 0)
    assert tally.profile == {"sex": {"L": 2}}
    assert tally.extra == {"q1": {"a": 1, TEXT: 1}, "q2": {"a": 1, "b": 2}}
    # u = (a_r, a_c, a_f, x_r, x_c, x_f): (1,0,0,4,0,0) and (1,0,1,3,0,3)
    assert tally.gram == (
        *(2, 0, 1, 7, 0, 3),
        *(0, 0, 0, 0, 0),
        *(1, 3, 0, 3),
        *(25, 0, 9),
        *(0, 0),
        9,
    )  # fmt: skip


def test_nine_items_make_171_integers() -> None:
    assert len(Tally.zero([f"e{number}" for number in range(9)]).gram) == 171


def test_products_of_large_values_are_exact() -> None:
    """This one squared is odd and above 2 ** 53: no float holds it."""
    tally = tally_of_rows(ITEMS, [Row({"requirements": 94_906_267}), Row({"cost": 4})])
    assert tally.gram[gram.place(3, 3, 3)] == 9_007_199_515_875_289


def test_other_items_are_refused() -> None:
    with pytest.raises(ValueError, match="different items cannot be added or subtracted"):
        Tally.zero(ITEMS) + Tally.zero(["other"])
    with pytest.raises(ValueError, match="requirements, cost, facilities against other"):
        Tally.zero(ITEMS) - Tally.zero(["other"])
    with pytest.raises(ValueError, match="answers u8, which is not among the items"):
        tally_of_rows(ITEMS, [Row({"u8": 3})])


@pytest.mark.parametrize("value", [0, -1, 3.0, True, "3"])
def test_what_is_no_value_is_refused(value: int) -> None:
    with pytest.raises((ValueError, TypeError)):
        tally_of_rows(ITEMS, [Row({"cost": value})])
