"""What stands behind a digest's [Rincian]: every element, and what did not fit under the picture.

By the same released figures, whenever it is asked; at most 4,096 characters.
"""

from collections.abc import Iterable, Iterator

from flows.engine.capabilities import length
from flows.engine.form import Line, cut
from flows.engine.say import Words
from flows.formats import days, number
from reports.digest.caption import More, moved, place_text
from reports.digest.composed import Digest, Element
from reports.digest.words import (
    MESSAGE,
    NAME,
    element_name,
    grade_label,
    missing,
    of_kind,
    phrase,
    sampled,
    value_of,
)
from reports.disclosure import least


def details_text(digest: Digest, words: Words, more: More, radar: Iterable[Line] = ()) -> str:
    """`radar`: what it found in the SKM period before, a line each."""
    text = ""
    for line in _lines(digest, words, more, radar):
        if length(f"{text}\n{line}") > MESSAGE:
            break
        text = f"{text}\n{line}" if text else line
    return text


def _lines(digest: Digest, words: Words, more: More, radar: Iterable[Line]) -> Iterator[str]:
    yield phrase(words, "details", name=cut(digest.office.name, NAME), days=_days(digest, words))
    if digest.ikm is None:
        yield from missing(digest, words)
    else:
        yield from _headline(digest, words)
        yield ""
        for place, element in enumerate(digest.elements, 1):
            yield f"{place}. {_element(digest, element, words)}"
        if any(element.n and element.mean is None for element in digest.elements):
            yield phrase(words, "details.hidden", least=least())
        yield ""
    yield sampled(digest.sample, words)
    if digest.standing:
        yield place_text(digest.standing, words)
    yield from (text for text in (more.unpublished, more.doing, more.example) if text)
    found = [words.line(line) for line in radar]
    if found:
        yield from ("", phrase(words, "details.radar"), *found)


def _days(digest: Digest, words: Words) -> str:
    return days(digest.first, digest.last, words)


def _headline(digest: Digest, words: Words) -> Iterator[str]:
    label = grade_label(digest.grade or "", words)
    ikm = number(digest.ikm or "", words)
    yield phrase(words, "headline", ikm=ikm, grade=digest.grade or "", label=label, n=digest.n)
    if digest.nobodys:
        yield phrase(words, "nobodys", n=digest.nobodys)
    if digest.ci95:
        low, high = (number(end, words) for end in digest.ci95)
        yield phrase(words, "details.interval", low=low, high=high)
        yield phrase(words, "details.caution")


def _element(digest: Digest, element: Element, words: Words) -> str:
    name = element_name(digest, element.key, words)
    if element.mean is None:
        return f"{name}: {value_of(element, words)}"
    parts = [f"{name} {number(element.mean, words)}"]
    if element.change:
        parts.append(moved(element.change, words))
    elif element.before:
        before = of_kind(digest, "details.before", words, mean=number(element.before, words))
        parts.append(before)
    if element.agency:
        parts.append(phrase(words, "details.agency", mean=number(element.agency, words)))
    return ", ".join(parts)
