"""The Gram matrix of responses, Σ u uᵀ: how many answered each pair of items and what their values
and products add up to. Kept as its upper triangle row by row, in whole numbers.

u = (a_1..a_k, x_1..x_k) of one response to k items: a_e is 1 where item e was answered, else 0,
and x_e the value given, 0 where none was.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations_with_replacement, starmap
from operator import mul

import numpy as np
from numpy.typing import NDArray

IntegerArray = NDArray[np.int64]
BooleanArray = NDArray[np.bool_]

_SMALL = 10_000  # of such values ninety million products add up to less than 2 ** 53


def size(items: int) -> int:
    """How many cells the triangle of so many items has."""
    return items * (2 * items + 1)


@cache
def place(items: int, p: int, q: int) -> int:
    """Where the triangle keeps Σ u_p u_q, p <= q."""
    return p * 2 * items - p * (p - 1) // 2 + q - p


@cache
def _triangle(items: int) -> tuple[IntegerArray, IntegerArray]:
    return np.triu_indices(2 * items)


@cache
def full(items: int) -> IntegerArray:
    """Where the triangle keeps each cell of the whole matrix, 2k × 2k."""
    u = range(2 * items)
    return np.array([[place(items, min(p, q), max(p, q)) for q in u] for p in u])


def products(u: Sequence[int]) -> Iterable[int]:
    """u_p u_q for p <= q, row by row: the order in which the triangle is kept."""
    return starmap(mul, combinations_with_replacement(u, 2))


def diagonal(gram: Sequence[int], items: int) -> list[int]:
    """The cells of u_p u_p."""
    return [gram[place(items, p, p)] for p in range(2 * items)]


def only(gram: Sequence[int], known: Sequence[bool]) -> tuple[int, ...]:
    """The triangle with 0 for every u_p that is not known."""
    return tuple(map(mul, gram, products(known)))


def grams_of(
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
