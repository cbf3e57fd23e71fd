"""What a set of responses adds up to: the sufficient statistics of every figure in a report.

Theory. Let response i have, for each item e, a_e = 1 if it was answered and 0 if not, and x_e the
value given. With u = (a_1..a_k, a_1 x_1..a_k x_k) the sum of u uᵀ over the responses (the Gram
matrix) holds how many answered each pair of items and what their values and products add up to.
Element means, the index, its interval and alpha all follow from it, also where answers are
missing. Everything here is an integer that is added, so tallies form a commutative group: any
split of the responses, in any order, gives the same tally, and what was added can be taken away.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add, mul, sub
from types import NoneType
from typing import Any, TypeVar

import numpy as np

from reports.statistics import gram
from reports.statistics.gram import BooleanArray, IntegerArray, add_by, grams_of

TEXT = "text"
"""The choice under which free texts of an extra question are counted; a tally keeps no words."""

ANSWERED = "answered"
"""The choice under which those are counted who took any of several choices."""

Choice = TypeVar("Choice", bound=Hashable)
Key = TypeVar("Key", bound=Hashable)
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Row:
    """One response, as far as it is counted.

    `answers`: item → value, None or absent where it was not answered. `profile`: band question →
    choice. `extra`: extra question → choice (of numbers: its digits),
    list of choices and `ANSWERED`, or `TEXT` in place of written words.
    """

    answers: Mapping[str, int | None]
    profile: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Tally:
    """A value: equal tallies are equal figures. No count of zero is ever kept in a mapping.

    `n`: responses with at least one answered item; other responses leave no trace here at all.
    `counts`: item → value → how many. `profile`, `extra`: question → choice → how many.
    `gram`: the upper triangle of Σ u uᵀ row by row, 2k(2k+1)/2 integers for k items.
    """

    items: tuple[str, ...]
    n: int
    counts: Mapping[str, Mapping[int, int]]
    gram: tuple[int, ...]
    profile: Mapping[str, Mapping[str, int]]
    extra: Mapping[str, Mapping[str, int]]

    @classmethod
    def zero(cls, items: Sequence[str]) -> Tally:
        return cls(tuple(items), 0, {}, (0,) * gram.size(len(items)), {}, {})

    @classmethod
    def of(cls, items: Sequence[str], rows: Iterable[Row], lowest: int = 1) -> Tally:
        """Count the rows. ValueError: an item not among `items`, or a value that is no whole
        number from `lowest` up. 0 is never "not answered" (None is): it is a value of instruments
        that begin there, and a fault in all others."""
        return cls.of_each(items, {"": [*rows]}, lowest)[""]

    @classmethod
    def of_each(
        cls, items: Sequence[str], groups: Mapping[Key, Sequence[Row]], lowest: int = 1
    ) -> dict[Key, Tally]:
        """The tally of each group of rows, quicker than one by one. ValueError as for `of`."""
        items, rows = tuple(items), [row for group in groups.values() for row in group]
        values, answered = _values(items, rows, lowest)
        group = np.repeat(np.arange(len(groups)), [len(rows) for rows in groups.values()])
        is_counted: BooleanArray = np.logical_or.reduce(answered, axis=1)
        n = np.bincount(group, weights=is_counted, minlength=len(groups)).astype(np.int64).tolist()
        squares = grams_of(values, answered, group, len(groups)).tolist()
        counts = _value_counts(items, values, answered, group, len(groups))
        beside = _beside(groups.values(), is_counted)
        parts = zip(groups, n, counts, squares, beside, strict=True)
        return {
            key: cls(items, number, values, tuple(gram), *more)
            for key, number, values, gram, more in parts
        }

    @classmethod
    def together(cls, items: Sequence[str], tallies: Iterable[Tally]) -> Tally:
        """What many tallies add up to, quicker than one by one. ValueError as for `+`."""
        zero = cls.zero(items)
        n, squares = 0, list(zero.gram)
        counts: dict[str, dict[int, int]] = {}
        profile: dict[str, dict[str, int]] = {}
        extra: dict[str, dict[str, int]] = {}
        for tally in tallies:
            zero._check_items(tally)
            n += tally.n
            squares = list(map(add, squares, tally.gram))
            _add_all(counts, tally.counts)
            _add_all(profile, tally.profile)
            _add_all(extra, tally.extra)
        each = (_without_zeros(counts), tuple(squares), _without_zeros(profile))
        return cls(zero.items, n, *each, _without_zeros(extra))

    def answered(self, item: str) -> int:
        """How many answered the item."""
        place = self.items.index(item)
        return self.gram[gram.place(len(self.items), place, place)]

    def total(self, item: str) -> int:
        """The sum of the values given to the item."""
        place = self.items.index(item)
        return self.gram[gram.place(len(self.items), place, len(self.items) + place)]

    def only(self, items: Iterable[str]) -> Tally:
        """The answers to these items, as if nobody had answered the others; `n` stays, and what
        stands beside the answers."""
        kept = frozenset(items)
        if kept.issuperset(self.items):
            return self
        known = [item in kept for item in self.items] * 2
        squares = gram.only(self.gram, known)
        counts = {item: of for item, of in self.counts.items() if item in kept}
        return Tally(self.items, self.n, counts, squares, self.profile, self.extra)

    def sum_of_squares(self, c: Sequence[int]) -> int:
        """Σ (c · u)² over the responses, for 2k integers c: the quadratic form of the Gram."""
        diagonal = gram.diagonal(self.gram, len(self.items))
        triangle: int = sum(map(mul, self.gram, gram.products(c)))
        squares: int = sum(map(mul, diagonal, (p * p for p in c)))
        return 2 * triangle - squares

    def __add__(self, other: Tally) -> Tally:
        return self._combined(other, 1)

    def __sub__(self, other: Tally) -> Tally:
        """Exact also where `other` is not contained in this one: counts may become negative."""
        return self._combined(other, -1)

    def to_json(self) -> dict[str, Any]:
        """Plain data for `json`; equal tallies give equal texts."""
        return {
            "items": list(self.items),
            "n": self.n,
            "counts": {
                item: {str(value): times for value, times in sorted(self.counts[item].items())}
                for item in sorted(self.counts)
            },
            "gram": list(self.gram),
            "profile": _sorted(self.profile),
            "extra": _sorted(self.extra),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Tally:
        """Exactly the tally that `to_json` was called on."""
        counts = {
            item: {int(value): times for value, times in values.items()}
            for item, values in data["counts"].items()
        }
        squares = tuple(data["gram"])
        return cls(tuple(data["items"]), data["n"], counts, squares, data["profile"], data["extra"])

    def _check_items(self, other: Tally) -> None:
        if self.items != other.items:
            raise ValueError(
                "Two tallies of different items cannot be added or subtracted: "
                f"{', '.join(self.items)} against {', '.join(other.items)}. "
                "Tally each instrument by itself."
            )

    def _combined(self, other: Tally, sign: int) -> Tally:
        self._check_items(other)
        return Tally(
            self.items,
            self.n + sign * other.n,
            _counts_combined(self.counts, other.counts, sign),
            tuple(map(add if sign > 0 else sub, self.gram, other.gram)),
            _counts_combined(self.profile, other.profile, sign),
            _counts_combined(self.extra, other.extra, sign),
        )


def _values(
    items: Sequence[str], rows: Sequence[Row], lowest: int
) -> tuple[IntegerArray, BooleanArray]:
    """Rows × items: the values, 0 where there is none, and whether there is one."""
    known = frozenset(items)
    for row in rows:
        if not row.answers.keys() <= known:
            raise ValueError(_unknown(row.answers.keys() - known, items))
    given = [value for row in rows for value in map(row.answers.get, items)]
    if set(map(type, given)) <= {int, NoneType}:
        answered = np.array([value is not None for value in given], bool)
        values = np.array([value or 0 for value in given], np.int64)
        if not (values[answered] < lowest).any():
            shape = len(rows), len(items)
            return values.reshape(shape), answered.reshape(shape)
    wrong = next(
        place for place, value in enumerate(given)
        if value is not None and (type(value) is not int or value < lowest)
    )  # fmt: skip
    raise ValueError(_not_a_value(items[wrong % len(items)], given[wrong], lowest))


def _value_counts(
    items: Sequence[str],
    values: IntegerArray,
    answered: BooleanArray,
    group: IntegerArray,
    groups: int,
) -> list[dict[str, dict[int, int]]]:
    """Of each group: item → value → how many."""
    counts: list[dict[str, dict[int, int]]] = [{} for _ in range(groups)]
    for value in np.unique(values[answered]).tolist():
        times = np.zeros((groups, len(items)), np.int64)
        add_by(times, (values == value) & answered, group)
        for place, item in zip(*(each.tolist() for each in times.nonzero()), strict=True):
            counts[place].setdefault(items[item], {})[value] = int(times[place, item])
    return counts


def _beside(
    groups: Iterable[Sequence[Row]], is_counted: BooleanArray
) -> Iterator[tuple[Counts, Counts]]:
    """Of each group: how often each choice of the profile and of the extra questions was taken."""
    counted = iter(is_counted.tolist())
    for rows in groups:
        profile: dict[str, dict[str, int]] = {}
        extra: dict[str, dict[str, int]] = {}
        for row in rows:
            if next(counted):
                for question, choice in row.profile.items():
                    _count(profile, question, choice)
                for question, choice in _chosen(row.extra):
                    _count(extra, question, choice)
        yield profile, extra


def _count(counts: dict[str, dict[str, int]], question: str, choice: str) -> None:
    of_question = counts.setdefault(question, {})
    of_question[choice] = of_question.get(choice, 0) + 1


def _not_a_value(item: str, value: object, lowest: int) -> str:
    return f"Item {item} has the value {value!r}; give {lowest} or more, or None."


def _chosen(extra: Mapping[str, str | list[str]]) -> Iterable[tuple[str, str]]:
    for question, given in extra.items():
        for choice in {given} if isinstance(given, str) else set(given):
            yield question, choice


def _counts_combined(
    left: Mapping[str, Mapping[Choice, int]], right: Mapping[str, Mapping[Choice, int]], sign: int
) -> dict[str, dict[Choice, int]]:
    sums = {question: dict(choices) for question, choices in left.items()}
    _add_all(sums, right, sign)
    return _without_zeros(sums)


def _add_all(
    sums: dict[str, dict[Choice, int]], more: Mapping[str, Mapping[Choice, int]], sign: int = 1
) -> None:
    for question, choices in more.items():
        of_question = sums.setdefault(question, {})
        for choice, times in choices.items():
            of_question[choice] = of_question.get(choice, 0) + sign * times


def _without_zeros(counts: Mapping[str, Mapping[Choice, int]]) -> dict[str, dict[Choice, int]]:
    kept = {q: {c: times for c, times in choices.items() if times} for q, choices in counts.items()}
    return {question: choices for question, choices in kept.items() if choices}


def _sorted(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {question: dict(sorted(counts[question].items())) for question in sorted(counts)}


def _unknown(found: Iterable[str], items: Sequence[str]) -> str:
    return (
        f"A response answers {', '.join(sorted(found))}, which is not among the items "
        f"{', '.join(items)}. Tally it with the items of its own instrument."
    )
