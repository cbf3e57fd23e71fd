"""The one place where `flows` reads files: instruments (TOML) and catalogues (gettext .po)."""

import ast
import tomllib
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from flows.engine.language_tag import is_large, language_of
from flows.engine.say import Words
from flows.engine.typed_words import tokens
from flows.formats import period_line
from flows.instrument import Band, Grade, Instrument, Item

INSTRUMENTS = (
    "skm-14-2017",
    "skm-16-2014",
    "ikm-25-2004",
    "spkp",
    "spak-4",
    "spak-6",
    "f-03",
)
CURRENT = "skm-14-2017"
SKM = "skm"  # the survey of `CURRENT`: the one that every unit has


@cache
def instrument(name: str) -> Instrument:
    """Raises FileNotFoundError for a name that no release had."""
    data = tomllib.loads((files("flows") / "instruments" / f"{name}.toml").read_text("utf-8"))
    made = {key: make(data.pop(key)) for key, make in _MADE.items() if key in data}
    return Instrument(**data, **made)


def _items(rows: list[dict[str, Any]]) -> tuple[Item, ...]:
    return tuple(Item(**dict(map(_frozen, row.items()))) for row in rows)


def _frozen(pair: tuple[str, Any]) -> tuple[str, Any]:
    key, value = pair
    return key, tuple(value) if isinstance(value, list) else value


def _band(data: dict[str, Any]) -> Band:
    return Band(data["key"], tuple(data["choices"]))


def _grade(data: dict[str, Any]) -> Grade:
    return Grade(data["grade"], data["label"], Fraction(data["lowest"]))


_MADE: dict[str, Callable[[Any], Any]] = {
    "times": Fraction,
    "items": _items,
    "profile": lambda rows: tuple(map(_band, rows)),
    "grades": lambda rows: tuple(map(_grade, rows)),
    "way": _band,
    "options": tuple,
    "unconfirmed": tuple,
}


@cache
def words(language: str) -> Words:
    """The texts of a language (`flows.engine.language_tag`); what it lacks is said in Indonesian.
    Unknown:
    Indonesian."""
    if is_large(language):
        return replace(words(language_of(language)), large=True)
    indonesian = dict(read_po("id"))
    questions: set[str] = set()
    for name in INSTRUMENTS:
        indonesian |= instrument(name).texts()
        questions |= {f"{name}.{item.key}" for item in instrument(name).items}
    spoken = read_po(language) if language in LANGUAGES and language != "id" else {}
    unofficial = frozenset(questions & spoken.keys())
    texts = {**indonesian, **spoken}
    known = frozenset(w for key, text in texts.items() if "heard" not in key for w in tokens(text))
    return Words(language, texts, unofficial, named={"period": period_line}, known=known)


@cache
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


def _languages() -> dict[str, str]:
    """Code → the language's own name for itself, of every catalogue there is; Indonesian first,
    then English: they are whole."""
    found = (file.name.removesuffix(".po") for file in (files("flows") / "words").iterdir())
    codes = sorted(found, key=lambda code: (code != "id", code != "en", code))
    return {code: read_po(code)["language.name"] for code in codes}


LANGUAGES = _languages()
