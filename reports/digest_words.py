"""A digest in a language: the caption of its picture, and a message for the extra questions.

Telegram's limits are kept for any content: 1,024 characters for a caption, 4,096 for a message,
counted as UTF-16 units, which is never less than characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flows.extra import extra_choices
from flows.form import Line
from flows.say import Words
from reports.digest import Compared, Digest, Element, Extras, Progress
from reports.release import LEAST

MESSAGE = 4096
NAME = 80  # characters of a unit's name
QUESTION = 200  # characters of a citizen's or admin's own text


def digest_text(digest: Digest, words: Words) -> str:
    """The caption, at most 1,024 characters."""
    lines = [f"{cut(digest.office.name, NAME)} · {days(digest.first, digest.last, words)}"]
    if digest.ikm is None:
        lines += [*missing(digest, words), pace(digest.sample, words), phrase(words, "poster")]
        return "\n".join(lines)
    lines += [
        _headline(digest, words),
        _change(digest.change, words),
        _sample(digest.sample, words),
        *_weakest(digest, words),
    ]
    if digest.change:
        lines += ["", phrase(words, "interval")]
    return "\n".join(lines)


def extra_text(digest: Digest, words: Words) -> str | None:
    """The extra questions' counts, at most 4,096 characters; None: none, or fewer than 5 came."""
    if digest.ikm is None or not digest.extras:
        return None
    text = phrase(words, "extra", name=cut(digest.office.name, NAME))
    blocks = ["\n".join(_extra(extra, words)) for extra in digest.extras]
    more = "\n\n" + phrase(words, "extra.more", number=len(blocks))
    for place, block in enumerate(blocks):
        last = place == len(blocks) - 1
        if length(f"{text}\n\n{block}") > MESSAGE - (0 if last else length(more)):
            return f"{text}\n\n" + phrase(words, "extra.more", number=len(blocks) - place)
        text += f"\n\n{block}"
    return text


def missing(digest: Digest, words: Words) -> tuple[str, ...]:
    """Two short lines for a week that has no index, or one for a week without any response."""
    if not digest.n:
        return (phrase(words, "none"),)
    few = phrase(words, "few", n=digest.n)
    return (few, phrase(words, "few.missing", least=LEAST, missing=LEAST - digest.n))


def pace(sample: Progress, words: Words) -> str:
    """How the period's sample stands, with what it takes a week."""
    return _sample(sample, words) if sample.per_week is None else _sampled("pace", sample, words)


def period(sample: Progress, words: Words) -> str:
    return phrase(words, f"period.{sample.kind}")


def number(decimal: str, words: Words) -> str:
    """A decimal text as the language writes it: 84,72; with a true minus sign."""
    return decimal.replace("-", "−").replace(".", phrase(words, "point"))


def days(first: date, last: date, words: Words) -> str:
    """Such as 16–22 Nov 2026, 30 Nov–6 Des 2026, 28 Des 2026–3 Jan 2027."""
    months = phrase(words, "months").split()
    start = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        start += f" {months[first.month - 1]}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start}–{last.day} {months[last.month - 1]} {last.year}"


def element_name(digest: Digest, key: str, words: Words) -> str:
    return words.line(Line(f"{digest.instrument}.{key}.name"))


def grade_label(grade: str, words: Words) -> str:
    """The official word for a grade, such as "Baik"."""
    return phrase(words, f"grade.{grade}")


def phrase(words: Words, key: str, **params: str | int) -> str:
    """A text of the catalogue's section `digest`."""
    return words.line(Line(f"digest.{key}", params))


def cut(text: str, most: int) -> str:
    """On one line, at most so many characters."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _headline(digest: Digest, words: Words) -> str:
    ikm, grade = number(digest.ikm or "", words), digest.grade or ""
    label = grade_label(grade, words)
    line = phrase(words, "headline", ikm=ikm, grade=grade, label=label, n=digest.n)
    return line + (phrase(words, "comments", n=digest.comments) if digest.comments else "")


def _change(change: Compared | None, words: Words) -> str:
    if change is None:
        return phrase(words, "change.none")
    sign = "+" if change.points[0] != "-" and float(change.points) else ""
    return phrase(
        words,
        "change.real" if change.real else "change.unsure",
        points=sign + number(change.points, words),
        since=phrase(words, "since.week" if change.weeks == 1 else "since", weeks=change.weeks),
        half_width=number(change.half_width, words),
    )


def _sample(sample: Progress, words: Words) -> str:
    if sample.needed is None:
        return _sampled("unknown", sample, words)
    if not sample.missing:
        return _sampled("enough", sample, words)
    if sample.per_week is None:
        return _sampled("over", sample, words)
    return _sampled("on_schedule" if sample.on_schedule else "behind", sample, words)


def _sampled(case: str, sample: Progress, words: Words) -> str:
    return phrase(
        words,
        f"sample.{case}",
        period=period(sample, words),
        n=sample.n,
        needed=sample.needed or 0,
        missing=sample.missing or 0,
        per_week=sample.per_week or 0,
    )


def _weakest(digest: Digest, words: Words) -> Iterator[str]:
    elements = {element.key: element for element in digest.elements}
    means = [element.mean for element in digest.elements if element.mean]
    yield ""
    if not digest.weakest:
        if means:
            yield phrase(words, "weakest.same", mean=number(means[0], words))
        else:
            yield phrase(words, "weakest.hidden", least=LEAST)
        return
    yield phrase(words, "weakest")
    for place, key in enumerate(digest.weakest, 1):
        yield f"{place}. {_weak(digest, elements[key], words)}"
    yield phrase(words, f"do.{digest.instrument}.{digest.weakest[0]}")


def _weak(digest: Digest, element: Element, words: Words) -> str:
    name, mean = element_name(digest, element.key, words), number(element.mean or "", words)
    if element.change is None:
        return f"{name} {mean}"
    moved = "fell" if element.change.startswith("-") else "rose"
    by = number(element.change.lstrip("-"), words)
    return f"{name} {mean}, " + phrase(words, f"weakest.{moved}", by=by)


def _extra(extra: Extras, words: Words) -> Iterator[str]:
    yield cut(extra.question.text, QUESTION)
    if extra.question.kind in ("text", "place"):
        yield phrase(words, "extra.texts", n=extra.n)
        return
    yield phrase(words, "extra.answers", n=extra.n)
    if extra.n < LEAST:
        yield phrase(words, "extra.few", least=LEAST)
        return
    if extra.question.kind == "number":
        mean, median = number(extra.mean or "", words), number(extra.median or "", words)
        yield phrase(words, "extra.number", mean=mean, median=median)
        return
    if all(count is None for count in extra.counts):
        yield phrase(words, "extra.whole", least=LEAST)
        return
    for choice, count in zip(extra_choices(extra.question), extra.counts, strict=True):
        label = cut(words.line(choice.label), QUESTION)
        yield f"{label}: {phrase(words, 'extra.hidden') if count is None else count}"
    if None in extra.counts:
        several = extra.question.kind == "multiple"
        yield phrase(words, "extra.several" if several else "extra.why", least=LEAST)


def length(text: str) -> int:
    """As Telegram's limits count, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
