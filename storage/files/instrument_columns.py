"""An instrument's questions as people's tables have them: what their columns are called, in each
language, what else they are like, and what their answers are in words."""

from functools import cache

from flows.instrument import Instrument
from flows.loader import LANGUAGES, instrument, words
from storage.files.found_table import Names, names_of
from storage.files.likeness import Likeness, plain


@cache
def names(id: str) -> Names:
    """Item or column beside → what it is called, the best name first."""
    by = instrument(id)
    own = {item.key: tuple(map(plain, _texts(by, item.key))) for item in by.items}
    bands = {band.key: names_of("answers").get(band.key, ()) for band in by.bands}
    asked = {band: (*known, plain(words("id").texts[f"profile.{band}.title"]))
             for band, known in bands.items()}  # fmt: skip
    return {**names_of("answers"), **own, **asked}


@cache
def like(id: str) -> Likeness:
    by, own = instrument(id), names_of("own_words")
    known = {"comment", *(band.key for band in by.bands)}
    known |= {*by.keys} if {*by.keys} <= own.keys() else set()  # else it asks other things
    return Likeness({key: words for key, words in own.items() if key in known})


@cache
def answers(id: str) -> dict[str, dict[str, int]]:
    """Item → an answer's words, `plain` → its value. Words of two answers are none's."""
    by, said = instrument(id), dict[str, dict[str, int]]()
    for item in by.items:
        known: dict[str, set[int]] = {}
        for value in by.values:
            for language in LANGUAGES:
                text = words(language).texts.get(by.option_key(item, value), "")
                known.setdefault(plain(text), set()).add(value)
        said[item.key] = {text: v.pop() for text, v in known.items() if text and len(v) == 1}
    return said


def _texts(by: Instrument, key: str) -> list[str]:
    keys = (f"{by.id}.{key}.name", f"{by.id}.{key}.short", f"{by.id}.{key}")
    found = [words(language).texts.get(each, "") for language in LANGUAGES for each in keys]
    item = next(each for each in by.items if each.key == key)
    return [text for text in dict.fromkeys([item.name, *found]) if text]
