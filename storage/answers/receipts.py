"""The receipt of a response: a commitment that shows nothing (RFC 6962 leaf, salted)."""

import base64
import hashlib
import json
from collections.abc import Mapping

import msgspec

LETTERS = 20  # of base32: 100 bits of the leaf
EXAMPLE = "K7QX-43MD-T2PA-6HWC-LM4E"

# As `canonical`, some times as quick: `skm verify` makes every leaf anew.
encoded = msgspec.json.Encoder(order="sorted").encode
_UNKNOWN = 256 - 5 * LETTERS  # bits of a leaf that its code does not hold
_MISREAD = str.maketrans("018", "OIB")  # base32 has no such digits, so a person took letters so


def canonical(row: Mapping[str, object]) -> bytes:
    """The counted row as the bytes that are committed to: sorted keys, no spaces, UTF-8."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def leaf(salt: bytes, row: Mapping[str, object]) -> bytes:
    """SHA-256(0x00 ‖ salt ‖ canonical row). The 128-bit salt never leaves the database."""
    return hashed(salt, encoded(row))


def hashed(salt: bytes, row: bytes) -> bytes:
    """… of the canonical row's bytes."""
    return hashlib.sha256(b"\x00" + salt + row).digest()


def code(leaf: bytes) -> str:
    """The receipt code: five groups of four letters (RFC 4648 base32)."""
    letters = base64.b32encode(leaf).decode()[:LETTERS]
    return "-".join(letters[n : n + 4] for n in range(0, LETTERS, 4))


def leaves_of(code: str) -> tuple[bytes, bytes] | None:
    """The lowest and the highest leaf with this receipt code; None: it is no code.

    As people write it: small letters, hyphens or none, digits that base32 does not have.
    """
    letters = "".join(code.split()).replace("-", "").upper().translate(_MISREAD)
    if len(letters) != LETTERS:
        return None
    try:
        known = base64.b32decode(letters + "AAAA")  # whole groups of eight; the last are cut off
    except ValueError:
        return None
    low = int.from_bytes(known) >> 20 << _UNKNOWN
    return low.to_bytes(32), (low | (1 << _UNKNOWN) - 1).to_bytes(32)
