"""A digest in a language: its parts, and a message for the extra questions.

No message is longer than anybody reads, counted as UTF-16 units, which is never less than
characters.
"""

from collections.abc import Iterator

from flows.engine.capabilities import length
from flows.engine.form import Line, cut
from flows.engine.say import Words
from flows.formats import day_line, number
from flows.survey.extra import asked_text
from flows.survey.kinds import kind_of
from reports.digest.composed import Digest, Element, Extras, Progress
from reports.disclosure import few, least
from storage.periods import parse

MESSAGE = 4096  # a channel that carries less gets several (`bot.core.sending.delivery`)
NAME = 80  # characters of a unit's name
QUESTION = 200  # characters of a citizen's or admin's own text


def extra_text(digest: Digest, words: Words) -> str | None:
    """The extra questions' counts, at most one message; None: none, or fewer than 5 came."""
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
    """Why a week or month has no index, and when it will: two short lines, or one for one without a
    response. No figure but how many answered, and how many of them from chats of their own."""
    if digest.left_out:
        n = digest.left_out + digest.n
        return (phrase(words, "all_left_out", n=n, period=period(digest.sample, words)),)
    if not digest.n:
        return (of_kind(digest, "none", words),)
    if digest.waits and digest.n >= least():
        waits = phrase(words, "waits", n=digest.n, period=period(digest.sample, words))
        return (waits, phrase(words, "waits.until"))
    own = digest.n if digest.own is None else digest.own
    if not few(digest.n, own):
        said = phrase(words, "few", n=digest.n)
        return (said, phrase(words, "few.elements", least=least()))
    if own in (0, digest.n):
        said, key, lacks = few_since(digest, words), "few.missing", least() - digest.n
    else:
        said = phrase(words, "few.own", n=digest.n, others=digest.n - own, own=own)
        key, lacks = "few.own.missing", least() - own
    return (said, phrase(words, key, least=least(), missing=lacks))


def few_since(digest: Digest, words: Words) -> str:
    if digest.kind == "week" and digest.first < parse(digest.week).first:
        return phrase(words, "few.since", n=digest.n, day=words.line(day_line(digest.first)))
    return phrase(words, "few", n=digest.n)


def of_kind(digest: Digest, key: str, words: Words, **params: str | int) -> str:
    """A text that speaks of this week, or of this month."""
    return phrase(words, key if digest.kind == "week" else f"{key}.month", **params)


def pace(sample: Progress, words: Words) -> str:
    """How the period's sample stands, with what it takes a week."""
    return sampled(sample, words) if sample.per_week is None else _case("pace", sample, words)


def period(sample: Progress, words: Words) -> str:
    return phrase(words, f"period.{sample.kind}")


def value_of(element: Element, words: Words) -> str:
    """An element's mean, or why there is none."""
    if element.mean is None:
        return phrase(words, "picture.hidden" if element.n else "picture.unanswered")
    return number(element.mean, words)


def element_name(digest: Digest, key: str, words: Words) -> str:
    return words.line(Line(f"{digest.instrument}.{key}.name"))


def grade_label(grade: str, words: Words) -> str:
    """The official word for a grade, such as "Baik"."""
    return phrase(words, f"grade.{grade}")


def phrase(words: Words, key: str, **params: str | int) -> str:
    """A text of the catalogue's section `digest`."""
    return words.line(Line(f"digest.{key}", params))


def sampled(sample: Progress, words: Words) -> str:
    if sample.needed is None:
        return _case("unknown", sample, words)
    if not sample.missing:
        return _case("enough", sample, words)
    if sample.per_week is None:
        return _case("over", sample, words)
    return _case("on_schedule" if sample.on_schedule else "behind", sample, words)


def _case(case: str, sample: Progress, words: Words) -> str:
    return phrase(
        words,
        f"sample.{case}",
        period=period(sample, words),
        n=sample.n,
        needed=sample.needed or 0,
        missing=sample.missing or 0,
        per_week=sample.per_week or 0,
    )


def _extra(extra: Extras, words: Words) -> Iterator[str]:
    kind = kind_of(extra.question)
    yield cut(words.line(asked_text(extra.question)), QUESTION)
    if kind.counted == "texts":
        yield phrase(words, "extra.texts", n=extra.n)
        return
    yield phrase(words, "extra.answers", n=extra.n)
    is_number = kind.counted == "numbers"
    if extra.n < least() or (is_number and extra.mean is None):
        yield phrase(words, "extra.few", least=least())
        return
    if is_number:
        mean, median = number(extra.mean or "", words), number(extra.median or "", words)
        yield phrase(words, "extra.number", mean=mean, median=median)
        return
    if all(count is None for count in extra.counts):
        yield phrase(words, "extra.whole", least=least())
        return
    labels = kind.labels(extra.question, extra.buckets)
    for said, count in zip(labels.values(), extra.counts, strict=True):
        label = cut(words.line(said), QUESTION)
        yield f"{label}: {phrase(words, 'extra.hidden') if count is None else count}"
    if None in extra.counts:
        several = kind.counted == "several"
        yield phrase(words, "extra.several" if several else "extra.why", least=least())
