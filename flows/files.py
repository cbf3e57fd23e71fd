"""The one place where `flows` reads files: instruments (TOML) and catalogues (gettext .po)."""

import ast
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from flows.asides import LANGUAGES
from flows.instrument import Band, Instrument, Item
from flows.say import Words

INSTRUMENTS = ("skm-14-2017",)
CURRENT = "skm-14-2017"


@cache
def instrument(name: str) -> Instrument:
    """Raises FileNotFoundError for a name that no release had."""
    data = tomllib.loads((files("flows") / "instruments" / f"{name}.toml").read_text("utf-8"))
    return Instrument(
        data["id"],
        data["name"],
        data["scale"],
        tuple(_item(item) for item in data["items"]),
        tuple(Band(band["key"], tuple(band["choices"])) for band in data["profile"]),
    )


def _item(data: dict[str, Any]) -> Item:
    return Item(**{**data, "options": tuple(data["options"])})


@cache
def words(language: str) -> Words:
    """The texts of a language; what it lacks is said in Indonesian. Unknown: Indonesian."""
    indonesian = read_po("id")
    for name in INSTRUMENTS:
        indonesian |= instrument(name).texts()
    spoken = read_po(language) if language in LANGUAGES and language != "id" else {}
    return Words(language, {**indonesian, **spoken})


def read_po(language: str) -> dict[str, str]:
    """A .po file as {msgid: msgstr}, empty translations left out.

    Raises SyntaxError naming file and line. Plurals and contexts are not used here: gettext's own
    loader wants compiled files, and these few rules are all that the catalogues need.
    """
    texts: dict[str, str] = {}
    entry: list[str] = []
    text = (files("flows") / "words" / f"{language}.po").read_text("utf-8")
    for number, line in enumerate([*text.splitlines(), 'msgid ""'], 1):
        keyword, _, quoted = line.partition('"')
        keyword = keyword.strip()
        if keyword.startswith("#") or not line.strip():
            continue
        if keyword not in ("", "msgid", "msgstr") or not line.rstrip().endswith('"'):
            raise SyntaxError(f"{language}.po, line {number}: neither msgid, msgstr nor text")
        if keyword == "msgid":
            if len(entry) == 2 and entry[1]:
                texts[entry[0]] = entry[1]
            entry = []
        if keyword:
            entry.append("")
        entry[-1] += ast.literal_eval(f'"{quoted.rstrip()}')
    texts.pop("", None)  # the header
    return texts
