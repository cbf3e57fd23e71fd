"""The Merkle tree over a period's receipts: one hash that stands for all, and a short proof of one.

Theory (RFC 6962, 2.1). The hash of a tree of leaf hashes is the leaf itself for one leaf, and
SHA-256(0x01 ‖ left ‖ right) for more, where the left tree holds the largest power of two smaller
than their number. Level by level this is: join neighbours, and carry an odd last one up as it is.
An audit path holds the sister on each level, where there is one; with leaf, place and number of
leaves it leads to the root, and no other leaf can be made to. Leaves come as hashes already
(`storage.answers.receipts.leaf`, prefix 0x00, so that no node passes for a leaf).

The leaves of a sheet are sorted: order then tells nothing of who answered when, and any list of
them gives the same root.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Proof:
    """That a leaf is in a tree: its place (from 0), the number of leaves, its sisters upwards.

    A root does not hold its number of leaves: whoever checks a proof takes `size` from the sheet.
    """

    index: int
    size: int
    path: tuple[bytes, ...]


def sheet_root(leaves: Iterable[bytes]) -> bytes:
    """The root over the leaf hashes of a sheet, sorted. ValueError: a leaf twice, or no hash."""
    return root(_sheet(leaves))


def sheet_proof(leaves: Iterable[bytes], leaf: bytes) -> Proof | None:
    """The proof that a leaf is in the sheet; None if it is not. ValueError as `sheet_root`."""
    ordered = _sheet(leaves)
    index = bisect_left(ordered, leaf)
    if ordered[index : index + 1] != [leaf]:
        return None
    return Proof(index, len(ordered), audit_path(ordered, index))


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of the leaf hashes in the order given; of none: SHA-256 of nothing."""
    level = leaves
    while len(level) > 1:
        level = _joined(level)
    return level[0] if level else EMPTY_ROOT


def audit_path(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The sisters of the leaf at `index`, from its own level up to below the root."""
    level, path = leaves, []
    while len(level) > 1:
        sister = index ^ 1
        if sister < len(level):
            path.append(level[sister])
        level, index = _joined(level), index // 2
    return tuple(path)


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _joined(level: Sequence[bytes]) -> list[bytes]:
    pairs = zip(level[::2], level[1::2], strict=False)
    return [node(left, right) for left, right in pairs] + list(level[len(level) & ~1 :])


def _sheet(leaves: Iterable[bytes]) -> list[bytes]:
    ordered = sorted(leaves)
    for leaf in ordered:
        if len(leaf) != HASH_BYTES:
            raise ValueError(f"A leaf has {len(leaf)} bytes; give SHA-256 hashes, 32 bytes each.")
    for leaf, following in pairwise(ordered):
        # Salts make each leaf its own; one listed twice would stand for two receipts.
        if leaf == following:
            raise ValueError(f"The leaf {leaf.hex()} is listed twice; list each response once.")
    return ordered
