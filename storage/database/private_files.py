"""Files that only their owner reads: databases, slips, exports, digests, papers, pictures of links.

Whatever the umask, and whatever lay there before, they are made with mode 0600.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

OTHERS = 0o077  # the bits of everybody but the owner


@contextmanager
def private_file(file: Path) -> Iterator[BinaryIO]:
    """A file to write, put in its place when it is whole: until then what lay there stays, and a
    link that lay there is not followed. A pipe or a device is written as it is, but none that
    somebody else put there to read along. Raises OSError."""
    if file.exists() and not file.is_file():
        with file.open("wb") as there:
            if os.fstat(there.fileno()).st_uid not in (0, os.geteuid()):
                raise PermissionError(errno.EPERM, "it is another user's", str(file))
            yield there
        return
    try:
        opened, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # 0600, and new
    except OSError as error:
        error.filename = str(file)  # the name that the reader knows
        raise
    try:
        with os.fdopen(opened, "wb") as part:
            yield part
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise


def write_private(file: Path, content: bytes) -> None:
    """Raises OSError."""
    with private_file(file) as opened:
        opened.write(content)


def make_private(file: Path) -> None:
    """An empty file, unless there is one. Raises OSError."""
    os.close(os.open(file, os.O_CREAT | os.O_RDONLY, 0o600))


def make_private_folder(folder: Path) -> None:
    """With the folders above it that are missing; one that is there stays as it is."""
    for each in reversed([folder, *folder.parents]):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)


def readers(file: Path) -> str:
    """The mode of a file that others than its owner may open, such as "644"; else nothing."""
    try:
        mode = file.stat().st_mode & 0o777
    except OSError:
        return ""
    return f"{mode:o}" if mode & OTHERS else ""
