"""The transparency log as public files: entries, checkpoints, sheets with their leaves, the program
that verifies them, and the tree cut into tiles of 256 hashes, so that a browser proves one entry of
ten million by reading some kilobytes (C2SP tlog-tiles, https://c2sp.org/tlog-tiles).

Tiles and sheets are written once and stay. `checkpoint` becomes the newest; one of `checkpoints/`
stays but for the cosignatures of witnesses, which come later.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from reports.site.folder import put
from reports.transparency import tree, verify_skm
from storage import units
from storage.index import sheets
from storage.index import transparency_log as log
from storage.index.sheets import Sheet

WIDTH = 256  # hashes of a tile
STEP = 8  # heights between two levels of tiles
_TILE = re.compile(r"tile/([0-3])/((?:x[0-9]{3}/){0,3}[0-9]{3})(?:\.p/([0-9]{1,3}))?")
_SHEET = re.compile(r"sheets/([A-Za-z0-9-]{2,20})-([0-9]{4,9})\.(json|leaves)")
_NOTE = re.compile(r"checkpoints/([0-9]{12})")


def signed(connection: Connection, key: str) -> list[log.Checkpoint]:
    """The checkpoints of the log that this public key signs, the earliest first."""
    return [each for each in log.checkpoints(connection) if _is_by(each, key)]


def newest(connection: Connection, key: str) -> log.Checkpoint | None:
    """The last of these; None: there is none, or no key."""
    return log.latest_of(connection, _origin(key)) if key else None


def _origin(key: str) -> str:
    return key.split("+", 1)[0]


def _is_by(checkpoint: log.Checkpoint, key: str) -> bool:
    return checkpoint.note.startswith(f"{_origin(key)}\n")


def tile_path(level: int, number: int, width: int) -> str:
    """12345678 → x012/x345/678; with its width where it is not full."""
    parts = [f"{number % 1000:03}"]
    while number := number // 1000:
        parts.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/{'/'.join(parts)}" + (f".p/{width}" if width < WIDTH else "")


def tile(connection: Connection, level: int, number: int, width: int) -> bytes:
    return b"".join(log.hashes(connection, STEP * level, WIDTH * number, width))


def tiles(old: int, new: int) -> Iterator[tuple[int, int, int]]:
    """Level, number and width of the tiles that a log of `new` entries has and one of `old` had
    not."""
    for level in range(len(tree.KEPT) + 1):
        before, now = old >> STEP * level, new >> STEP * level
        for number in range(before // WIDTH, -(-now // WIDTH)):
            yield level, number, min(WIDTH, now - WIDTH * number)


def verifier() -> bytes:
    return Path(verify_skm.__file__).read_bytes()


def entries(connection: Connection, first: int, size: int) -> Iterator[bytes]:
    """Lines of entries.txt, from an entry to the last of `size`."""
    for row in log.between(connection, first, size):
        yield f"{row.hash.hex()} {row.says}".strip().encode() + b"\n"


def one(
    connection: Connection, path: str, size: int, shown: Collection[bytes], key: str
) -> bytes | None:
    """A file of the log below `log/`, of a log of `size` entries; None: there is none. `shown`:
    hashes of the sheets that are public; `key`: the log's public one."""
    if found := _TILE.fullmatch(path):
        level, number, width = (
            int(found[1]),
            int(re.sub("[x/]", "", found[2])),
            int(found[3] or WIDTH),
        )
        known = (size >> STEP * level) - WIDTH * number
        if not 0 < width <= known or tile_path(level, number, width) != path:
            return None
        return tile(connection, level, number, width)
    if found := _NOTE.fullmatch(path):
        kept = log.of_size(connection, int(found[1]))
        return kept.note.encode() if kept and _is_by(kept, key) else None
    if found := _SHEET.fullmatch(path):
        return _sheet(connection, found[1], int(found[2]), found[3], shown, path)
    return None


def _sheet(
    connection: Connection, code: str, number: int, kind: str, shown: Collection[bytes], path: str
) -> bytes | None:
    unit = units.by_code(connection, code)
    if unit is None or path != f"sheets/{unit.code}-{number:04}.{kind}":
        return None
    kept = (s for s in sheets.of_unit(connection, unit.id) if s.number == number)
    sheet = next(kept, None)
    if sheet is None or sheet.hash not in shown:
        return None
    return (
        sheet.content.encode()
        if kind == "json"
        else leaves_file(sheets.leaves(connection, sheet.id))
    )


def leaves_file(leaves: Sequence[bytes]) -> bytes:
    return "".join(f"{leaf.hex()}\n" for leaf in leaves).encode()


def write_sheets(
    out: Path, connection: Connection, kept: Sequence[Sheet], codes: Mapping[int, str]
) -> int:
    """Some hundred sheets with their lists of leaves; how many files are new."""
    leaves, number = sheets.leaves_of(connection, [each.id for each in kept]), 0
    (out / "sheets").mkdir(parents=True, exist_ok=True)
    for each in kept:
        name = out / "sheets" / f"{codes[each.unit_id]}-{each.number:04}"
        number += put(name.with_suffix(".leaves"), leaves_file(leaves.get(each.id, [])))
        number += put(name.with_suffix(".json"), each.content.encode())
    return number


@dataclass(frozen=True, slots=True)
class Written:
    """How far a folder has the log of this name: entries, and bytes of entries.txt."""

    origin: str = ""
    size: int = 0
    length: int = 0


def write_log(
    out: Path,
    connection: Connection,
    found: Sequence[log.Checkpoint],
    key: str,
    before: Written = Written(),
) -> Written:
    """Checkpoints, entries and tiles until the newest signed checkpoint (`found`, see `signed`)."""
    out.mkdir(parents=True, exist_ok=True)
    origin, size, file = _origin(key), found[-1].size, out / "entries.txt"
    old = before.size if before == Written(origin, before.size, _length(file)) else 0
    put(out / "key.txt", f"{key}\n".encode())
    put(out / "verify_skm.py", verifier())
    notes = {f"{each.size:012}": each.note.encode() for each in found}
    for name, note in notes.items():
        put(out / "checkpoints" / name, note)
    for there in (out / "checkpoints").iterdir():
        if there.name not in notes:  # of a log of another name: not signed by this key
            there.unlink()
    with file.open("ab" if old else "wb") as entries_file:
        for line in entries(connection, old, size):
            entries_file.write(line)
    for level, number, width in tiles(old, size):
        put(out / tile_path(level, number, width), tile(connection, level, number, width))
    put(out / "checkpoint", found[-1].note.encode())
    return Written(origin, size, _length(file))


def _length(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
