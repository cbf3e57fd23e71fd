"""The site as a folder: written again it changes only what is different, a file at a time and
whole, and takes away what it no longer has. It never touches a folder that is not its own.

The folder's manifest says by which stamp each group of pages was made (`reports.site.site`). A run
that was cut off is made good by the next: a group's stamp is kept once all its files are there.
"""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec

from reports.site.addresses import ENGLISH
from reports.site.unit_pages import Pages

MANIFEST = ".skm-site.json"
_PART = ".part"  # behind the name of a file that is not whole yet


class FolderRefused(Exception):
    """`why`: other | busy; `at`: the folder."""

    def __init__(self, why: str, at: Path) -> None:
        super().__init__(f"{why}: {at}")
        self.why, self.at = why, at


@dataclass
class Folder:
    """`stamps`: group → stamp, as it lies there; `kept`: what else the last run noted."""

    path: Path
    stamps: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    def write(self, group: str, pages: Pages) -> int:
        """Make a group's files; how many are different now. What else lies in its folders goes."""
        changed, mine = 0, set[Path]()
        for name, make in pages.items():
            content = make()
            if content is None:
                continue
            mine.add(self.path / name)
            changed += put(self.path / name, content)
        if group:
            for folder in self._folders(group):
                _clear(folder, mine)
        return changed

    def read(self, file: str) -> bytes | None:
        """None: it is not there."""
        try:
            return (self.path / file).read_bytes()
        except FileNotFoundError:
            return None

    def take_away(self, groups: Iterable[str]) -> int:
        """Groups that are no more."""
        number = 0
        for group in groups:
            for folder in self._folders(group):
                if folder.is_dir():
                    shutil.rmtree(folder)
                    number += 1
            self.stamps.pop(group, None)
        return number

    def _folders(self, group: str) -> tuple[Path, Path]:
        return self.path / group, self.path / ENGLISH / group

    def save(self, stamps: Mapping[str, str]) -> None:
        self.stamps = dict(stamps)
        said = {"made_by": "skm site", "groups": self.stamps, "kept": self.kept}
        put(self.path / MANIFEST, msgspec.json.encode(said))


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """A folder that is ours, or empty, or not there yet; for one run at a time. Raises
    FolderRefused, OSError."""
    path.mkdir(parents=True, exist_ok=True)
    file = path / MANIFEST
    if not file.exists():
        if any(path.iterdir()):
            raise FolderRefused("other", path)
        put(file, b'{"made_by": "skm site", "groups": {}, "kept": {}}')
    with _alone(path):
        try:
            said = msgspec.json.decode(file.read_bytes())
            found = Folder(path, dict(said["groups"]), dict(said["kept"]))
        except (ValueError, KeyError, TypeError):
            found = Folder(path)  # damaged: all is made anew
        yield found


@contextmanager
def _alone(path: Path) -> Iterator[IO[bytes]]:
    with (path / f"{MANIFEST}.lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FolderRefused("busy", path) from None
        yield lock


def put(file: Path, content: bytes) -> bool:
    """Whether the file was another. Whoever reads it meanwhile has the old one, or the new."""
    try:
        with file.open("rb") as there:
            if there.read() == content:
                return False
    except FileNotFoundError:
        pass
    part = f"{file}{_PART}"
    try:
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    with os.fdopen(opened, "wb") as out:
        out.write(content)
    os.replace(part, file)
    return True


def _clear(folder: Path, mine: set[Path]) -> None:
    for place, _, files in os.walk(folder, topdown=False):
        here = Path(place)
        for name in files:
            if here / name not in mine:
                (here / name).unlink()
        if here != folder and not any(here.iterdir()):
            here.rmdir()
