"""Whether a word of a text is a person's name: by its lists, its capital, its ending."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

Words = frozenset[str]

# How far the words before are to be trusted. strong ("pak"): an unknown word is a name;
# weak ("petugas"): an unknown word with a capital is; known: only a known name is.
Trust = Literal["strong", "weak", "known"]

_WORD = re.compile(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*")
_VOWEL = re.compile(r"[aeiouy]")
_FORMED = re.compile(  # "melayani", "dibantu", "antriannya"
    r"(?:me(?=ng|n[cdjsty]|m[bpf]|[lmnrwy][aeiou])|ber|ter|di|pe|ke|se|ng|ny)[a-z]{4,}"
    r"|[a-z]{2,}nya|[a-z]{3,}(?:kan|lah|kah)"
)
_POSSESSIVE = re.compile(r"-?(?:nya|mu|ku|ny)\Z")
_MOST = 0.6  # more capitals among the words than this, and they tell nothing


class NameLists(NamedTuple):
    """Field by field `names.toml`, where each list says what it means."""

    titles: Words
    weak_titles: Words
    roles: Words
    abbreviations: Words
    shortened: Words
    introducers: Words
    pointers: Words
    between: Words
    posts: Words
    places_named_after: Words
    after_adjectives: Words
    joins: Words
    both: Words
    endings: Words
    known: Words
    ordinary: Words


@cache
def name_lists() -> NameLists:
    return NameLists(**{key: frozenset(value.split()) for key, value in _read("names").items()})


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("reports.comments") / f"{name}.toml").read_text("utf-8"))


@cache
def never_a_name() -> Words:
    """Ordinary words, those that come before names, and abuse: that is folded, not masked."""
    has = name_lists()
    before = has.titles | has.weak_titles | has.roles | has.abbreviations | has.posts
    return (
        has.ordinary | before | has.introducers | has.joins | set(_read("abuse")["words"].split())
    )


@cache
def names() -> Words:
    """Known names, and those ends of names that are names themselves."""
    return name_lists().known | name_lists().endings


@cache
def endings() -> tuple[str, ...]:
    return tuple(name_lists().endings)


class Word(NamedTuple):
    """`text` in small letters; `gap`: what stands before the next word."""

    start: int
    end: int
    text: str
    shape: Literal["small", "capital", "capitals"]
    gap: str


def words_of(text: str) -> list[Word]:
    """Shapes are "small" throughout where most words have a capital."""
    found = list(_WORD.finditer(text))
    tells = _tells([match[0] for match in found])
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [
        Word(
            *match.span(),
            match[0].lower(),
            _shape(match[0]) if tells else "small",
            text[match.end() : end],
        )
        for match, end in zip(found, ends[: len(found)], strict=True)
    ]


def _tells(words: Sequence[str]) -> bool:
    """Whether capitals tell names here: judged by the words that are surely none."""
    others = [word for word in words if len(word) > 2 and not _is_of_a_name(word.lower())]
    raised = sum(word[0].isupper() for word in others)
    return raised <= max(1, _MOST * len(others))


def _is_of_a_name(text: str) -> bool:
    has = name_lists()
    return text in has.titles or text in has.introducers or text in has.both or is_known(text)


def _shape(word: str) -> Literal["small", "capital", "capitals"]:
    if len(word) > 1 and word.isupper():
        return "capitals"
    return "capital" if word[0].isupper() else "small"


def is_initial(word: Word) -> bool:
    """ "S" in "Budi S", "m." in "pak m. yusuf"."""
    return len(word.text) == 1 and (word.shape == "capital" or word.gap.startswith("."))


def is_formed(text: str) -> bool:
    """Whether a word has a verb's beginning or an ending that no name has: "melayani"."""
    return _FORMED.fullmatch(text) is not None


def is_known(text: str) -> bool:
    """Whether a word is a name and nothing else."""
    stem = _POSSESSIVE.sub("", text)
    return text in names() or stem in names() or (len(text) > 5 and text.endswith(endings()))


def is_name(words: Sequence[Word], at: int, trust: Trust, *, first: bool) -> bool:
    word = words[at]
    if _is_ordinary(word.text):
        return False
    if is_known(word.text):
        return True
    if word.text in name_lists().both:
        return _is_meant(words, at, trust, first=first)
    if trust == "known" or len(word.text) < 2:
        return False
    if word.shape == "capital":
        return (trust == "strong" and first) or not word.text.endswith("nya")
    stands_out = word.shape == "capitals" and len(word.text) > 4
    return (trust == "strong" or stands_out) and first and _may_be(word)


def _is_ordinary(text: str) -> bool:
    return text in never_a_name() or (
        "-" in text and any(part in never_a_name() for part in text.split("-"))
    )


def _is_meant(words: Sequence[Word], at: int, trust: Trust, *, first: bool) -> bool:
    """Whether a word that may be a name or not is one here: "Pak Bagus", not "pak bagus sekali"."""
    if words[at].shape == "capital":
        return trust != "known" or not first
    after = words[at + 1].text if at + 1 < len(words) else ""
    return trust == "strong" and first and after not in name_lists().after_adjectives


def _may_be(word: Word) -> bool:
    """An unknown word in small letters or in capitals."""
    return (
        len(word.text) > 2
        and _VOWEL.search(word.text) is not None
        and not _FORMED.fullmatch(word.text)
    )
