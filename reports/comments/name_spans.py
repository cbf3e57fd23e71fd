"""Names of persons in a text: after a title ("Pak Budi Santoso", "bu sri"), after "nama saya" and
its like, after another name and "dan", and known names that stand out or stand together.

Streets and hospitals named after persons ("RSUD dr. Soetomo") stay.
"""

import re
from collections.abc import Iterator, Sequence

from reports.comments.name_words import (
    Trust,
    Word,
    is_initial,
    is_known,
    is_name,
    name_lists,
    words_of,
)
from reports.comments.spans import Span

Place = tuple[int, Trust]  # the word with which a name may begin

_AFTER_TITLE = re.compile(r"[ ]|[ ]?[.:*_\"'(][ ]?")
_AFTER_POST = re.compile(r"[ ]?\d{0,3}[ ]?[(,:]?[ ]?")
_BETWEEN = re.compile(r"[ ]?[:=]?[ ]?")
_AND = re.compile(r"[ ]?[&+/,][ ]?")
_GLUED = re.compile(r"(pak|bapak|ibu|bu|mbak|mas|bang|kak)([a-z]{4,})")
_LONGEST = 5  # words of a name
_INITIALS = ("inisial", "berinisial")


def name_spans(text: str) -> list[Span]:
    words, spans, at, named = words_of(text), list[Span](), 0, -1
    while at < len(words):
        begin, end = _name(words, at, after_name=at == named)
        if end > begin:
            spans.append(Span(words[begin].start, words[end - 1].end, "name"))
            named = end
        elif glued := _glued(words[at]):
            spans.append(glued)
        at = max(at + 1, end)
    return spans


def _name(words: Sequence[Word], at: int, *, after_name: bool) -> tuple[int, int]:
    """The first name that the word at this place introduces or begins; empty for none."""
    for begin, trust in _places(words, at, after_name=after_name):
        end = _end(words, begin, trust)
        if end > begin:
            return begin, end
    return at, at


def _end(words: Sequence[Word], begin: int, trust: Trust) -> int:
    """After the last word of the name that begins here, `begin` for none."""
    end = begin
    for at in range(begin, min(begin + _LONGEST, len(words))):
        if at > begin and not _goes_on(words[at - 1]):
            break
        if _belongs(words, at, trust, first=end == begin):
            end = at + 1
        elif not _may_link(words[at], first=end == begin):
            break
    return end


def _belongs(words: Sequence[Word], at: int, trust: Trust, *, first: bool) -> bool:
    word = words[at]
    if is_initial(word):
        return word.shape == "capital" and (trust == "strong" or not first)
    return is_name(words, at, trust, first=first) or _is_initials(words, at)


def _may_link(word: Word, *, first: bool) -> bool:
    """ "M." before a name, "bin" inside one."""
    return is_initial(word) or (not first and word.text in name_lists().joins)


def _goes_on(before: Word) -> bool:
    gap = before.gap.replace(".", "", 1) if len(before.text) == 1 else before.gap
    return gap in ("", " ") and before.gap != ""


def _is_initials(words: Sequence[Word], at: int) -> bool:
    return at > 0 and words[at - 1].text in _INITIALS and len(words[at].text) < 4


def _places(words: Sequence[Word], at: int, *, after_name: bool) -> Iterator[Place]:
    """Where names may begin because of the word at this place."""
    if not _is_of_a_place(words, at):
        yield from _after_title(words, at)
        yield from _after_introducer(words, at)
        yield from _without_title(words, at)
    if after_name and words[at].text in ("dan", "serta"):
        yield at + 1, "known"
    elif after_name and _AND.fullmatch(words[at - 1].gap):
        yield at, "known"


def _is_of_a_place(words: Sequence[Word], at: int) -> bool:
    """Whether a street or a building is named: its word stands before, titles and names between."""
    has, before = name_lists(), at - 1
    while before > max(-1, at - 5) and (
        words[before].text in has.titles | has.abbreviations | has.both
        or is_known(words[before].text)
    ):
        before -= 1
    return before >= 0 and words[before].text in has.places_named_after


def _after_title(words: Sequence[Word], at: int) -> Iterator[Place]:
    word, has = words[at], name_lists()
    text = word.text if word.text in has.weak_titles else _once(word.text)
    if not _AFTER_TITLE.fullmatch(word.gap):
        return
    if text in has.abbreviations:
        yield at + 1, "weak" if word.gap[0] == "." else "known"
    elif text in has.titles:
        yield at + 1, "known" if _ends_sentence(word) else "strong"
    elif text in has.weak_titles | has.roles:
        titled = at > 0 and words[at - 1].text in has.titles
        is_weak = (titled or text in has.weak_titles) and not _ends_sentence(word)
        yield at + 1, "weak" if is_weak else "known"
        yield _past(words, at, has.posts, _AFTER_POST), "known"


def _ends_sentence(word: Word) -> bool:
    """ "Terima kasih pak. Semoga": a point and a space after a title that needs no point."""
    return word.gap[0] == "." and len(word.gap) > 1 and word.text not in name_lists().shortened


def _once(text: str) -> str:
    """Without letters drawn out: "pakkk"."""
    return re.sub(r"(.)\1+", r"\1", text)


def _past(words: Sequence[Word], at: int, skipped: frozenset[str], gap: re.Pattern[str]) -> int:
    """The place after the words that may stand between, four at most; past the end for none."""
    for there in range(at, min(at + 5, len(words) - 1)):
        if there > at and words[there].text not in skipped:
            return there
        if not gap.fullmatch(words[there].gap):
            return len(words)
    return min(at + 5, len(words) - 1)


def _after_introducer(words: Sequence[Word], at: int) -> Iterator[Place]:
    word, has = words[at], name_lists()
    following = words[at + 1].text if at + 1 < len(words) else ""
    if word.text == "a" and word.gap in (".", "/") and following == "n":
        yield at + 2, "strong"
    elif word.text == "an":
        yield at + 1, "weak" if word.gap.startswith(".") else "known"
    elif word.text in has.introducers:
        is_sure = word.text in _INITIALS or (at > 0 and words[at - 1].text == "atas")
        yield _past(words, at, has.between, _BETWEEN), "strong" if is_sure else "weak"


def _without_title(words: Sequence[Word], at: int) -> Iterator[Place]:
    """A known name that stands out, also after "oleh"; two known names in small letters."""
    here, after = words[at], words[at + 1] if at + 1 < len(words) else None
    if _stands_out(here) and len(here.text) > 3:
        yield at, "known"
    elif after and here.text in name_lists().pointers and _stands_out(after):
        yield at + 1, "known"
    elif after and here.gap == " " and _is_sure(here) and _is_sure(after):
        yield at, "known"


def _is_sure(word: Word) -> bool:
    return len(word.text) > 2 and is_known(word.text)


def _stands_out(word: Word) -> bool:
    return word.shape != "small" and is_known(word.text)


def _glued(word: Word) -> Span | None:
    """ "pakbudi": a title and a known name without a space."""
    found = _GLUED.fullmatch(word.text)
    if not found or is_known(word.text) or found[2] not in name_lists().known:
        return None
    return Span(word.end - len(found[2]), word.end, "name")
