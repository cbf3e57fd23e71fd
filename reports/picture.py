"""The picture of a digest: a PNG for a phone, drawn by typst from data alone.

The fonts are the ones beside this file, so the picture is the same on every machine.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

from flows.say import Words
from reports import digest_words as say
from reports.digest import Digest, Element, Progress
from reports.index import GRADES, IKM_PER_SKM

Theme = Literal["light", "dark"]

_HERE = Path(__file__).parent
_PIXELS_PER_INCH = 72  # a typographic point is a pixel: 1,080 across
_one_at_a_time = Lock()


def picture(digest: Digest, words: Words, theme: Theme = "light") -> bytes:
    """A PNG 1,080 pixels wide, also for a week without an index; the same input, the same bytes.

    About 60 ms of CPU: call it in a thread.
    """
    data = _data(digest, words) | {"theme": theme}
    with _one_at_a_time:
        png = _compiler().compile(
            format="png",
            ppi=_PIXELS_PER_INCH,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    return bytes(png)


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        str(_HERE / "digest.typ"),
        root=str(_HERE),
        font_paths=[str(_HERE / "fonts")],
        ignore_system_fonts=True,
    )


def _data(digest: Digest, words: Words) -> dict[str, Any]:
    when = say.days(digest.first, digest.last, words)
    if digest.ikm is not None:
        when += " · " + say.say(words, "picture.responses", n=digest.n)
    shown = _figures(digest, words) if digest.ikm is not None else _waiting(digest, words)
    return {"unit": say.cut(digest.office.name, say.NAME), "when": when, "ikm": None} | shown


def _figures(digest: Digest, words: Words) -> dict[str, Any]:
    return {
        "ikm": say.number(digest.ikm or "", words),
        "grade": digest.grade,
        "label": say.grade_label(digest.grade or "", words),
        "bands": _bands(),
        "rows": [_row(digest, element, words) for element in digest.elements],
        "legend": _legend(digest, words),
        "scale": say.say(words, "picture.scale"),
    }


def _bands() -> list[dict[str, Any]]:
    """The grades as ranges of an element's mean, 1..4, lowest first."""
    lowest = [max(float(grade.lowest / IKM_PER_SKM), 1.0) for grade in reversed(GRADES)]
    grades = [grade.grade for grade in reversed(GRADES)]
    ends = [*lowest[1:], 4.0]
    return [
        {"grade": grade, "from": start, "to": end}
        for grade, start, end in zip(grades, lowest, ends, strict=True)
    ]


def _row(digest: Digest, element: Element, words: Words) -> dict[str, Any]:
    hidden = say.say(words, "picture.hidden")
    return {
        "name": say.element_name(digest, element.key, words),
        "mean": _float(element.mean),
        "value": hidden if element.mean is None else say.number(element.mean, words),
        "before": _float(element.before),
        "agency": _float(element.agency),
        "weak": element.key in digest.weakest,
    }


def _legend(digest: Digest, words: Words) -> list[dict[str, str]]:
    drawn = {
        "weakest": bool(digest.weakest),
        "before": any(element.before for element in digest.elements),
        "agency": any(element.agency for element in digest.elements),
    }
    names = {sign: say.say(words, f"picture.{sign}") for sign, there in drawn.items() if there}
    return [{"sign": sign, "name": name} for sign, name in names.items()]


def _waiting(digest: Digest, words: Words) -> dict[str, Any]:
    return {
        "lines": say.missing(digest, words),
        "sample": _sample(digest.sample, words),
    }


def _sample(sample: Progress, words: Words) -> dict[str, Any]:
    name = say.say(words, "picture.sample", period=say.period(sample, words))
    if not sample.needed:
        return {"name": name, "share": None, "value": str(sample.n)}
    value = say.say(words, "picture.of", n=sample.n, needed=sample.needed)
    return {"name": name, "share": min(sample.n / sample.needed, 1), "value": value}


def _float(decimal: str | None) -> float | None:
    return None if decimal is None else float(decimal)
