"""The receipt of a response: a commitment that shows nothing (RFC 6962 leaf, salted)."""

import base64
import hashlib
import json
from collections.abc import Mapping

LETTERS = 20  # of base32: 100 bits of the leaf


def canonical(row: Mapping[str, object]) -> bytes:
    """The counted row as the bytes that are committed to: sorted keys, no spaces, UTF-8."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def leaf(salt: bytes, row: Mapping[str, object]) -> bytes:
    """SHA-256(0x00 ‖ salt ‖ canonical row). The 128-bit salt never leaves the database."""
    return hashlib.sha256(b"\x00" + salt + canonical(row)).digest()


def code(leaf: bytes) -> str:
    """The receipt code: five groups of four letters (RFC 4648 base32)."""
    letters = base64.b32encode(leaf).decode()[:LETTERS]
    return "-".join(letters[n : n + 4] for n in range(0, LETTERS, 4))
