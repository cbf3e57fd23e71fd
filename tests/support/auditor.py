"""An auditor who has the sheet, the list of leaves, and the rows with their salts.

None of our code: only hashlib and json, by RFC 6962 and what `storage.answers.receipts` promises.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Engine, text

from reports.sheets.merkle import Proof

# The reference tree of Certificate Transparency (google/certificate-transparency,
# cpp/merkletree/merkle_tree_test.cc; the same in transparency-dev/merkle, testonly).
INPUTS = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def mth(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962, 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def climbed(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that an audit path leads to, from above: RFC 6962, 2.1.1, turned round."""
    if size == 1:
        assert not path
        return leaf
    k = 1 << (size - 1).bit_length() - 1
    *below, sister = path
    if index < k:
        both = climbed(leaf, index, k, below) + sister
    else:
        both = sister + climbed(leaf, index - k, size - k, below)
    return hashlib.sha256(b"\x01" + both).digest()


def proves(proof: Proof, leaf: bytes, expected: bytes) -> bool:
    """Whether the proof leads from the leaf hash to the root expected (RFC 9162, 2.1.3.2).

    A proof of the wrong length, or with parts that are no hashes, proves nothing.
    """
    hashes_only = all(len(part) == 32 for part in (leaf, *proof.path))
    if not hashes_only or not 0 <= proof.index < proof.size:
        return False
    place, last, reached = proof.index, proof.size - 1, leaf
    for sister in proof.path:
        if not last:
            return False
        while place == last and not place % 2:  # carried up alone
            place, last = place // 2, last // 2
        reached = _node(sister, reached) if place % 2 else _node(reached, sister)
        place, last = place // 2, last // 2
    return not last and reached == expected


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def consistent(old: int, new: int, first: bytes, second: bytes, proof: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2, step by step."""
    if old == new:
        return not proof and first == second
    if old == 0:
        return not proof
    if not proof:
        return False
    if old & (old - 1) == 0:
        proof = [first, *proof]
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = _node(c, fr), _node(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = _node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first and sr == second


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def rows_with_salts(engine: Engine) -> list[tuple[bytes, dict[str, Any]]]:
    query = text(
        "SELECT r.*, u.code FROM response r JOIN unit u ON u.id = r.unit_id WHERE u.code = 'SMST'"
    )
    with engine.connect() as connection:
        return [(bytes(row["salt"]), dict(row)) for row in connection.execute(query).mappings()]


def leaf_of(salt: bytes, row: dict[str, Any]) -> bytes:
    answers = row["answers"]
    answers = json.loads(answers) if isinstance(answers, str) else answers
    day = row["local_date"]
    counted = {
        "unit": row["code"],
        "service": row["service"],
        "version": row["instrument"],
        "local_date": day.isoformat() if isinstance(day, date) else day,
        "source": row["source"],
        "verified": bool(row["verified"]),
        "answers": answers,
    }
    said = json.dumps(counted, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + salt + said.encode()).digest()
