"""What is different between two questionnaires, in plain words, a line each."""

from collections.abc import Iterator, Mapping

from flows.engine.form import Line, literal
from flows.extra_question import Extra
from flows.instrument import Instrument, Item, Questionnaire, Wording
from flows.loader import LANGUAGES, instrument
from flows.office.questions.faults import short

SHOWN = 6  # lines


def difference(
    before: Questionnaire, after: Questionnaire, services: Mapping[str, str]
) -> tuple[Line, ...]:
    """`services`: id → label. What does not fit is counted; nothing different is said, too."""
    lines = [*_extras(before, after), *_wordings(before, after, services)]
    if len(lines) > SHOWN:
        more = Line("question.change.more", {"count": len(lines) - SHOWN + 1})
        lines = [*lines[: SHOWN - 1], more]
    return tuple(lines) or (Line("question.change.none"),)


def _extras(before: Questionnaire, after: Questionnaire) -> Iterator[Line]:
    was = {extra.key: extra for extra in before.extras}
    now = {extra.key: extra for extra in after.extras}
    for key, extra in was.items():
        if key not in now:
            yield Line("question.change.gone", {"text": short(extra)})
    for key, extra in now.items():
        if key not in was:
            yield Line("question.change.new", {"text": short(extra)})
        else:
            yield from _extra(was[key], extra)
    stayed = [key for key in was if key in now]
    if stayed != [key for key in now if key in was]:
        order = tuple(literal(short(extra)) for extra in after.extras)
        yield Line("question.change.order", {"items": order})


def _extra(was: Extra, now: Extra) -> Iterator[Line]:
    text = {"text": short(now)}
    if was.text != now.text:
        yield Line("question.change.text", {"before": short(was), "after": short(now)})
    if was.asked != now.asked:
        yield Line("question.change.when", text)
    if was.required != now.required:
        yield Line(f"question.change.{'required' if now.required else 'optional'}", text)
    for language, name in LANGUAGES.items():
        if was.translated(language) != now.translated(language):
            yield Line("question.change.words", {**text, "language": name})


def _wordings(
    before: Questionnaire, after: Questionnaire, services: Mapping[str, str]
) -> Iterator[Line]:
    was = {wording.service: wording for wording in before.services}
    now = {wording.service: wording for wording in after.services}
    by = instrument(after.instrument)
    for service in sorted({*was, *now}):
        old, new = was.get(service, Wording(service)), now.get(service, Wording(service))
        for item in by.items:
            said: dict[str, str | Line] = {
                "item": Line(by.title_key(item)),
                "service": services.get(service, service),
            }
            yield from _item(by, item, said, _of(old, item), _of(new, item))


_Said = tuple[tuple[str, ...], bool, bool]  # words of its own, "tidak berlaku" or not, asked or not


def _of(wording: Wording, item: Item) -> _Said:
    passed = wording.not_applicable
    return (
        dict(wording.options).get(item.key, ()),
        item.not_applicable if passed is None else item.key in passed,
        item.key not in wording.without,
    )


def _item(
    by: Instrument, item: Item, said: dict[str, str | Line], old: _Said, new: _Said
) -> Iterator[Line]:
    if old[0] != new[0]:
        words = tuple(map(literal, new[0] or item.options or by.options))
        yield Line("question.change.answers", {**said, "items": words})
    if old[1] != new[1]:
        yield Line("question.change.passed", {**said, "passed": _yes(new[1])})
    if old[2] != new[2]:
        yield Line("question.change.asked", {**said, "asked": _yes(new[2])})


def _yes(so: bool) -> Line:
    return Line("yes" if so else "no")
