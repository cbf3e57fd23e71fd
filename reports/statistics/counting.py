"""Many responses counted at once, in arrays, into `reports.statistics.tally.Tally`s.

Whoever only reads tallies and adds them up does without NumPy, which is slow to import.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import starmap
from types import NoneType
from typing import Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from reports.statistics.tally import Row, Tally

IntegerArray = NDArray[np.int64]
BooleanArray = NDArray[np.bool_]

_SMALL = 10_000  # of such values ninety million products add up to less than 2 ** 53


Key = TypeVar("Key", bound=Hashable)
Name = TypeVar("Name")
Said = tuple[str, str, str]
"""Part of a tally, question, choice."""

PROFILE, EXTRA = "profile", "extra"


def tally_of_rows(items: Sequence[str], rows: Iterable[Row], lowest: int = 1) -> Tally:
    """Count the rows. ValueError: an item not among `items`, or a value that is no whole
    number from `lowest` up. 0 is never "not answered" (None is): it is a value of instruments
    that begin there, and a fault in all others."""
    return tallies_of_rows(items, {"": [*rows]}, lowest)[""]


def tallies_of_rows(
    items: Sequence[str], groups: Mapping[Key, Sequence[Row]], lowest: int = 1
) -> dict[Key, Tally]:
    """The tally of each group of rows, quicker than one by one. ValueErrors likewise."""
    rows = [row for group in groups.values() for row in group]
    each = np.arange(len(rows))
    group = np.repeat(np.arange(len(groups)), [len(rows) for rows in groups.values()])
    answers, beside = [row.answers for row in rows], [(row.profile, row.extra) for row in rows]
    many = Many(answers, each, beside, each, group, len(groups))
    return dict(zip(groups, Sums.of(items, many, lowest).tallies(), strict=True))


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

    def of_each(self, groups: int) -> Callable[[int], Iterable[tuple[Name, int]]]:
        """From a group to the names that were said in it, and how often."""
        ends = np.searchsorted(self.group, np.arange(groups + 1)).tolist()
        names, places, times = self.names, self.place.tolist(), self.times.tolist()

        def said(group: int) -> Iterable[tuple[Name, int]]:
            these = slice(ends[group], ends[group + 1])
            return zip(map(names.__getitem__, places[these]), times[these], strict=True)

        return said


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
        """ValueError as for `tally_of_rows`."""
        items, group = tuple(items), many.group
        of_each = _values(items, many.answers, lowest)
        values, answered = of_each[0][many.answer], of_each[1][many.answer]
        is_counted: BooleanArray = np.logical_or.reduce(answered, axis=1)
        n = np.bincount(group, weights=is_counted, minlength=many.groups).astype(np.int64)
        squares = _grams(values, answered, group, many.groups)
        chosen = list(starmap(_chosen, many.beside))
        beside = _said(chosen, many.beside_of[is_counted], group[is_counted])
        return cls(items, n, squares, _answers(items, *of_each, many.answer, group), beside)

    def together(self, of: IntegerArray) -> "Sums":
        """What groups add up to; `of`: of each group which other, from 0 on, it is a part of."""
        order = np.argsort(of, kind="stable")
        starts = np.flatnonzero(np.diff(of[order], prepend=-1))
        n, squares = (np.add.reduceat(each[order], starts) for each in (self.n, self.squares))
        return Sums(self.items, n, squares, self.answers.together(of), self.beside.together(of))

    def tallies(self) -> "Tallies":
        return Tallies(self)


class Tallies(Sequence[Tally]):
    """Those of groups, each made when it is asked for: thousands that wait, a dozen objects each,
    would take Python's garbage collector longer to look through than they took to be made."""

    def __init__(self, sums: Sums) -> None:
        self._items, self._n, self._squares = sums.items, sums.n.tolist(), sums.squares
        self._answers = sums.answers.of_each(len(self._n))
        self._beside = sums.beside.of_each(len(self._n))

    def __len__(self) -> int:
        return len(self._n)

    @overload
    def __getitem__(self, group: int) -> Tally: ...
    @overload
    def __getitem__(self, group: slice) -> Sequence[Tally]: ...
    def __getitem__(self, group: int | slice) -> Tally | Sequence[Tally]:
        if isinstance(group, slice):
            return [self[each] for each in range(*group.indices(len(self)))]
        counts: dict[str, dict[int, int]] = {}
        for (item, value), n in self._answers(group):
            if item in counts:
                counts[item][value] = n
            else:
                counts[item] = {value: n}
        beside: dict[str, dict[str, dict[str, int]]] = {PROFILE: {}, EXTRA: {}}
        for (part, question, choice), n in self._beside(group):
            of = beside[part]
            if question in of:
                of[question][choice] = n
            else:
                of[question] = {choice: n}
        gram = tuple(self._squares[group].tolist())
        return Tally(self._items, self._n[group], counts, gram, beside[PROFILE], beside[EXTRA])


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


def _unknown(found: Iterable[str], items: Sequence[str]) -> str:
    return (
        f"A response answers {', '.join(sorted(found))}, which is not among the items "
        f"{', '.join(items)}. Tally it with the items of its own instrument."
    )


def _grams(
    values: IntegerArray, answered: BooleanArray, group: IntegerArray, groups: int
) -> IntegerArray:
    """The triangle of each group, groups × cells. `values`, `answered`: responses × items, 0 where
    none was answered; `group` of each response, in rising order."""
    u = np.hstack([answered, values])
    if values.max(initial=0) < _SMALL:
        u = u.astype(float)  # exact below 2 ** 53, and many times as quick
    left, right = _triangle(values.shape[1])
    sums = np.zeros((groups, len(left)), np.int64)
    sizes = np.bincount(group, minlength=groups)
    starts = np.cumsum(sizes) - sizes
    for size in np.unique(sizes):  # groups of one size are one product
        these = np.flatnonzero(sizes == size)
        of = u[starts[these, np.newaxis] + np.arange(size)]
        sums[these] = (of.transpose(0, 2, 1) @ of)[:, left, right]
    return sums


@cache
def _triangle(items: int) -> tuple[IntegerArray, IntegerArray]:
    return np.triu_indices(2 * items)
