#!/usr/bin/env python3
"""Verifies a published folder of satisfaction surveys (SKM) with nothing but Python's own library.

    python3 verify_skm.py FOLDER [--key KEY] [--checkpoint FILE]... [--receipt CODE] [--en]

FOLDER is what the office publishes: the folder log, or the site that holds it. For a receipt three
files of it are enough: entries.txt, checkpoint and key.txt. KEY and the FILEs should come from
somewhere else: the key as it was announced, checkpoints as a channel, a newspaper or a witness kept
them. What is proved:

1. Every checkpoint is signed by the key, and its root is that of the first entries of the log: so
   no entry was changed, taken out or put in between after a checkpoint left the office.
2. Every entry that says something is the hash of it; every sheet that the log has is in the folder,
   is its own hash, holds the hash of the sheet before it, and its leaves make its root.
3. Every leaf of a sheet was in the log before the sheet was made, where the sheet names the log.
4. The answer behind a receipt is in the log, and in which sheet.

Not proved is that sums are those of the answers, which stay secret: an auditor has `skm verify`.

Sources: RFC 6962 and RFC 9162 (Merkle trees), RFC 8032 (Ed25519), C2SP signed-note, tlog-checkpoint
and tlog-cosignature. Exit code: 0 all is proved, 1 something is not, 2 nothing to read.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

_P = 2**255 - 19
_Q = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_1 = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z


def _add(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(s: int, p: _Point) -> _Point:
    q = (0, 1, 1, 0)
    while s:
        if s & 1:
            q = _add(q, p)
        p, s = _add(p, p), s >> 1
    return q


def _point(said: bytes) -> _Point | None:
    y = int.from_bytes(said, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if len(said) != 32 or y >= _P:
        return None
    x2 = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(x2, (_P + 3) // 8, _P)
    if (x * x - x2) % _P:
        x = x * _ROOT_OF_MINUS_1 % _P
    if (x * x - x2) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


_G = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature (64 bytes) of a message is by this public key (32 bytes)."""
    key, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or r is None or s >= _Q or _G is None:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(hashed, "little") % _Q
    p, q = _times(s, _G), _add(r, _times(h, key))
    return not any((p[n] * q[2] - q[n] * p[2]) % _P for n in (0, 1))


EMPTY = hashlib.sha256(b"").digest()


def hash_of(said: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + said).digest()


def join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A log's tree, entry by entry: hashes of its complete subtrees, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, hash: bytes) -> None:
        number = self.size
        while number & 1:
            hash, number = join(self._peaks.pop(), hash), number >> 1
        self._peaks.append(hash)
        self.size += 1

    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY
        found, *others = reversed(self._peaks)
        for each in others:
            found = join(each, found)
        return found


def root_of(hashes: list[bytes]) -> bytes:
    tree = Tree()
    for each in hashes:
        tree.add(each)
    return tree.root()


LOG, WITNESS = 1, 4  # kinds of keys: of a log, and of who cosigns its checkpoints


class Malformed(ValueError):
    """It is no checkpoint, or no key."""


@dataclass(frozen=True)
class Key:
    """A public key: NAME+ID+BASE64."""

    name: str
    id: bytes
    kind: int
    public: bytes

    @classmethod
    def of(cls, name: str, kind: int, public: bytes) -> Key:
        said = name.encode() + b"\n" + bytes([kind]) + public
        return cls(name, hashlib.sha256(said).digest()[:4], kind, public)

    @classmethod
    def read(cls, said: str) -> Key:
        try:
            name, id, rest = said.strip().split("+", 2)
            kind, public = (both := base64.b64decode(rest, validate=True))[0], both[1:]
            found = cls.of(name, kind, public)
        except (ValueError, IndexError):
            raise Malformed("A key is NAME+ID+BASE64.") from None
        if found.id.hex() != id or kind not in (LOG, WITNESS) or len(public) != 32:
            raise Malformed(f"The key of {name} is damaged, or of a kind that is not known.")
        return found

    def __str__(self) -> str:
        said = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{said}"


@dataclass(frozen=True)
class Checkpoint:
    """A log's name, size and root, with who signed it: (name, id, signature)."""

    origin: str
    size: int
    root: bytes
    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...] = field(repr=False)

    @classmethod
    def read(cls, note: str) -> Checkpoint:
        text, gap, signed = note.rpartition("\n\n")
        try:
            origin, size, root, *_ = text.split("\n")
            found = base64.b64decode(root, validate=True)
            signatures = tuple(_signature(line) for line in signed.splitlines())
            if not (
                gap and origin and signatures and len(found) == 32 and str(abs(int(size))) == size
            ):
                raise ValueError
        except ValueError:
            raise Malformed(
                "A checkpoint is name, size, root, an empty line, signatures."
            ) from None
        return cls(origin, int(size), found, text + "\n", signatures)

    def is_by(self, key: Key) -> bool:
        """Whether this key signed it. A signature that names the key and is not its own: False."""
        mine = [signed for name, id, signed in self.signatures if (name, id) == (key.name, key.id)]
        return bool(mine) and all(self._is_right(key, signed) for signed in mine)

    def _is_right(self, key: Key, signed: bytes) -> bool:
        if key.kind == LOG:
            return self.origin == key.name and is_signed(key.public, self.text.encode(), signed)
        at = int.from_bytes(signed[:8], "big")
        return is_signed(key.public, cosigned(self.text, at), signed[8:])


def cosigned(text: str, at: int) -> bytes:
    """What a witness signs: that it had seen this at that time (Unix seconds)."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _signature(line: str) -> tuple[str, bytes, bytes]:
    dash, name, said = line.split(" ")
    both = base64.b64decode(said, validate=True)
    if dash != "—" or not name or len(both) < 5:
        raise ValueError
    return name, both[:4], both[4:]


SAYS = {
    "signed": ("Titik cek {0} tidak ditandatangani {1}.", "Checkpoint {0} is not signed by {1}."),
    "short": ("Log dipotong: titik cek {0}, log {1}.", "The log was cut off from {0} to {1}."),
    "root": ("Log ditulis ulang sebelum entri {0}.", "The log was rewritten before entry {0}."),
    "newest": ("{0} entri terakhir tanpa titik cek.", "The last {0} entries have no checkpoint."),
    "entry": ("Entri {0} bukan hash dari isinya.", "Entry {0} is not the hash of what it says."),
    "lost": ("Lembar yang ada di log hilang: {0}", "A sheet that is in the log is missing: {0}"),
    "unlogged": ("Lembar {0} tidak ada di log.", "Sheet {0} is not in the log."),
    "chain": ("Lembar {0} terlepas dari yang sebelumnya.", "Sheet {0} does not follow on one."),
    "leaves": ("Daftar bukti {0} tidak membentuk akarnya.", "The leaves of {0} make another root."),
    "rests": ("Lembar {0} menyebut log yang lain.", "Sheet {0} names a log that never was."),
    "late": ("Bukti {0} terlambat masuk log: {1}.", "Leaves of {0} in the log too late: {1}."),
    "format": ("Lembar {0} tidak dapat dibaca.", "Sheet {0} cannot be read."),
    "receipt": ("Bukti {0} ada di log, entri {1}.", "Receipt {0} is in the log, entry {1}."),
    "gone": ("Jawabannya dihapus setelah dicatat.", "Its answer was erased after that."),
    "counted": ("… dan di lembar {0}.", "… and in sheet {0}."),
    "unknown": ("Bukti {0} tidak ada di log.", "Receipt {0} is not in the log."),
    "key": ("Bandingkan kunci ini: {0}", "Compare with the key that was announced: {0}"),
    "erased": ("Lembar {0}: dihapus sejak itu {1}.", "Sheet {0}: erased since then {1}."),
    "done": ("Terbukti: {0} entri, {1} titik cek, {2} lembar.",
             "Proved: {0} entries, {1} checkpoints, {2} sheets."),
    "unread": ("Lembar tidak diperiksa: folder {0} tidak ada.",
               "Sheets were not checked: there is no folder {0}."),
    "nothing": ("{0} tidak dapat dibaca: {1}.", "{0} cannot be read: {1}."),
}  # fmt: skip

Fault = tuple[str, tuple[object, ...]]  # key of SAYS, what it is about


@dataclass
class Log:
    """Entries: hash → position; `said`: kind → what entries of it say; `roots`: at sizes asked."""

    entries: dict[bytes, int] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def read(cls, lines: list[str], sizes: set[int]) -> Log:
        """Lines of entries.txt: a hash in hex, and behind a space what it is the hash of."""
        found, tree = cls(), Tree()
        for line in lines:
            hash, _, says = line.rstrip("\n").partition(" ")
            found._take(bytes.fromhex(hash), says)
            tree.add(bytes.fromhex(hash))
            if tree.size in sizes:
                found.roots[tree.size] = tree.root()
        return found

    def _take(self, hash: bytes, says: str) -> None:
        self.entries[hash] = len(self.entries)
        if says and hash_of(says.encode()) != hash:
            self.faults.append(("entry", (self.entries[hash],)))
        for kind, what in json.loads(says or "{}").items():
            self.said.setdefault(kind, []).append(what if isinstance(what, str) else "")


@dataclass(frozen=True)
class Sheet:
    name: str
    content: bytes
    leaves: list[bytes]

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def checkpoint_faults(log: Log, found: list[Checkpoint], key: Key) -> list[Fault]:
    faults: list[Fault] = []
    for each in found:
        if not each.is_by(key):
            faults.append(("signed", (each.size, key.name)))
        elif each.size > len(log.entries):
            faults.append(("short", (each.size, len(log.entries))))
        elif log.roots.get(each.size, EMPTY) != each.root:
            faults.append(("root", (each.size,)))
    bare = len(log.entries) - max((each.size for each in found), default=0)
    return [*faults, ("newest", (bare,))] if bare > 0 else faults


def sheet_faults(log: Log, sheets: list[Sheet]) -> list[Fault]:
    there = {each.hash for each in sheets}
    faults: list[Fault] = [("lost", (h,)) for h in log.said.get("sheet", []) if h not in there]
    logged, before = set(log.said.get("sheet", [])), dict[str, tuple[int, str]]()
    for sheet in sheets:
        try:
            faults += _of_sheet(log, sheet, logged, before)
        except (ValueError, KeyError, TypeError, AttributeError):
            faults.append(("format", (sheet.name,)))
    return faults


def _of_sheet(
    log: Log, sheet: Sheet, logged: set[str], before: dict[str, tuple[int, str]]
) -> list[Fault]:
    content, faults = json.loads(sheet.content), list[str]()
    unit, number = content["unit"]["code"], content["number"]
    last, previous = before.get(unit, (0, ""))
    if sheet.hash not in logged:
        faults.append("unlogged")
    if number != last + 1 or (content["previous"] or "") != previous:
        faults.append("chain")
    before[unit] = number, sheet.hash
    listed = {"number": len(sheet.leaves), "root": root_of(sorted(sheet.leaves)).hex()}
    if content["leaves"] != listed or len(set(sheet.leaves)) != len(sheet.leaves):
        faults.append("leaves")
    rests = content.get("log")
    if rests and log.roots.get(rests["size"], EMPTY).hex() != rests["root"]:
        faults.append("rests")
    size = rests["size"] if rests else len(log.entries)
    late = sum(log.entries.get(leaf, size) >= size for leaf in sheet.leaves)
    found: list[Fault] = [(each, (sheet.name,)) for each in faults]
    return [*found, ("late", (sheet.name, late))] if late else found


def erased_since(log: Log, sheets: list[Sheet]) -> list[Fault]:
    gone = {bytes.fromhex(each) for each in log.said.get("gone", [])}
    numbers = [(each.name, len(gone.intersection(each.leaves))) for each in sheets]
    return [("erased", each) for each in numbers if each[1]]


def of_receipt(log: Log, sheets: list[Sheet], code: str | None) -> tuple[bool, list[Fault]]:
    """The first 100 bits of a leaf in base32, 20 letters. Without a code nothing is to be found."""
    if code is None:
        return True, []
    letters = "".join(code.split()).replace("-", "").upper().translate(str.maketrans("018", "OIB"))
    named = {base64.b32encode(leaf)[:20].decode(): leaf for leaf in log.entries}
    found = named.get(letters)
    if found is None:
        return False, [("unknown", (code,))]
    says: list[Fault] = [("receipt", (code, log.entries[found]))]
    says += [("counted", (each.name,)) for each in sheets if found in each.leaves]
    return True, says + [("gone", ())] * (found.hex() in log.said.get("gone", []))


def read_sheets(folder: Path) -> list[Sheet]:
    found = []
    for file in sorted(folder.glob("*.json")):
        lines = file.with_suffix(".leaves").read_text().split()
        found.append(Sheet(file.stem, file.read_bytes(), [bytes.fromhex(line) for line in lines]))
    return found


def main(given: list[str]) -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", 1)[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("--checkpoint", type=Path, action="append", default=[])
    for name in ("--key", "--receipt"):
        asked.add_argument(name)
    asked.add_argument("--en", action="store_true", help="in English")
    options = asked.parse_args(given)

    def say(fault: Fault) -> None:
        print(SAYS[fault[0]][options.en].format(*fault[1]))  # noqa: T201

    folder: Path = options.folder
    if (folder / "log" / "key.txt").exists():  # the whole site
        folder /= "log"
    try:
        key = Key.read(options.key or (folder / "key.txt").read_text())
        kept = folder / "checkpoints"
        notes = sorted(kept.iterdir()) if kept.exists() else [folder / "checkpoint"]
        files = [*notes, *options.checkpoint]
        found = [Checkpoint.read(file.read_text("utf-8")) for file in files]
        sheets = read_sheets(folder / "sheets")
        lines = (folder / "entries.txt").read_text("utf-8").split("\n")[:-1]
        named = (re.findall(rb'"size":(\d+)', sheet.content) for sheet in sheets)
        log = Log.read(lines, {each.size for each in found}.union(*(map(int, n) for n in named)))
    except (OSError, ValueError) as error:
        say(("nothing", (folder, error)))
        return 2
    faults = [*log.faults, *checkpoint_faults(log, found, key)]
    if options.receipt and not (folder / "sheets").exists():  # a citizen's download, for one answer
        say(("unread", (folder / "sheets",)))
    else:
        faults += sheet_faults(log, sheets)
    for fault in (*faults, *erased_since(log, sheets)):
        say(fault)
    is_there, says = of_receipt(log, sheets, options.receipt)
    for fault in says:
        say(fault)
    if not options.key:
        say(("key", (key,)))
    if faults or not is_there:
        return 1
    say(("done", (len(log.entries), len(found), len(sheets))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
