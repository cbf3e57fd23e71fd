"""A comment's words as they are meant: "dmntai duit bgt" is hard to look for, words are not.

Small letters, letters drawn out cut ("lamaaa"), short forms written out (`informal.toml`), "beda2"
as two words; of the signs only commas and "." for what ends a clause stay.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_PART = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[.,;!\n]")
_DRAWN_OUT = re.compile(r"(.)\1{2,}|(.)\2+\Z")
_END = "."


def formal(text: str) -> str:
    """The words and signs with one space between them."""
    return " ".join(_words(text))


def _words(text: str) -> Iterator[str]:
    before = _END
    for part in _PART.findall(text.lower()):
        if not part[0].isalnum():
            word = "," if part == "," else _END
        elif part == "2" and before.isalpha():
            word = before
        else:
            word = _DRAWN_OUT.sub(r"\1\2", part) if part.isalpha() else part
            word = _short_forms().get(word, word)
        yield word
        before = word


@cache
def _short_forms() -> dict[str, str]:
    data = tomllib.loads((files("reports.comments") / "informal.toml").read_text("utf-8"))
    return {short: word for word, forms in data.items() for short in forms.split()}
