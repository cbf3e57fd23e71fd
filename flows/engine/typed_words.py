"""What somebody typed as words that can be compared: no case, no signs, no slips of spelling.

Nothing here guesses. A word is another one's slip only if one letter is wrong, missing or too many,
if it is its beginning, or if its vowels are left out.
"""

import unicodedata
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache

_IGNORED = "\ufe0f\u20e3"  # they make a keycap of a digit, an emoji of a sign
_SKINS = range(0x1F3FB, 0x1F400)
_KEPT_APART = ("<super>", "<sub>", "<fraction>")  # "²" is no 2
_VOWELS = "aeiou"
BEGINNING = 4  # letters that are enough to know a word by its beginning
ONE_WRONG = 4  # letters of a word in which one may be wrong
CONSONANTS = 3


def tokens(text: str) -> list[str]:
    """The words of a text in their order; a number with a minus before it is a word of its own."""
    spaced, before = "", " "
    for character, written in (pair for each in text for pair in _folded(each)):
        is_minus = character == "-" and not before.isalnum()
        spaced += "-" if is_minus else written
        before = character
    found = (token if _is_below_zero(token) else token.strip("-") for token in spaced.split())
    return [_once(token) for token in found if token]


def _is_below_zero(token: str) -> bool:
    return token[0] == "-" and token[1:].isdecimal()


@lru_cache(4096)  # letters; a nation's words have some hundreds
def _folded(character: str) -> tuple[tuple[str, str], ...]:
    """The letters and signs that it is, each with what is written for it."""
    if character in _IGNORED or ord(character) in _SKINS:
        return ()
    if unicodedata.decomposition(character).startswith(_KEPT_APART):
        return ((character, _written(character)),)
    folded = unicodedata.normalize("NFKC", character).casefold()
    return tuple((each, _written(each)) for each in folded)


def _written(character: str) -> str:
    """A sign is a word of its own; what is neither it nor a letter or digit parts words."""
    kind = unicodedata.category(character)
    return f" {character} " if kind == "So" else character if kind[0] in "LMN" else " "


def _once(token: str) -> str:
    """A letter drawn out for emphasis, "mudaaah", once."""
    kept = ""
    for at, letter in enumerate(token):
        again = token[at - 1 : at] == letter and letter.isalpha()
        long = again and (token[at - 2 : at - 1] == letter or token[at + 1 : at + 2] == letter)
        kept += "" if long else letter
    return kept


def number_in(words: Iterable[str], beside: Iterable[str], named: Sequence[str]) -> int | None:
    """The one number that is said, and nothing besides it but words of `beside`; None of others."""
    said = numbers_in(words, beside, named)
    return said[0] if len(said) == 1 else None


def numbers_in(words: Iterable[str], beside: Iterable[str], named: Sequence[str]) -> list[int]:
    """The numbers that are said, in the digits of any script or by their names, and nothing besides
    them but words of `beside`, also glued to one ("22thn"); empty where something else is said.
    `named`: the names of 1, 2, 3, …"""
    allowed = set(beside)
    read = [_number(word, allowed, named) for word in words if word not in allowed]
    return [] if None in read else [number for number in read if number is not None]


def _number(word: str, allowed: Container[str], named: Sequence[str]) -> int | None:
    digits = word.rstrip("".join(letter for letter in word if letter.isalpha()))
    if digits.isdecimal() and (digits == word or word[len(digits) :] in allowed):
        return int(digits) if len(digits) <= 3 else None
    if word in named:
        return named.index(word) + 1
    slips = [at for at, name in enumerate(named, 1) if _is_cut_short(word, name)]
    return slips[0] if len(slips) == 1 else None


def _is_cut_short(word: str, name: str) -> bool:
    """Without a vowel inside, or with two neighbours in each other's place: "tga", "emapt". With
    another letter or one more it may be another word: "tida", "sabtu"."""
    without = {name[:at] + name[at + 1 :] for at in range(1, len(name) - 1) if name[at] in _VOWELS}
    swapped = sorted(word) == sorted(name) and _one_apart(word, name)
    return word[0] == name[0] and ((len(word) >= CONSONANTS and word in without) or swapped)


def meant_by(word: str, there_are: Iterable[str]) -> list[str]:
    """Of the words that there are those that this one may be a slip of."""
    return [other for other in there_are if _is_slip(word, other)]


def _is_slip(word: str, other: str) -> bool:
    if not (word.isalpha() and other.isalpha()) or word[0] != other[0]:
        return False
    consonants = "".join(letter for letter in other if letter not in _VOWELS)
    return (
        (len(word) >= BEGINNING and other.startswith(word))
        or (len(word) >= CONSONANTS and word == consonants)
        or (min(len(word), len(other)) >= ONE_WRONG and _one_apart(word, other))
    )


def _one_apart(one: str, other: str) -> bool:
    """One letter wrong, missing or too many, or two neighbours in each other's place."""
    if len(one) > len(other):
        one, other = other, one
    at = next((at for at, letter in enumerate(one) if letter != other[at]), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at + 1 : at + 2] + one[at : at + 1] + one[at + 2 :]
    return one[at + 1 :] == other[at + 1 :] or swapped == other[at:]
