"""Sealing small secrets under SKM_SECRET_KEY (AES-256-GCM), so that a stolen database has none."""

import hashlib
import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from flows.operator_words import tr

SHORTEST = 32  # characters of SKM_SECRET_KEY
NONCE = 12  # bytes, NIST SP 800-38D

Random = Callable[[int], bytes]


class SecretUnfit(Exception):
    """SKM_SECRET_KEY is missing, too short, or not the one that this database was sealed with."""


@dataclass(frozen=True, slots=True)
class Vault:
    """`former`: the secret before this one, or "": it opens and is recognized, nothing new is made
    with it. Raises SecretUnfit for a secret shorter than 32 characters."""

    secret: str
    former: str = ""

    def __post_init__(self) -> None:
        if len(self.secret) < SHORTEST:
            raise SecretUnfit(
                tr(
                    "SKM_SECRET_KEY must have at least {0} characters. Make one with: python3 -c "
                    '"import secrets; print(secrets.token_hex(32))"',
                    SHORTEST,
                )
            )

    def seal(self, plain: bytes, label: str, random: Random) -> bytes:
        nonce = random(NONCE)
        return nonce + _cipher(self.secret).encrypt(nonce, plain, label.encode())

    def unseal(self, sealed: bytes, label: str) -> bytes:
        """Raises SecretUnfit where another secret sealed it, or for another label."""
        for secret in self._secrets:
            with suppress(InvalidTag):
                return _cipher(secret).decrypt(sealed[:NONCE], sealed[NONCE:], label.encode())
        raise SecretUnfit(
            tr(
                "SKM_SECRET_KEY is not the one that this database was begun with. Set the "
                "former one again: without it, double votes could not be told. It is lost? "
                "See: skm keys drop"
            )
        )

    @property
    def without_former(self) -> "Vault":
        return Vault(self.secret)

    @property
    def _secrets(self) -> list[str]:
        return [self.secret, self.former] if self.former else [self.secret]

    def key(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose (HKDF, RFC 5869); tells nothing of any other."""
        return self.keys(purpose)[0]

    def keys(self, purpose: str) -> list[bytes]:
        """… and that of the former secret, for what was signed with it."""
        info = f"skm {purpose}".encode()
        return [
            HKDF(SHA256(), 32, salt=None, info=info).derive(secret.encode())
            for secret in self._secrets
        ]

    def pseudonym(self, address: str) -> str:
        """A stable name for a chat in records; tells nothing without the secret."""
        return hmac.digest(self.secret.encode(), address.encode(), hashlib.sha256).hex()[:12]


def _cipher(secret: str) -> AESGCM:
    return AESGCM(hashlib.sha256(b"skm seal\0" + secret.encode()).digest())
