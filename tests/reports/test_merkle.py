"""The tree against Certificate Transparency's reference vectors and RFC 6962's own recursion."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.sheets.merkle import Proof, audit_path, node, root, sheet_proof, sheet_root
from storage.answers import receipts
from tests.support.auditor import INPUTS, ROOTS, proves

# (place from 0, size) → audit path.
PATHS: dict[tuple[int, int], list[str]] = {
    (0, 1): [],
    (0, 2): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"],
    (1, 2): ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}  # fmt: skip
LEAVES = [sha256(b"\x00" + bytes.fromhex(data)).digest() for data in INPUTS]

SHEETS = st.sets(st.binary(min_size=32, max_size=32), min_size=1, max_size=40).map(list)


def by_recursion(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word: split at the largest power of two below n."""
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return sha256(b"\x01" + by_recursion(leaves[:k]) + by_recursion(leaves[k:])).digest()


def path_by_recursion(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if m < k:
        return [*path_by_recursion(m, leaves[:k]), by_recursion(leaves[k:])]
    return [*path_by_recursion(m - k, leaves[k:]), by_recursion(leaves[:k])]


def _split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_reference_tree(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize("place", PATHS)
def test_audit_paths_of_the_reference_tree(place: tuple[int, int]) -> None:
    index, size = place
    path = audit_path(LEAVES[:size], index)
    assert [sister.hex() for sister in path] == PATHS[place]
    assert proves(Proof(index, size, path), LEAVES[index], bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize("size", range(1, 34))
def test_every_proof_of_every_size_verifies_at_its_own_place_only(size: int) -> None:
    leaves = [sha256(bytes([n])).digest() for n in range(size)]
    top = by_recursion(leaves)
    assert root(leaves) == top
    for index, leaf in enumerate(leaves):
        path = audit_path(leaves, index)
        assert list(path) == path_by_recursion(index, leaves)
        assert [i for i in range(-1, size + 2) if proves(Proof(i, size, path), leaf, top)] == [
            index
        ]


@given(SHEETS, st.randoms(use_true_random=False))
def test_a_sheet_proves_each_of_its_leaves_in_whatever_order_it_is_listed(
    leaves: list[bytes], random: object
) -> None:
    top = by_recursion(sorted(leaves))
    random.shuffle(leaves)  # type: ignore[attr-defined]
    assert sheet_root(leaves) == top
    for leaf in leaves:
        proof = sheet_proof(leaves, leaf)
        assert proof is not None
        assert proves(proof, leaf, top)


@given(SHEETS, st.data())
def test_what_was_tampered_with_proves_nothing(leaves: list[bytes], data: st.DataObject) -> None:
    leaf, top = data.draw(st.sampled_from(leaves)), sheet_root(leaves)
    proof = sheet_proof(leaves, leaf)
    assert proof is not None
    flipped = data.draw(st.integers(0, 255))
    assert not proves(proof, _flip(leaf, flipped), top)
    assert not proves(proof, leaf, _flip(top, flipped))
    assert not proves(replace(proof, path=(*proof.path, top)), leaf, top)
    for at, sister in enumerate(proof.path):
        path = list(proof.path)
        path[at] = _flip(sister, flipped)
        assert not proves(replace(proof, path=tuple(path)), leaf, top)
        assert not proves(replace(proof, path=proof.path[:at] + proof.path[at + 1 :]), leaf, top)


def _flip(hashed: bytes, bit: int) -> bytes:
    return (int.from_bytes(hashed) ^ 1 << bit).to_bytes(32)


@given(SHEETS, st.binary(min_size=32, max_size=32))
def test_a_leaf_that_is_not_in_the_sheet_has_no_proof(leaves: list[bytes], leaf: bytes) -> None:
    assert (sheet_proof(leaves, leaf) is None) == (leaf not in leaves)


def test_a_node_moved_by_a_byte_is_no_proof() -> None:
    # The same bytes are hashed, cut elsewhere: parts that are no hashes must be refused.
    left, right = LEAVES[:2]
    assert node(left + right[:1], right[1:]) == node(left, right)
    assert not proves(Proof(0, 2, (right[1:],)), left + right[:1], node(left, right))


def test_an_inner_node_is_no_leaf_of_a_smaller_tree() -> None:
    # A proof fixes the number of leaves, which the sheet states: 2 are not 4.
    leaves, top = LEAVES[:4], root(LEAVES[:4])
    inner, other = node(*leaves[:2]), node(*leaves[2:])
    assert proves(Proof(0, 2, (other,)), inner, top)
    assert not proves(Proof(0, 4, (other,)), inner, top)


def test_a_changed_answer_changes_leaf_and_root() -> None:
    salt = bytes(16)
    rows = [{"answers": {"cost": value}} for value in (1, 2)]
    first, second = (receipts.leaf(salt, row) for row in rows)
    assert sheet_root([first, LEAVES[0]]) != sheet_root([second, LEAVES[0]])
    assert sheet_root([first]) == first


def test_an_empty_sheet_has_a_root_and_no_proof() -> None:
    assert sheet_root([]).hex() == ROOTS[0]
    assert sheet_proof([], LEAVES[0]) is None
    assert not proves(Proof(0, 0, ()), LEAVES[0], LEAVES[0])


def test_a_leaf_listed_twice_or_cut_short_is_refused() -> None:
    with pytest.raises(ValueError, match=f"{LEAVES[0].hex()} is listed twice"):
        sheet_root([LEAVES[0], LEAVES[1], LEAVES[0]])
    with pytest.raises(ValueError, match="A leaf has 31 bytes"):
        sheet_proof([LEAVES[0], LEAVES[1][:31]], LEAVES[0])
