"""What a set of responses adds up to: the sufficient statistics of every figure in a report.

Theory. Let response i have, for each item e, a_e = 1 if it was answered and 0 if not, and x_e the
value given. With u = (a_1..a_k, a_1 x_1..a_k x_k) the sum of u uᵀ over the responses (the Gram
matrix) holds how many answered each pair of items and what their values and products add up to.
Element means, the index, its interval and alpha all follow from it, also where answers are
missing. Everything here is an integer that is added, so tallies form a commutative group: any
split of the responses, in any order, gives the same tally, and what was added can be taken away.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import starmap
from operator import add, mul, sub
from types import NoneType
from typing import Any, Generic, TypeVar

import numpy as np

from reports.statistics import gram
from reports.statistics.gram import BooleanArray, IntegerArray, grams_of

TEXT = "text"
"""The choice under which free texts of an extra question are counted; a tally keeps no words."""

ANSWERED = "answered"
"""The choice under which those are counted who took any of several choices."""

Choice = TypeVar("Choice", bound=Hashable)
Key = TypeVar("Key", bound=Hashable)
Name = TypeVar("Name")
Said = tuple[str, str, str]
"""Part of a tally, question, choice."""

PROFILE, EXTRA = "profile", "extra"


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


@dataclass(frozen=True, slots=True)
class Many:
    """Many responses in groups 0, 1, …, of which many say the same: each different thing once, and
    of each response where that stands. `beside`: profile and extra questions, as in `Row`;
    `group`: of each response its group, in rising order."""

    answers: Sequence[Mapping[str, int | None]]
    answer: IntegerArray
    beside: Sequence[tuple[Mapping[str, str], Mapping[str, str | list[str]]]]
    beside_of: IntegerArray
    group: IntegerArray
    groups: int


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
    def zero(cls, items: Sequence[str]) -> "Tally":
        return cls(tuple(items), 0, {}, (0,) * gram.size(len(items)), {}, {})

    @classmethod
    def of(cls, items: Sequence[str], rows: Iterable[Row], lowest: int = 1) -> "Tally":
        """Count the rows. ValueError: an item not among `items`, or a value that is no whole
        number from `lowest` up. 0 is never "not answered" (None is): it is a value of instruments
        that begin there, and a fault in all others."""
        return cls.of_each(items, {"": [*rows]}, lowest)[""]

    @classmethod
    def of_each(
        cls, items: Sequence[str], groups: Mapping[Key, Sequence[Row]], lowest: int = 1
    ) -> "dict[Key, Tally]":
        """The tally of each group of rows, quicker than one by one. ValueError as for `of`."""
        rows = [row for group in groups.values() for row in group]
        each = np.arange(len(rows))
        group = np.repeat(np.arange(len(groups)), [len(rows) for rows in groups.values()])
        answers, beside = [row.answers for row in rows], [(row.profile, row.extra) for row in rows]
        many = Many(answers, each, beside, each, group, len(groups))
        return dict(zip(groups, Sums.of(items, many, lowest).tallies(), strict=True))

    @classmethod
    def together(cls, items: Sequence[str], tallies: "Iterable[Tally]") -> "Tally":
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

    def squares(self, item: str) -> int:
        """The sum of the squares of the values given to the item."""
        k, place = len(self.items), self.items.index(item)
        return self.gram[gram.place(k, k + place, k + place)]

    def only(self, items: Iterable[str]) -> "Tally":
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

    def __add__(self, other: "Tally") -> "Tally":
        return self._combined(other, 1)

    def __sub__(self, other: "Tally") -> "Tally":
        """Exact also where `other` is not contained in this one: counts may become negative."""
        return self._combined(other, -1)

    def _check_items(self, other: "Tally") -> None:
        if self.items != other.items:
            raise ValueError(
                "Two tallies of different items cannot be added or subtracted: "
                f"{', '.join(self.items)} against {', '.join(other.items)}. "
                "Tally each instrument by itself."
            )

    def _combined(self, other: "Tally", sign: int) -> "Tally":
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
    items: Sequence[str], rows: Sequence[Mapping[str, int | None]], lowest: int
) -> tuple[IntegerArray, BooleanArray]:
    """Rows × items: the values, 0 where there is none, and whether there is one."""
    known = frozenset(items)
    for row in rows:
        if not row.keys() <= known:
            raise ValueError(_unknown(row.keys() - known, items))
    given = [value for row in rows for value in map(row.get, items)]
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


@dataclass(frozen=True, slots=True)
class _Times(Generic[Name]):
    """How often names were said: of each group and name that were, in their order, how often."""

    names: Sequence[Name]
    group: IntegerArray
    place: IntegerArray
    times: IntegerArray

    @classmethod
    def of(cls, names: Sequence[Name], keys: IntegerArray, times: Any = None) -> "_Times[Name]":
        """`keys`: of each that was said its place in groups × names, row by row."""
        if not len(keys):
            return cls(names, keys, keys, keys)
        if keys.max() <= 10 * len(keys):
            found = np.bincount(keys, times).astype(np.int64)
            there = np.flatnonzero(found)
            return cls(names, *np.divmod(there, len(names)), found[there])
        # A table of all would be nearly empty.
        there, at = np.unique(keys, return_inverse=True)
        return cls(names, *np.divmod(there, len(names)), np.bincount(at, times).astype(np.int64))

    def together(self, of: IntegerArray) -> "_Times[Name]":
        """`of`: of each group which other it is a part of."""
        return self.of(self.names, of[self.group] * len(self.names) + self.place, self.times)

    def __iter__(self) -> Iterator[tuple[int, Name, int]]:
        columns = (each.tolist() for each in (self.group, self.place, self.times))
        return ((group, self.names[at], n) for group, at, n in zip(*columns, strict=True))


@dataclass(frozen=True, slots=True)
class Sums:
    """What groups of responses add up to, as arrays: groups, and groups × the triangle."""

    items: tuple[str, ...]
    n: IntegerArray
    squares: IntegerArray
    answers: _Times[tuple[str, int]]
    beside: _Times[Said]

    @classmethod
    def of(cls, items: Sequence[str], many: Many, lowest: int = 1) -> "Sums":
        """ValueError as for `Tally.of`."""
        items, group = tuple(items), many.group
        of_each = _values(items, many.answers, lowest)
        values, answered = of_each[0][many.answer], of_each[1][many.answer]
        is_counted: BooleanArray = np.logical_or.reduce(answered, axis=1)
        n = np.bincount(group, weights=is_counted, minlength=many.groups).astype(np.int64)
        squares = grams_of(values, answered, group, many.groups)
        chosen = list(starmap(_chosen, many.beside))
        beside = _said(chosen, many.beside_of[is_counted], group[is_counted])
        return cls(items, n, squares, _answers(items, *of_each, many.answer, group), beside)

    def together(self, of: IntegerArray) -> "Sums":
        """What groups add up to; `of`: of each group which other, from 0 on, it is a part of."""
        order = np.argsort(of, kind="stable")
        starts = np.flatnonzero(np.diff(of[order], prepend=-1))
        n, squares = (np.add.reduceat(each[order], starts) for each in (self.n, self.squares))
        return Sums(self.items, n, squares, self.answers.together(of), self.beside.together(of))

    def tallies(self) -> list[Tally]:
        counts: list[dict[str, dict[int, int]]] = [{} for _ in self.n]
        for of, (item, value), n in self.answers:
            counts[of].setdefault(item, {})[value] = n
        parts: list[dict[str, dict[str, dict[str, int]]]] = [{} for _ in self.n]
        for of, (part, question, choice), n in self.beside:
            parts[of].setdefault(part, {}).setdefault(question, {})[choice] = n
        numbers = zip(self.n.tolist(), map(tuple, self.squares.tolist()), strict=True)
        return [
            Tally(self.items, n, given, gram, more.get(PROFILE, {}), more.get(EXTRA, {}))
            for (n, gram), given, more in zip(numbers, counts, parts, strict=True)
        ]


def _answers(
    items: Sequence[str],
    values: IntegerArray,
    answered: BooleanArray,
    which: IntegerArray,
    group: IntegerArray,
) -> _Times[tuple[str, int]]:
    """Of items their values. `which`: of each response where its answers stand; `group`: its
    group."""
    known, place = np.unique(values, return_inverse=True)
    names = [(item, value) for item in sorted(items) for value in known.tolist()]
    keys = place.reshape(values.shape) + np.argsort(np.argsort(items)) * len(known)
    keys = (keys[which] + group[:, np.newaxis] * len(names))[answered[which]]
    return _Times.of(names, keys)


def _said(
    said: Sequence[Collection[Said]], which: IntegerArray, group: IntegerArray
) -> _Times[Said]:
    """`which`: of each response what it says; `group`: its group."""
    names = sorted({each for of in said for each in of})
    places = {each: place for place, each in enumerate(names)}
    found = [[places[each] for each in of] for of in said]
    lengths = np.array([len(of) for of in found], np.int64)
    starts = np.cumsum(lengths) - lengths
    # Of each response, one after the other, the places of all that it says.
    number = lengths[which]
    within = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    flat = np.array([place for of in found for place in of], np.int64)
    keys = np.repeat(group, number) * len(names) + flat[np.repeat(starts[which], number) + within]
    return _Times.of(names, keys)


def _chosen(profile: Mapping[str, str], extra: Mapping[str, str | list[str]]) -> list[Said]:
    chosen = [
        (EXTRA, question, choice)
        for question, given in extra.items()
        for choice in ({given} if isinstance(given, str) else set(given))
    ]
    return [*((PROFILE, question, choice) for question, choice in profile.items()), *chosen]


def _not_a_value(item: str, value: object, lowest: int) -> str:
    return f"Item {item} has the value {value!r}; give {lowest} or more, or None."


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


def _unknown(found: Iterable[str], items: Sequence[str]) -> str:
    return (
        f"A response answers {', '.join(sorted(found))}, which is not among the items "
        f"{', '.join(items)}. Tally it with the items of its own instrument."
    )
