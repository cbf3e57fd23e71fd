"""The Gram matrix of responses, Σ u uᵀ: how many answered each pair of items and what their values
and products add up to. Kept as its upper triangle row by row, in whole numbers.

u = (a_1..a_k, x_1..x_k) of one response to k items: a_e is 1 where item e was answered, else 0,
and x_e the value given, 0 where none was.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations_with_replacement, starmap
from operator import mul


def size(items: int) -> int:
    """How many cells the triangle of so many items has."""
    return items * (2 * items + 1)


@cache
def place(items: int, p: int, q: int) -> int:
    """Where the triangle keeps Σ u_p u_q, p <= q."""
    return p * 2 * items - p * (p - 1) // 2 + q - p


def products(u: Sequence[int]) -> Iterable[int]:
    """u_p u_q for p <= q, row by row: the order in which the triangle is kept."""
    return starmap(mul, combinations_with_replacement(u, 2))


def diagonal(gram: Sequence[int], items: int) -> list[int]:
    """The cells of u_p u_p."""
    return [gram[place(items, p, p)] for p in range(2 * items)]


def only(gram: Sequence[int], known: Sequence[bool]) -> tuple[int, ...]:
    """The triangle with 0 for every u_p that is not known."""
    return tuple(map(mul, gram, products(known)))
