"""The log's tree against RFC 6962 as it is written, on small trees and on a large one."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.sheets.merkle import Proof
from reports.transparency import tree
from tests.support.auditor import INPUTS, ROOTS, consistent, mth, proves

LEAVES = [sha256(n.to_bytes(4)).digest() for n in range(1_200)]


class Kept:
    """A log in memory that keeps what the database keeps, and counts what is read."""

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        self.levels: dict[int, list[bytes]] = {0: [], **{height: [] for height in tree.KEPT}}
        self.read_so_far = 0
        self.grow(leaves)

    def grow(self, leaves: Sequence[bytes]) -> None:
        old = len(self.levels[0])
        self.levels[0] += leaves
        for height in tree.KEPT:
            for number, hash in tree.completed(self.read, height, old, len(self.levels[0])):
                assert number == len(self.levels[height])
                self.levels[height].append(hash)

    def read(self, height: int, first: int, number: int) -> list[bytes]:
        self.read_so_far += number
        found = self.levels[height][first : first + number]
        assert len(found) == number
        return found


GROWN = Kept()
for _start in range(0, len(LEAVES), 7):
    GROWN.grow(LEAVES[_start : _start + 7])


@pytest.mark.parametrize("number", range(len(INPUTS)))
def test_published_roots(number):
    published = map(bytes.fromhex, INPUTS[: number + 1])
    log = Kept([sha256(b"\x00" + each).digest() for each in published])
    assert tree.root_at(log.read, number + 1).hex() == ROOTS[number + 1]


sizes = st.integers(0, len(LEAVES))


@given(size=sizes)
def test_the_root_at_any_size_is_that_of_the_rfc(size):
    assert tree.root_at(GROWN.read, size) == mth(LEAVES[:size])


@given(size=st.integers(1, len(LEAVES)), data=st.data())
def test_an_entry_is_proved_and_no_other_one_by_its_path(size, data):
    index = data.draw(st.integers(0, size - 1))
    path = tree.inclusion(GROWN.read, index, size)
    root = mth(LEAVES[:size])
    assert proves(Proof(index, size, path), LEAVES[index], root)
    assert not proves(Proof(index, size, path), LEAVES[index - 1], root) or size == 1


@given(old=sizes, new=sizes)
def test_an_older_tree_is_proved_to_begin_a_newer_one_and_a_forged_one_is_not(old, new):
    old, new = sorted((old, new))
    proof = list(tree.consistency(GROWN.read, old, new))
    first, second = mth(LEAVES[:old]), mth(LEAVES[:new])
    assert consistent(old, new, first, second, proof)
    if old:
        forged = mth([LEAVES[-1], *LEAVES[1:old]])
        assert not consistent(old, new, forged, second, proof)


def test_what_is_not_there_is_not_proved():
    with pytest.raises(ValueError, match="Entry 3 is not among the first 3"):
        tree.inclusion(GROWN.read, 3, 3)
    with pytest.raises(ValueError, match="A log of 3 entries does not begin with 4"):
        tree.consistency(GROWN.read, 4, 3)


def test_a_proof_of_ten_million_entries_reads_some_hundred_hashes():
    """Of a log whose hashes nobody reads but by this: height and number stand for them."""
    read = []

    def counted(height: int, first: int, number: int) -> list[bytes]:
        read.append(number)
        return [sha256(b"%d %d" % (height, n)).digest() for n in range(first, first + number)]

    for ask in (
        lambda: tree.root_at(counted, 9_999_999),
        lambda: tree.inclusion(counted, 4_321_987, 9_999_999),
        lambda: tree.consistency(counted, 7_654_321, 9_999_999),
    ):
        read.clear()
        ask()
        assert sum(read) < 4 * 256
        assert len(read) < 64
