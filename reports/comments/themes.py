"""Which element a comment is about, so that suggestions can be read by element.

By words alone (`themes.toml`): good enough to sort quotations, not to count them.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from reports.comments.complaints import phrase_pattern
from reports.comments.informal import formal


def element_of(text: str) -> str:
    """The element's key; "" where no words of any stand in it."""
    said = formal(text)
    return next((key for key, words in _themes().items() if words.search(said)), "")


@cache
def _themes() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads((files("reports.comments") / "themes.toml").read_text("utf-8"))
    return {
        key: re.compile("|".join(map(phrase_pattern, phrases))) for key, phrases in data.items()
    }
