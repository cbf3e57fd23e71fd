"""The citizen's survey: consent, service, the instrument's items, why the lowest are low,
extra questions, comment, profile, review. Built from a questionnaire, the same for every unit that
asks it.

Where a service words an item in its own way the item has a second step ("cost-2") under the
condition that this service was chosen: another path, by the rule that every form has.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from math import ceil

from flows.asides import ASIDES
from flows.engine.conversation import Conversation
from flows.engine.events import Submit
from flows.engine.form import (
    NOT_APPLICABLE,
    SKIP_ALL,
    SKIPPED,
    Choice,
    Form,
    Line,
    Step,
    When,
    counted_answers,
    literal,
)
from flows.engine.screen import answered, given_line, quoted
from flows.instrument import Band, Instrument, Item, Questionnaire, Wording
from flows.loader import LANGUAGES
from flows.survey.extra import ELSEWHERE, SKIP, WHY, extra_step
from flows.survey.reasons import why_steps
from flows.survey.state import PREVIEW, SURVEY, SurveyState, part_said

CONSENT = "2026-4"  # the version of the consent text kept with every response
A_MINUTE = 5  # questions that most people answer in one
ADULT = 17  # years; not in UU 27/2022 itself, so data
COMMENT = 1000  # characters
REGRET = Line("survey.declined.regret")
SEND = Line("survey.review.send")


def survey_form(
    questionnaire: Questionnaire, instrument: Instrument, shows: Callable[[str], str] = str
) -> Form:
    """`shows`: what a citizen writes as officers will read it; where nothing is hidden, the same.

    Raises ValueError where the questionnaire cannot be asked (see `Form`).
    """
    if not instrument.asked:
        raise ValueError(
            f"{instrument.id} is for reading old answers and cannot be asked; "
            f"skm index --answers FILE --instrument {instrument.id} computes them."
        )
    services = questionnaire.services
    items = {item.key: tuple(_item(instrument, item, services)) for item in instrument.items}
    asked = {item: [step.id for step in steps] for item, steps in items.items()}
    return Form(
        SURVEY,
        (
            _consent(instrument, len(instrument.items) + len(questionnaire.extras)),
            _service(),
            *((_way(instrument.way),) if instrument.way else ()),
            *(step for steps in items.values() for step in steps),
            *(replace(step, shows=shows) for step in why_steps(instrument, asked)),
            *(extra_step(extra, asked, shows) for extra in questionnaire.extras),
            _comment(shows),
            *_profile(instrument),
            _review(),
            *ASIDES,
        ),
        _submit,
        asks="asks.survey",
    )


def item_of(step: str) -> str:
    """The item that a step asks: "cost-2" asks "cost". No other step's id has a "-"."""
    return step.partition("-")[0]


def _promise(conversation: Conversation, step: Step) -> Line | None:
    """What the unit promises, beside the question about it: shown on demand, and moving nobody. The
    words are pinned when the service is known (`SurveyState.promises`)."""
    text = SurveyState.of(conversation).promises.get(item_of(step.id))
    return Line("survey.promise", {"text": text}) if text is not None else None


SEE = Choice("promise", Line("survey.promise.see"), "explain", _promise)


def _consent(instrument: Instrument, questions: int) -> Step:
    title = Line(f"{instrument.id}.title")
    return Step(
        "consent",
        Line(
            "survey.consent",
            {
                "survey": title,
                "questions": questions,
                "minutes": ceil(questions / A_MINUTE),
                "adult": ADULT,
            },
        ),
        (
            Choice("agreed", Line("survey.consent.agree"), weighty=True),
            Choice("more", Line("survey.consent.details"), "explain", _more),
            Choice("declined", Line("survey.consent.decline"), "close", regret=REGRET),
        ),
        revisable=False,
        also=tuple(("language", language) for language in LANGUAGES),
        leads=ELSEWHERE,
        body=part_said,
    )


def _more(conversation: Conversation, step: Step) -> Line:
    return Line(f"{step.text.key}.more", conversation.about)


def _service() -> Step:
    return Step(
        "service",
        Line("survey.service"),
        offers=True,
        title=Line("survey.service.title"),
        look="voice",
        leads=ELSEWHERE,
    )


def _way(band: Band) -> Step:
    key = f"profile.{band.key}"
    choices = tuple(Choice(choice, Line(f"{key}.{choice}")) for choice in band.choices)
    return Step(band.key, Line(key), choices, title=Line(f"{key}.title"))


def _item(instrument: Instrument, item: Item, wordings: Sequence[Wording]) -> Iterator[Step]:
    """The item in the instrument's words, then once for each other wording that services have."""
    official: _Said = (None, item.not_applicable)
    elsewhere = {wording.service for wording in wordings if item.key in wording.without}
    others: dict[_Said, set[str]] = defaultdict(set)
    for wording in wordings:
        said = _said(item, wording)
        if wording.service not in elsewhere and said != official:
            others[said].add(wording.service)
    elsewhere = elsewhere.union(*others.values())
    where = (When("service", frozenset(elsewhere), wanted=False),) if elsewhere else ()
    yield _item_step(instrument, item, item.key, official, where)
    for number, (said, services) in enumerate(others.items(), 2):
        there = (When("service", frozenset(services)),)
        yield _item_step(instrument, item, f"{item.key}-{number}", said, there)


_Said = tuple[tuple[str, ...] | None, bool]  # words of its own or none, "tidak berlaku" or not


def _said(item: Item, wording: Wording) -> _Said:
    passed = wording.not_applicable
    words = dict(wording.options).get(item.key)
    return words, item.not_applicable if passed is None else item.key in passed


def _item_step(
    instrument: Instrument, item: Item, id: str, said: _Said, where: tuple[When, ...]
) -> Step:
    words, passed = said
    official = (Line(instrument.option_key(item, value)) for value in instrument.values)
    labels = zip(instrument.values, map(literal, words) if words else official, strict=False)
    choices = [Choice(str(n), Line("numbered", {"number": n, "label": said})) for n, said in labels]
    if passed:
        choices.append(Choice(NOT_APPLICABLE, Line("not_applicable")))
    if item.ways and instrument.way:
        where = (*where, When(instrument.way.key, frozenset(item.ways)))
    choices.append(SEE)
    title = Line(instrument.title_key(item))
    text = Line(f"{instrument.id}.{item.key}")
    hint = Line(f"{text.key}.hint") if item.hint and passed else None
    return Step(
        id,
        text,
        tuple(choices),
        when=where,
        group="items",
        title=title,
        hint=hint,
        leads=ELSEWHERE,
    )


def _comment(shows: Callable[[str], str]) -> Step:
    return Step(
        "comment",
        Line("survey.comment"),
        (SKIP,),
        writes=COMMENT,
        shows=shows,
        title=Line("survey.comment.title"),
    )


def _profile(instrument: Instrument) -> list[Step]:
    steps: list[Step] = []
    for band in instrument.profile:
        key = f"profile.{band.key}"
        last = band is instrument.profile[-1]
        skips = (SKIP,) if last else (SKIP, Choice(SKIP_ALL, Line("skip_all")))
        steps.append(
            Step(
                band.key,
                Line(key),
                (*(Choice(c, Line(f"{key}.{c}")) for c in band.choices), *skips),
                when=tuple(When(s.id, frozenset({SKIP_ALL}), wanted=False) for s in steps),
                title=Line(f"{key}.title"),
            )
        )
    return steps


def _review() -> Step:
    return Step(
        "review",
        Line("survey.review"),
        (
            Choice("send", SEND, weighty=True, says=_sends),
            Choice("change", Line("survey.review.change"), "visit"),
        ),
        body=_answers,
        revisable=False,
    )


def _sends(form: Form, conversation: Conversation) -> Line:
    """In a preview it says that nothing is sent."""
    is_preview = SurveyState.of(conversation).part == PREVIEW
    return Line("survey.review.end") if is_preview else SEND


def _answers(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """One a line, what was written in words last, as officers will read it."""
    given = [
        step
        for step in answered(form, conversation)
        if conversation.answers[step.id] not in (SKIPPED, SKIP_ALL)
    ]
    given.sort(key=lambda step: step.id == "comment" or step.id.startswith(WHY))
    lines = [given_line("review.item", form, conversation, step) for step in given]
    is_hidden = any(map(partial(_is_hidden, conversation), given, lines))
    return (*lines, Line("review.hidden")) if is_hidden else tuple(lines)


def _is_hidden(conversation: Conversation, step: Step, line: Line) -> bool:
    """Whether something of what was written is shown otherwise."""
    value = conversation.answers[step.id]
    return isinstance(value, dict) and line.params["answer"] != literal(quoted(value["text"]))


def _submit(form: Form, conversation: Conversation) -> Submit:
    return Submit(counted_answers(form, conversation))
