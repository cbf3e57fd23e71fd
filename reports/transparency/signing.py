"""The key of the log, and checkpoints signed by it (C2SP signed-note and tlog-checkpoint).

The key is written as Go's signers of notes have it: PRIVATE+KEY+NAME+ID+BASE64. NAME is the log's
own, its origin, so that key and name are one setting. It is no secret of the database: who holds
only the database cannot sign another history, and changing SKM_SECRET_KEY does not touch it.
"""

import base64
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reports.transparency.verify_skm import LOG, Key, Malformed
from storage.vault import Random

_BEGINS = "PRIVATE+KEY+"
_NAME = re.compile(r"[^\s+]{1,100}")


@dataclass(frozen=True, slots=True)
class LogKey:
    """`public`: by which anybody checks what it signed."""

    public: Key
    _seed: bytes = field(repr=False)

    @classmethod
    def make(cls, name: str, random: Random) -> "LogKey":
        return cls._of(name, random(32))

    @classmethod
    def read(cls, said: str) -> "LogKey":
        """Raises Malformed."""
        try:
            name, id, rest = said.strip().removeprefix(_BEGINS).split("+", 2)
            kind, *seed = base64.b64decode(rest, validate=True)
        except ValueError:
            raise Malformed("A log's key is PRIVATE+KEY+NAME+ID+BASE64.") from None
        whole = said.strip().startswith(_BEGINS) and kind == LOG and len(seed) == 32
        if not whole or not _NAME.fullmatch(name):
            raise Malformed("A log's key is PRIVATE+KEY+NAME+ID+BASE64.")
        found = cls._of(name, bytes(seed))
        if found.public.id.hex() != id:
            raise Malformed(f"The log's key of {name} is damaged.")
        return found

    @classmethod
    def _of(cls, name: str, seed: bytes) -> "LogKey":
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        return cls(Key.of(name, LOG, public), seed)

    def said(self) -> str:
        rest = base64.b64encode(bytes([LOG]) + self._seed).decode()
        return f"{_BEGINS}{self.public.name}+{self.public.id.hex()}+{rest}"

    def note(self, size: int, root: bytes) -> str:
        """The signed checkpoint of a log's first `size` entries."""
        text = f"{self.public.name}\n{size}\n{base64.b64encode(root).decode()}\n"
        signed = Ed25519PrivateKey.from_private_bytes(self._seed).sign(text.encode())
        return f"{text}\n{line(self.public, signed)}"


def line(key: Key, signed: bytes) -> str:
    """A signature's line in a note."""
    return f"— {key.name} {base64.b64encode(key.id + signed).decode()}\n"
