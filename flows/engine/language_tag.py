"""How the bot speaks to somebody, as one tag: a language, and whether in large print.

    "id"    "en-x-large"       (BCP 47: "x-large" is a private subtag)

Large print puts one option on each line (`flows.engine.say`). Being part of the tag it is chosen,
kept, changed and passed on to the next conversation exactly as the language is.
"""

LARGE, USUAL = "large", "usual"
_MARK = f"-x-{LARGE}"


def language_of(spoken: str) -> str:
    return spoken.removesuffix(_MARK)


def is_large(spoken: str) -> bool:
    return spoken.endswith(_MARK)


def changed(spoken: str, to: str) -> str:
    """With another language and the same print, or (LARGE, USUAL) in another print."""
    large = is_large(spoken) if to not in (LARGE, USUAL) else to == LARGE
    language = language_of(spoken) if to in (LARGE, USUAL) else to
    return language + (_MARK if large else "")
