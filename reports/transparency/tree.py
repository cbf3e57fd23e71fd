"""The Merkle tree over a log that only grows: its root at any size, that an entry is in it, and
that an older tree is the beginning of a newer one.

Theory (RFC 6962, 2.1; RFC 9162, 2.1.4). The left part of a tree is complete: it holds the largest
power of two of entries smaller than their number. What is complete never changes again, so the
hashes of complete subtrees are kept at heights 8, 16 and 24 (`KEPT`): whatever a root or a proof
asks for is joined from fewer than 256 of them on each of these levels, some hundred at ten million
entries. A log is read through one function of height, first and number of subtrees; those of height
0 are the entries' own hashes.
"""

from collections.abc import Callable, Iterator, Sequence

from reports.sheets.merkle import EMPTY_ROOT, node, root

Read = Callable[[int, int, int], Sequence[bytes]]
"""(height, first, number) → the hashes of these complete subtrees, of a height that is kept."""

KEPT = (8, 16, 24)
_STEP = 8


def completed(read: Read, height: int, old: int, new: int) -> Iterator[tuple[int, bytes]]:
    """Number and hash of the subtrees of a kept height that are complete in a log of `new` entries
    and were not at `old`; those of the height before must be readable."""
    for number in range(old >> height, new >> height):
        yield number, root(read(height - _STEP, number << _STEP, 1 << _STEP))


def root_at(read: Read, size: int) -> bytes:
    """The root of the first `size` entries."""
    return _hash(read, 0, size) if size else EMPTY_ROOT


def inclusion(read: Read, index: int, size: int) -> tuple[bytes, ...]:
    """The audit path of an entry (from 0) in the tree of the first `size`, its own level first."""
    if not 0 <= index < size:
        raise ValueError(f"Entry {index} is not among the first {size}.")
    path, first, end = [], 0, size
    while end - first > 1:
        middle = first + _left(end - first)
        if index < middle:
            path.append(_hash(read, middle, end))
            end = middle
        else:
            path.append(_hash(read, first, middle))
            first = middle
    return tuple(reversed(path))


def consistency(read: Read, old: int, new: int) -> tuple[bytes, ...]:
    """That the first `old` entries are the beginning of the first `new`; of none or all: none."""
    if not 0 <= old <= new:
        raise ValueError(f"A log of {new} entries does not begin with {old}.")
    if old in (0, new):
        return ()
    proof, first, end = [], 0, new
    while old != end:
        middle = first + _left(end - first)
        if old <= middle:
            proof.append(_hash(read, middle, end))
            end = middle
        else:
            proof.append(_hash(read, first, middle))
            first = middle
    if first:
        proof.append(_hash(read, first, end))
    return tuple(reversed(proof))


def _left(number: int) -> int:
    """How many entries the left part of so many has."""
    return 1 << (number - 1).bit_length() - 1


def _hash(read: Read, first: int, end: int) -> bytes:
    """Of the entries from `first` to before `end`; `first` is a multiple of the power of two that
    holds as many."""
    number = end - first
    if number & (number - 1):
        middle = first + _left(number)
        return node(_hash(read, first, middle), _hash(read, middle, end))
    height = number.bit_length() - 1
    kept = max(each for each in (0, *KEPT) if each <= height)
    return root(read(kept, first >> kept, number >> kept))
