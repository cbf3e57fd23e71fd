"""What a set of responses adds up to: the sufficient statistics of every figure in a report.

Theory. Let response i have, for each item e, a_e = 1 if it was answered and 0 if not, and x_e the
value given. With u = (a_1..a_k, a_1 x_1..a_k x_k) the sum of u uᵀ over the responses (the Gram
matrix) holds how many answered each pair of items and what their values and products add up to.
Element means, the index, its interval and alpha all follow from it, also where answers are
missing. Everything here is an integer that is added, so tallies form a commutative group: any
split of the responses, in any order, gives the same tally, and what was added can be taken away.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add, mul, sub
from typing import TypeVar

from reports.statistics import gram

TEXT = "text"
"""The choice under which free texts of an extra question are counted; a tally keeps no words."""

ANSWERED = "answered"
"""The choice under which those are counted who took any of several choices."""

Choice = TypeVar("Choice", bound=Hashable)


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
    def zero(cls, items: Sequence[str]) -> "Tally":
        return cls(tuple(items), 0, {}, (0,) * gram.size(len(items)), {}, {})

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
