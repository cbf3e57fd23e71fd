"""A digest's words under its picture: what is most important, in 1,024 characters or fewer.

Counted as UTF-16 units, which is never less than characters. What does not fit is left out, the
least important line first, and stands in the details (`reports.digest.details`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flows.engine.capabilities import length
from flows.engine.form import Line, cut
from flows.engine.say import Words
from flows.formats import day_line, days, number
from reports.digest.composed import Course, Digest, Element, Place
from reports.digest.words import (
    NAME,
    element_name,
    grade_label,
    missing,
    pace,
    period,
    phrase,
    sampled,
)
from reports.disclosure import least
from storage.periods import parse

CAPTION = 1024  # a channel may carry less


@dataclass(frozen=True, slots=True)
class More:
    """What is read when a digest is sent and kept nowhere with it (`reports.digest.late_lines`).

    `quote`: a citizen's words about the weakest element; `unpublished`: a period that is over;
    `doing`: the open follow-ups; `example`: who does better.
    """

    quote: str = ""
    unpublished: str = ""
    doing: str = ""
    example: str = ""


_Lines = Iterator[tuple[int, str]]  # how soon a line is left out (0: never), and the line


def digest_text(digest: Digest, words: Words, more: More | None = None, room: int = CAPTION) -> str:
    """The caption, at most so long."""
    return _fitting(list(_lines(digest, words, more or More())), room)


def _lines(digest: Digest, words: Words, more: More) -> _Lines:
    yield 0, f"{cut(digest.office.name, NAME)} · {days(digest.first, digest.last, words)}"
    if digest.ikm is None:
        for line in (*missing(digest, words), pace(digest.sample, words), phrase(words, "poster")):
            yield 0, line
        yield from _to_do(more)
        return
    yield 0, _headline(digest, words)
    if digest.nobodys:
        yield 0, phrase(words, "nobodys", n=digest.nobodys)
    if few := sum(each.n > 0 and each.mean is None for each in digest.elements):
        yield 0, phrase(words, "over", count=few, least=least())
    if digest.course:
        yield 0, course_text(digest.course, words)
    yield 0, sampled(digest.sample, words)
    if digest.left_out:
        yield 0, phrase(words, "left_out", n=digest.left_out)
    if digest.kind == "week" and digest.last < parse(digest.week).last:
        yield 0, phrase(words, "ends", period=period(digest.sample, words))
    yield 0, ""
    yield from ((0, line) for line in _weakest(digest, more.quote, words))
    yield from _further(digest, more, words)
    if digest.ci95 or (digest.course and digest.course.half_width):
        yield 0, ""
        yield 0, phrase(words, "interval")


def _further(digest: Digest, more: More, words: Words) -> _Lines:
    yield from _to_do(more)
    if digest.weakest and not more.doing:
        yield from ((3, line) for line in _advice(digest, words))
    if more.example:
        yield 4, more.example
    if digest.standing:
        yield 2, place_text(digest.standing, words)
    if digest.flags:
        yield 5, phrase(words, "flags", marks=flag_names(digest, words))


def _advice(digest: Digest, words: Words) -> Iterator[str]:
    """What to do about the weakest element; nothing where no catalogue says it."""
    key = f"digest.do.{digest.instrument}.{digest.weakest[0]}"
    if key in words.texts:
        yield words.line(Line(key))


def _to_do(more: More) -> _Lines:
    yield from ((1, line) for line in (more.unpublished, more.doing) if line)


def _fitting(lines: Sequence[tuple[int, str]], room: int) -> str:
    for most in sorted({rank for rank, _ in lines}, reverse=True):
        text = "\n".join(line for rank, line in lines if rank <= most)
        if length(text) <= room:
            break
    return text


def place_text(place: Place, words: Words) -> str:
    """The ranks that a unit may have, as "2–5 of 14"."""
    ranks = str(place.best) if place.best == place.worst else f"{place.best}–{place.worst}"
    return phrase(words, "standing", ranks=ranks, of=place.of, period=place.period)


def flag_names(digest: Digest, words: Words) -> str:
    return ", ".join(words.line(Line(f"radar.name.{name}")) for name in digest.flags)


def _headline(digest: Digest, words: Words) -> str:
    ikm, grade = number(digest.ikm or "", words), digest.grade or ""
    label = grade_label(grade, words)
    if digest.ci95:
        low, high = (number(end, words) for end in digest.ci95)
        ikm = phrase(words, "between", ikm=ikm, low=low, high=high)
    return phrase(words, "headline", ikm=ikm, grade=grade, label=label, n=digest.n)


def course_text(course: Course, words: Words) -> str:
    if course.verdict == "early":
        return phrase(words, "course.early")
    level = number(course.level, words)
    if course.verdict == "steady":
        return phrase(words, "course.steady", level=level)
    return phrase(
        words,
        f"course.{course.verdict}",
        points=number(course.points.lstrip("-"), words),
        week=since(course, words),
        half_width=number(course.half_width, words),
        level=level,
    )


def since(course: Course, words: Words) -> str:
    """The week in which a real change began: "pekan 40 (28 Sep 2026)"."""
    week = parse(course.since)
    day = words.line(day_line(week.first))
    return phrase(words, "course.week", number=int(week.name[-2:]), day=day)


def _weakest(digest: Digest, quote: str, words: Words) -> Iterator[str]:
    elements = {element.key: element for element in digest.elements}
    if not digest.weakest:
        yield _none_is_weak([each for each in digest.elements if each.mean], digest, words)
        return
    yield phrase(words, "weakest")
    for place, key in enumerate(digest.weakest, 1):
        said = phrase(words, "quote", said=quote) if quote and place == 1 else ""
        yield f"{place}. {_weak(digest, elements[key], words)}{said}"


def _none_is_weak(shown: Sequence[Element], digest: Digest, words: Words) -> str:
    means = {each.key: Fraction(each.mean or 0) for each in shown}
    if not means:
        return phrase(words, "weakest.hidden", least=least())
    lowest = min(shown, key=lambda each: means[each.key])
    mean = number(lowest.mean or "", words)
    if len(set(means.values())) == 1:
        return phrase(words, "weakest.same", mean=mean)
    if list(means.values()).count(means[lowest.key]) > 1:
        return phrase(words, "weakest.none")
    name = element_name(digest, lowest.key, words)
    return phrase(words, "weakest.none.lowest", element=name, mean=mean)


def _weak(digest: Digest, element: Element, words: Words) -> str:
    name, mean = element_name(digest, element.key, words), number(element.mean or "", words)
    if element.change is None:
        return f"{name} {mean}"
    return f"{name} {mean}, {moved(element.change, words)}"


def moved(change: str, words: Words) -> str:
    """Of a real change of a mean: "turun 0,22 (nyata)"."""
    way = "fell" if change.startswith("-") else "rose"
    return phrase(words, f"weakest.{way}", by=number(change.lstrip("-"), words))
