"""An auditor who has the sheet, the list of leaves, and the rows with their salts.

None of our code: only hashlib and json, by RFC 6962 and what `storage.answers.receipts` promises.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Engine, text


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
