"""A question as a citizen sees it: the very screen of the survey, in words."""

from collections.abc import Mapping
from dataclasses import replace

from flows.engine.conversation import Conversation
from flows.engine.form import Form, Line, Step, literal
from flows.engine.say import say
from flows.engine.screen import screen
from flows.extra_question import Extra
from flows.instrument import Questionnaire
from flows.loader import instrument, words
from flows.survey.extra import EXTRA
from flows.survey.form import item_of, survey_form
from flows.survey.kinds import kind_of
from flows.survey.reasons import LOW


def as_seen(asked: Questionnaire, extra: Extra, language: str) -> tuple[Line, ...]:
    """An extra question: its place, its words, its answers."""
    # Without its condition and the others', so that it is on the way of whoever answers nothing.
    free = replace(asked, extras=tuple(replace(each, asked=None) for each in _with(asked, extra)))
    form = survey_form(free, instrument(free.instrument))
    return _shown(form, form.by_id[EXTRA + extra.key], {}, language)


def item_as_seen(asked: Questionnaire, item: str, service: str, language: str) -> tuple[Line, ...]:
    """An official question as it is asked about this service; nothing where it is not asked."""
    form = survey_form(asked, instrument(asked.instrument))
    given = {"service": service}
    steps = [step for step in form.path(given) if step.group and item_of(step.id) == item]
    return _shown(form, steps[0], given, language) if steps else ()


def _with(asked: Questionnaire, extra: Extra) -> tuple[Extra, ...]:
    return asked.extras if extra in asked.extras else (*asked.extras, extra)


def _shown(form: Form, step: Step, given: Mapping[str, str], language: str) -> tuple[Line, ...]:
    talk = Conversation("", form.id, "", "", language, 0, 0, answers=dict(given), revisit=step.id)
    shown = replace(screen(form, talk), moves=())
    said = say(shown, words(language))
    answers = tuple(literal(label.text) for row in said.rows for label in row)
    lines = [literal(line) for line in said.text.split("\n")]
    return (*lines, Line("question.preview.choices", {"items": answers}) if answers
            else Line("question.preview.typed"))  # fmt: skip


def condition(asked: Questionnaire, extra: Extra, services: Mapping[str, str]) -> tuple[Line, ...]:
    """When it is asked, where that is not always; `services`: id → label."""
    if extra.asked is None:
        return ()
    of, chosen = extra.asked.of, extra.asked.choices
    by = instrument(asked.instrument)
    for item in by.items:
        if item.key == of:
            return (Line("question.preview.low", {"of": Line(by.title_key(item)), "low": LOW}),)
    said, labels = _what(asked, of, services)
    given = tuple(labels[choice] for choice in chosen if choice in labels)
    return (Line("question.preview.if", {"of": said, "is": given}),)


def _what(
    asked: Questionnaire, of: str, services: Mapping[str, str]
) -> tuple[Line, dict[str, Line]]:
    if of == "service":
        labels = {id: literal(label) for id, label in services.items()}
        return Line("survey.service.title"), labels
    for extra in asked.extras:
        if EXTRA + extra.key == of:
            return literal(extra.text), {c.id: c.label for c in kind_of(extra).choices(extra)}
    return literal(of), {}
