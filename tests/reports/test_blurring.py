"""Who knows somebody finds at least 5 rows that could be theirs, whatever the rows."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from reports.blurring import blurred
from reports.disclosure import enough


@dataclass(frozen=True)
class Row:
    number: int
    source: str
    texts: tuple[str, ...]


COLUMNS = [lambda row, at=at: row.texts[at] for at in range(3)]


def rows_of(*groups: tuple[int, str, tuple[str, ...]]) -> list[Row]:
    """So many rows of that source with these texts."""
    each = [(source, texts) for times, source, texts in groups for _ in range(times)]
    return [Row(number, source, texts) for number, (source, texts) in enumerate(each)]


def shown(rows: list[Row]) -> Counter[tuple[str, ...]]:
    return Counter(texts for _, texts in blurred(rows, COLUMNS))


def test_a_small_value_hides_and_takes_the_smallest_with_it() -> None:
    """3 rows of C cannot hide among themselves: B joins, being smaller than A."""
    rows = rows_of(
        (9, "chat", ("A", "", "")), (6, "chat", ("B", "", "")), (3, "chat", ("C", "", ""))
    )
    assert shown(rows) == {("A", "", ""): 9, ("", "", ""): 9}


def test_small_values_that_are_enough_together_leave_the_others_alone() -> None:
    rows = rows_of(
        (5, "chat", ("A", "", "")), (3, "chat", ("B", "", "")), (2, "chat", ("C", "", ""))
    )
    assert shown(rows) == {("A", "", ""): 5, ("", "", ""): 5}


def test_a_column_is_told_within_what_is_written_before_it() -> None:
    """5 women and 5 men of A; of B 5 women and 1 man: there the sex is hidden."""
    rows = rows_of(
        (5, "chat", ("A", "f", "")),
        (5, "chat", ("A", "m", "")),
        (5, "chat", ("B", "f", "")),
        (1, "chat", ("B", "m", "")),
    )
    assert shown(rows) == {("A", "f", ""): 5, ("A", "m", ""): 5, ("B", "", ""): 6}


def test_rows_that_somebody_keyed_in_hide_nobody_from_them() -> None:
    few = rows_of((4, "chat", ("A", "", "")), (40, "imported", ("A", "", "")))
    assert not enough(few)
    assert enough(rows_of((40, "imported", ("A", "", ""))))
    rows = [*few, *rows_of((6, "chat", ("B", "", "")))]
    assert shown(rows) == {("", "", ""): 50}


text = st.sampled_from(["", "a", "b", "c"])
some_rows = st.lists(
    st.builds(
        Row,
        number=st.integers(),
        source=st.sampled_from(["chat", "chat", "imported", "assisted"]),
        texts=st.tuples(text, text, text),
    ),
    max_size=80,
).filter(enough)


@given(some_rows)
def test_all_that_looks_alike_is_enough_and_nothing_is_lost(rows: list[Row]) -> None:
    found = list(blurred(rows, COLUMNS))
    assert Counter(row for row, _ in found) == Counter(rows)
    alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row, texts in found:
        assert all(written in (true, "") for written, true in zip(texts, row.texts, strict=True))
        alike[texts].append(row)
    for together in alike.values():
        assert len(together) >= 5
        assert sum(row.source == "chat" for row in together) not in range(1, 5)


@given(some_rows, st.integers())
def test_the_order_of_rows_changes_nothing(rows: list[Row], seed: int) -> None:
    shuffled = Random(seed).sample(rows, len(rows))
    assert Counter(blurred(rows, COLUMNS)) == Counter(blurred(shuffled, COLUMNS))
