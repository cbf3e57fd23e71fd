"""The one place where `flows` reads files: instruments (TOML) and catalogues (gettext .po)."""

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache, partial
from importlib.resources import files
from typing import Any

from flows.engine.form import Line
from flows.engine.language_tag import is_large, language_of
from flows.engine.markup import marked
from flows.engine.say import Words
from flows.engine.typed_words import tokens
from flows.formats import period_line
from flows.instrument import Band, Grade, Instrument, Item

INSTRUMENTS = files("flows") / "instruments"  # one file an instrument
ANYWHERE = (
    "heard.yes", "heard.no", "heard.stop", "heard.thanks", "heard.closing", "heard.greeting",
)  # fmt: skip
OTHER_WORDS = "heard.other_words"  # that are near an answer's words and mean something else
SKM = "skm"  # the survey that every unit has


@cache
def instrument_ids() -> tuple[str, ...]:
    """Every instrument there is: those with a day from which they hold first, the newest of them
    first of all."""
    ids = [file.name.removesuffix(".toml") for file in INSTRUMENTS.iterdir()]
    by_day = sorted(((instrument(id).holds_from or date.min, id) for id in ids), reverse=True)
    return tuple(id for _, id in by_day)


def ids_of(survey: str) -> tuple[str, ...]:
    """The instruments that a survey is asked by, or was."""
    return tuple(id for id in instrument_ids() if instrument(id).survey == survey)


def skm_items() -> dict[str, Item]:
    """All that the SKM asks, or did, or will: key → item, those of the newest instrument first."""
    asked = (by for by in map(instrument, ids_of(SKM)) if by.asked)
    every = [(item.key, item) for by in asked for item in by.items]
    return {**dict(every), **dict(reversed(every))}


@cache
def skm_on(day: date) -> Instrument:
    """The instrument by which the SKM is asked on that day: of those with a day from which they
    hold, the last one begun by then; before all of them the first.

    A unit changes over only where a period of its own begins: ask `storage.units.Unit`. Units
    choose that of another survey (spak, spkp, f-03) themselves.
    """
    dated = [by for by in map(instrument, ids_of(SKM)) if by.asked and by.holds_from]
    return next((by for by in dated if by.holds_from and by.holds_from <= day), dated[-1])


def element_line(element: str, day: date) -> Line:
    """What an element of the SKM is called on that day; one that the instrument of the day has
    not is called as the newest that has it calls it."""
    by = (skm_on(day), *map(instrument, ids_of(SKM)))
    has = next(each for each in by if each.asked and element in each.keys)
    return Line(f"{has.id}.{element}.name")


def element_rows(elements: Iterable[str], day: date) -> list[dict[str, str]]:
    """Elements as what a form offers, by the names that they have on that day."""
    return [{"id": each, "key": element_line(each, day).key} for each in elements]


@cache
def instrument(name: str) -> Instrument:
    """Raises FileNotFoundError for a name that no release had."""
    data = tomllib.loads((INSTRUMENTS / f"{name}.toml").read_text("utf-8"))
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
    """The texts of a language (`flows.engine.language_tag`); what it lacks is said in Indonesian,
    and so is all of one that is not offered."""
    if is_large(language):
        return replace(words(language_of(language)), large=True)
    indonesian = dict(read_po("id"))
    questions: set[str] = set()
    for name in instrument_ids():
        indonesian |= instrument(name).texts()
        questions |= {f"{name}.{item.key}" for item in instrument(name).items}
    spoken = read_po(language) if language in LANGUAGES and language != "id" else {}
    unofficial = frozenset(questions & spoken.keys())
    texts = {**indonesian, **spoken}
    if spoken:
        texts |= _also_heard(indonesian, spoken)
    made = Words(
        language,
        texts,
        unofficial,
        named={"period": period_line},
        known=cache(partial(_known, texts)),  # most commands hear nobody type
    )
    return replace(made, short=_short(made), fillers=frozenset(made.listed("heard.fillers")))


def _known(texts: Mapping[str, str]) -> frozenset[str]:
    said = [text for key, text in texts.items() if "heard" not in key or key == OTHER_WORDS]
    return frozenset(word for text in said for word in tokens(text))


@cache
def desk_words(language: str) -> Words:
    """As `words`, for whoever sits at the web console: KEY.desk is said for KEY, and a command is
    chosen there, not typed."""
    spoken = words(language)
    chosen = [item.split("=") for item in spoken.listed("desk.instead")]
    texts = {}
    for key, text in spoken.texts.items():
        said = spoken.texts.get(f"{key}.desk", text)
        for typed, other in chosen if not key.startswith("console.") else ():
            said = said.replace(typed, other)
        texts[key] = said
    return replace(spoken, texts=texts)


def _short(made: Words) -> dict[str, str]:
    """The catalogue writes "krng/krg=kurang"."""
    return {
        short: full
        for item in made.listed("heard.short")
        for of, _, full in [item.partition("=")]
        for short in of.split("/")
    }


def _also_heard(indonesian: Mapping[str, str], spoken: Mapping[str, str]) -> dict[str, str]:
    """What may be typed for a button (`flows.engine.hear`): Indonesian in every language."""
    heard = {}
    for key, listed in indonesian.items():
        if key.endswith(".heard") or key in ANYWHERE:
            said = (spoken.get(key), listed, indonesian.get(key.removesuffix(".heard")))
            heard[key] = " · ".join(each for each in said if each and "{" not in each)
    return heard


@cache
def read_po(language: str) -> dict[str, str]:
    """A .po file as {msgid: msgstr}, empty translations left out.

    "operator" is what is said at the command line (`flows.operator_words`). Raises SyntaxError
    naming file and line. Plurals and contexts are not used here: gettext's own
    loader wants compiled files, and these few rules are all that the catalogues need.
    """
    texts: dict[str, str] = {}
    entry: list[str] = []
    folder = files("flows") if language == "operator" else files("flows") / "words"
    text = (folder / f"{language}.po").read_text("utf-8")
    for number, line in enumerate([*text.splitlines(), 'msgid ""'], 1):
        keyword, _, quoted = line.partition('"')
        keyword = keyword.strip()
        if keyword.startswith("#") or not line.strip():
            continue
        if keyword not in ("", "msgid", "msgstr") or not line.rstrip().endswith('"'):
            raise SyntaxError(f"{language}.po, line {number}: neither msgid, msgstr nor text")
        if keyword == "msgid":
            if entry and len(entry) != 2:
                raise SyntaxError(f"{language}.po, line {number}: not one msgstr stands above it")
            if entry and entry[1]:
                texts[entry[0]] = marked(entry[1])
            entry = []
        if keyword:
            entry.append("")
        entry[-1] += _unquoted(f'"{quoted.rstrip()}', f"{language}.po, line {number}")
    texts.pop("", None)  # the header
    return texts


def _unquoted(text: str, where: str) -> str:
    """The escapes of the catalogues are those of JSON. Every process reads all catalogues when it
    starts, so what has nothing to unescape is taken as it is."""
    inside = text[1:-1]
    if "\\" not in inside and '"' not in inside:
        return inside
    try:
        said: str = json.loads(text)
    except ValueError as fault:
        raise SyntaxError(f"{where}: not a text in quotes ({fault})") from None
    return said


# What a citizen reads from the consent to the thanks: texts, or (with a point) all that begin so. A
# language can be offered once it has all of it.
CITIZENS = {
    "survey.", "profile.", "review.", "move.", "wordless.", "edited.", "thanks.",
    "progress", "choose", "choose.numbered", "heard.near", "write", "too_long", "numbered", "skip",
    "skip_all", "not_applicable", "done", "chosen", "chosen.all", "yes", "no", "stale", "changed",
    "resumed", "reminder", "resume", "resume.continue", "resume.continue.survey",
    "resume.continue.at", "change", "help", "language", "language.name", "display", "display.large",
    "display.usual", "unofficial", "nothing_open", "over", "ended.gone", "ended.over", "ended.edit",
    "ended.withdraw", "ended.check", "ended.news", "ended.news.begun",
}  # fmt: skip
ALWAYS = ("id", "en")  # offered by every unit


def missing(language: str) -> set[str]:
    """What of the citizens' survey, by the newest instrument, is not in a language. Raises
    FileNotFoundError for one of which there is no catalogue."""
    newest = instrument(ids_of(SKM)[0])
    own = {
        key
        for key in read_po("id")
        if not CITIZENS.isdisjoint((key, f"{key.partition('.')[0]}.")) and key[-6:] != ".heard"
    }
    return (own if language == "id" else own | newest.texts().keys()) - read_po(language).keys()


def catalogues() -> list[str]:
    """The languages of which there is a catalogue, whole or not; Indonesian first, then English."""
    found = (file.name.removesuffix(".po") for file in (files("flows") / "words").iterdir())
    return sorted(found, key=lambda code: (code not in ALWAYS, code != "id", code))


def _is_reviewed(language: str) -> bool:
    """Whether its header names who read it."""
    text = (files("flows") / "words" / f"{language}.po").read_text("utf-8")
    return '"X-Reviewed: no\\n"' not in text


_LACKING = {code: sorted(missing(code)) for code in catalogues()}
for _code in ALWAYS:
    if _LACKING[_code]:
        raise LookupError(f"flows/words/{_code}.po lacks of the survey: {_LACKING[_code]}")

# Code → the language's own name for itself, of those in which the whole survey is.
LANGUAGES = {code: read_po(code)["language.name"] for code in catalogues() if not _LACKING[code]}


def offered(named: Iterable[str]) -> frozenset[str]:
    """The languages that citizens may choose where these are named: of the whole ones those, and
    those that a native speaker has read."""
    return frozenset(code for code in LANGUAGES if code in {*ALWAYS, *named} or _is_reviewed(code))
