"""Witnesses: servers of others that keep the size and root they saw last, and cosign only what goes
on from there (C2SP tlog-witness, add-checkpoint; tlog-cosignature).

Which size a witness saw last is known from the checkpoints that it cosigned; where it says another
one (409), that is taken. Nothing it says is trusted but a signature under the key that the operator
named for it.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from reports.transparency import tree
from reports.transparency.verify_skm import WITNESS, Checkpoint, Key, Malformed
from storage.index import transparency_log as log

PATIENCE = 5  # seconds for a call
MOST = 10_000  # bytes of an answer that are read

Post = Callable[[str, bytes], tuple[int, bytes]]
"""(address, body) → status and body of the answer. Raises OSError where nobody answers."""


class Refused(Exception):
    """It gave no cosignature; the message says why."""


@dataclass(frozen=True, slots=True)
class Witness:
    """`url`: the submission prefix."""

    url: str
    key: Key

    @classmethod
    def read(cls, said: str) -> "Witness":
        """An address and a key with a space between. Raises Malformed."""
        url, _, key = said.strip().partition(" ")
        found = cls(url.rstrip("/"), Key.read(key))
        if not url.startswith(("https://", "http://")) or found.key.kind != WITNESS:
            raise Malformed("A witness is its address, a space, and its key.")
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A checkpoint to be cosigned, and the size that the witness cosigned last."""

    size: int
    note: str
    last: int


def asked(connection: Connection, witness: Witness, by: Key) -> Asked | None:
    """The newest checkpoint signed by that key; None where the witness has cosigned it."""
    last, newest = 0, None
    for each in log.checkpoints(connection):
        found = Checkpoint.read(each.note) if each.note else None
        if found is None or found.origin != by.name:
            continue
        newest = each
        if any(name == witness.key.name for name, _, _ in found.signatures):
            last = each.size
    return Asked(newest.size, newest.note, last) if newest and newest.size > last else None


def cosigned(read: tree.Read, asked: Asked, witness: Witness, post: Post) -> str:
    """The note with the witness's line. Raises Refused."""
    status, said = _submitted(read, asked, asked.last, witness, post)
    if status == 409:
        last = said.strip()
        if not last.isdigit() or int(last) > asked.size:
            raise Refused(f"it has seen a log of {last.decode(errors='replace')[:20]} entries")
        status, said = _submitted(read, asked, int(last), witness, post)
    if status != 200:
        raise Refused(f"it answered {status}")
    return _with(asked.note, said, witness)


def keep(connection: Connection, size: int, note: str) -> None:
    """Beside cosignatures that came meanwhile."""
    kept = next(each.note for each in log.checkpoints(connection) if each.size == size)
    lines = kept.splitlines(keepends=True)
    more = [line for line in note.splitlines(keepends=True) if line not in lines]
    log.write_note(connection, size, "".join([*lines, *more]))


def _submitted(
    read: tree.Read, asked: Asked, last: int, witness: Witness, post: Post
) -> tuple[int, bytes]:
    proof = [base64.b64encode(each).decode() for each in tree.consistency(read, last, asked.size)]
    body = "\n".join([f"old {last}", *proof, "", asked.note])
    try:
        return post(f"{witness.url}/add-checkpoint", body.encode())
    except OSError as fault:
        raise Refused(f"it is away ({type(fault).__name__})") from None


def _with(note: str, said: bytes, witness: Witness) -> str:
    """Only the lines under its key, each of which must be right."""
    try:
        lines = [line + "\n" for line in said.decode().splitlines()]
        mine = [line for line in lines if line.startswith(f"— {witness.key.name} ")]
        found = note + "".join(mine)
        if mine and Checkpoint.read(found).is_by(witness.key):
            return found
    except ValueError:
        pass
    raise Refused("its answer holds no cosignature by its key")


def post(url: str, body: bytes) -> tuple[int, bytes]:
    import httpx  # not for every command

    try:
        with (
            httpx.Client(timeout=PATIENCE, follow_redirects=False) as client,
            client.stream("POST", url, content=body) as answer,
        ):
            said = b""
            for part in answer.iter_bytes(MOST):
                said += part
                if len(said) > MOST:
                    raise OSError("too long an answer")
            return answer.status_code, said
    except httpx.HTTPError as fault:
        raise OSError(type(fault).__name__) from fault
