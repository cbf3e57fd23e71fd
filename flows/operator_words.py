"""What is said to whoever runs skm, at the command line: in one language a run.

The English sentence stands in the code and is the key, as with gettext; `operator.po` has its
Indonesian. What a log says stays English: it is read by programs, too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Literal

from flows.engine.agreeing import agreeing

Spoken = Literal["id", "en"]

_spoken: list[Spoken] = ["en"]


def speak(language: Spoken) -> None:
    """From now on, in this process."""
    _spoken[0] = language


def spoken() -> Spoken:
    return _spoken[0]


@contextmanager
def speaking(language: Spoken) -> Iterator[None]:
    before = spoken()
    speak(language)
    try:
        yield
    finally:
        speak(before)


def tr(english: str, *values: object) -> str:
    """The sentence in the language of this run, with values for {0}, {1} and so on."""
    said = indonesian().get(english, english) if spoken() == "id" else english
    return agreeing.vformat(said, values, {}) if values else said


# What the system says of files (errno), as it stands in its own words.
REASONS = (
    "No such file or directory",
    "Permission denied",
    "No space left on device",
    "Read-only file system",
    "Is a directory",
    "Not a directory",
    "Operation not permitted",
)


def reason(fault: OSError) -> str:
    """Why the system refused, in the language of this run."""
    return tr(fault.strerror or type(fault).__name__)


@cache
def indonesian() -> dict[str, str]:
    """English → Indonesian."""
    from flows.loader import read_po  # not for those who speak English

    return read_po("operator")
