"""The picture of a digest: a JPEG for a phone, drawn from data alone."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from flows.engine.form import cut
from flows.engine.say import Words
from flows.formats import days, number
from flows.instrument import Instrument
from flows.loader import instrument
from reports.digest.composed import Course, Digest, Element, Progress
from reports.digest.words import (
    NAME,
    element_name,
    grade_label,
    missing,
    of_kind,
    period,
    phrase,
    value_of,
)
from reports.printed.typesetting import drawn
from storage.periods import period_of

PAPER = Path(__file__).parent / "digest.typ"  # 1,080 points across
# 780 pixels across and, also with a long name, at most 1,280 down: so much of a photo Telegram
# shows in a chat (its size "y"). To draw and to pack pixels is most of a picture's time.
PIXELS = 13 / 18  # a point


def picture(digest: Digest, words: Words) -> bytes:
    """A JPEG 780 pixels wide, also for a week without an index; the same input, the same bytes.

    About 10 ms of CPU: call it in a thread.
    """
    return render(drawing(digest, words))


def drawing(digest: Digest, words: Words) -> dict[str, Any]:
    """All that the picture shows, as the data that `digest.typ` draws."""
    when = days(digest.first, digest.last, words)
    if digest.ikm is not None:
        when += " · " + phrase(words, "picture.responses", n=digest.n)
    shown = _figures(digest, words) if digest.ikm is not None else _waiting(digest, words)
    unit = cut(digest.office.name, NAME)
    return {"unit": unit, "when": when, "ikm": None} | shown


def render(data: Mapping[str, Any], form: Literal["jpeg", "png", "svg"] = "jpeg") -> bytes:
    """What `digest.typ` makes of a drawing. RuntimeError: it cannot."""
    return drawn(PAPER, data, form, PIXELS)


def _figures(digest: Digest, words: Words) -> dict[str, Any]:
    return {
        "ikm": number(digest.ikm or "", words),
        "grade": digest.grade,
        "label": grade_label(digest.grade or "", words),
        "bands": _bands(instrument(digest.instrument)),
        "course": _course(digest, words),
        "rows": [_row(digest, element, words) for element in digest.elements],
        "legend": _legend(digest, words),
        "scale": phrase(words, "picture.scale"),
    }


def _course(digest: Digest, words: Words) -> dict[str, Any] | None:
    """The line of the last weeks; None until it is known what is usual."""
    course = digest.course
    if course is None or not course.level:
        return None
    places = [each for p in course.weeks if p.ikm for each in (p.ikm, *(p.limits or ()))]
    by = instrument(digest.instrument)
    low, high = float(by.lowest * by.times), float(by.scale * by.times)
    ends = [min(max(float(each), low), high) for each in places]
    return {
        "name": phrase(
            words,
            "picture.course",
            weeks=len(course.weeks),
            level=number(course.level, words),
        ),
        "level": _float(course.level),
        "low": max(min(ends) - 1, low),
        "high": min(max(ends) + 1, high),
        "points": [
            {
                "ikm": _float(point.ikm),
                "limits": [min(max(float(end), low), high) for end in point.limits or ()],
                "fell": course.verdict == "fell" and _is_since(digest, course, weeks),
            }
            for weeks, point in zip(_back(course), course.weeks, strict=True)
        ],
    }


def _back(course: Course) -> range:
    """How many weeks each point lies before the last."""
    return range(len(course.weeks) - 1, -1, -1)


def _is_since(digest: Digest, course: Course, weeks: int) -> bool:
    day = digest.last - timedelta(weeks=weeks)
    return period_of("week", day).name >= course.since


def _bands(by: Instrument) -> list[dict[str, Any]]:
    """The grades as ranges of an element's mean, lowest first."""
    low, high = float(by.lowest), float(by.scale)
    lowest = [max(float(grade.lowest / by.times), low) for grade in reversed(by.grades)]
    grades = [grade.grade for grade in reversed(by.grades)]
    ends = [*lowest[1:], high]
    return [
        {"grade": grade, "from": start, "to": end}
        for grade, start, end in zip(grades, lowest, ends, strict=True)
    ]


def _row(digest: Digest, element: Element, words: Words) -> dict[str, Any]:
    return {
        "name": element_name(digest, element.key, words),
        "mean": _float(element.mean),
        "value": value_of(element, words),
        "before": _float(element.before),
        "agency": _float(element.agency),
        "interval": [float(end) for end in element.interval or ()],
        "weak": element.key in digest.weakest,
    }


def _legend(digest: Digest, words: Words) -> list[dict[str, str]]:
    drawn = {
        "weakest": bool(digest.weakest),
        "before": any(element.before for element in digest.elements),
        "agency": any(element.agency for element in digest.elements),
        "interval": any(element.interval for element in digest.elements),
    }
    names = {s: of_kind(digest, f"picture.{s}", words) for s, there in drawn.items() if there}
    return [{"sign": sign, "name": name} for sign, name in names.items()]


def _waiting(digest: Digest, words: Words) -> dict[str, Any]:
    return {
        "lines": missing(digest, words),
        "sample": _sample(digest.sample, words),
    }


def _sample(sample: Progress, words: Words) -> dict[str, Any]:
    name = phrase(words, "picture.sample", period=period(sample, words))
    if not sample.needed:
        return {"name": name, "share": None, "value": str(sample.n)}
    value = phrase(words, "picture.of", n=sample.n, needed=sample.needed)
    return {"name": name, "share": min(sample.n / sample.needed, 1), "value": value}


def _float(decimal: str | None) -> float | None:
    return None if decimal is None else float(decimal)
