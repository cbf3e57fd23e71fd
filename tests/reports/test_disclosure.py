"""The release rule: nothing about 1..4 responses, shown or worked out."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import disclosure
from reports.disclosure import LEAST, few, shown_counts, shown_items
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Row, Tally

ITEMS = ("a", "b", "c")


def tally(*answered: int) -> Tally:
    """A tally in which so many answered each item."""
    return tally_of_rows(
        ITEMS,
        [
            Row({item: 3 for item, n in zip(ITEMS, answered, strict=True) if place < n})
            for place in range(max(answered))
        ],
    )


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((20, 10, 5), (20, 10, 5)),
        ((5, 0), (5, 0)),
        ((2, 2), (None, None)),  # 4 answers in all
        ((0, 0), (None, None)),
        ((57, 3), (None, None)),  # 57 of 60 would tell the 3
        ((57, 3, 0), (None, None, 0)),
        ((30, 12, 3), (30, None, None)),
        ((30, 12, 12, 3), (30, None, None, None)),  # a tie: which of the two went would tell
        ((4, 3, 0), (None, None, None)),
    ],
)
def test_small_counts_go_with_the_smallest_large_one(
    counts: tuple[int, ...], shown: tuple[int | None, ...]
) -> None:
    assert shown_counts(counts) == shown


@pytest.mark.parametrize("choices", [2, 3, 4])
def test_nobody_can_tell_a_hidden_count_even_knowing_the_rule_and_the_total(choices: int) -> None:
    """Of all tables up to 18 answers that look alike, each hidden cell has two values or more."""
    look_alike = defaultdict(list)
    for counts in product(range(19), repeat=choices):
        if 0 < sum(counts) <= 18:
            look_alike[sum(counts), shown_counts(counts)].append(counts)
    for (total, shown), tables in look_alike.items():
        assert total >= LEAST or set(shown) == {None}
        for place, count in enumerate(shown):
            values = {table[place] for table in tables}
            assert values == {count} if count is not None else len(values) > 1, (total, shown)


@given(st.lists(st.integers(0, 400), min_size=2, max_size=10))
def test_at_least_two_counts_are_hidden_or_none_and_never_few_answers(counts: list[int]) -> None:
    shown = shown_counts(counts)
    hidden = [count for count, seen in zip(counts, shown, strict=True) if seen is None]
    assert len(hidden) != 1
    assert all(seen is None or seen == 0 or seen >= LEAST for seen in shown)
    assert not hidden or sum(hidden) >= LEAST or sum(counts) < LEAST


def test_items_answered_by_few_are_hidden_and_no_others() -> None:
    assert shown_items(tally(4, 4, 4)) == set()
    assert shown_items(tally(5, 5, 5)) == {"a", "b", "c"}
    assert shown_items(tally(9, 4, 7)) == {"a", "c"}  # the index is taken over these two
    assert shown_items(tally(9, 0, 7)) == {"a", "c"}
    assert shown_items(tally(9, 4, 1)) == {"a"}
    answers = [Row({item: 3}) for item in ITEMS for _ in range(4)]
    assert shown_items(tally_of_rows(ITEMS, answers)) == set()  # 12 responses, 4 for each


def test_of_an_item_few_may_be_from_chats_of_their_own_but_none() -> None:
    assert shown_items(tally(25, 25, 25), tally(6, 4, 0)) == {"a", "c"}
    assert shown_items(tally(25, 25, 25), tally(4, 4, 4)) == set()


def test_only_some_items_are_as_if_the_others_were_never_answered() -> None:
    rows = [{"a": 1, "b": 4, "c": 2}, {"a": 3, "c": 4}, {"b": 2}, {"a": 2, "b": 3}]
    told = tally_of_rows(ITEMS, map(Row, rows)).only(["a", "c"])
    kept = [{i: value for i, value in row.items() if i != "b"} for row in rows]
    plain = tally_of_rows(ITEMS, map(Row, kept))
    assert (told.gram, told.counts) == (plain.gram, plain.counts)
    assert told.n == 4  # who answered b alone is still counted


def test_an_operator_may_ask_for_more_than_five_and_never_for_fewer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disclosure, "_asked_for", LEAST)  # put back afterwards
    disclosure.require(10)
    assert shown_items(tally(10, 9, 10)) == {"a", "c"}
    assert shown_counts((30, 12, 9)) == (30, None, None)
    assert (few(9, 9), few(20, 9), few(10, 10), few(20, 0)) == (True, True, False, False)
    with pytest.raises(ValueError, match="4 answers"):
        disclosure.require(4)
    assert disclosure.least() == 10
