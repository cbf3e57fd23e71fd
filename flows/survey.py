"""The citizen's survey: consent, service, the instrument's items, extra questions, comment,
profile, review. Built from a questionnaire, the same for every unit that asks it."""

from flows.asides import ASIDES, LANGUAGES
from flows.conversation import Conversation, counted_answers
from flows.events import Submit
from flows.form import NOT_APPLICABLE, SKIP_ALL, SKIPPED, Choice, Form, Line, Step, When, literal
from flows.instrument import Extra, Instrument, Item, Questionnaire
from flows.screen import answer_line, answered, titled

CONSENT = "2026-1"  # the version of the consent text kept with every response
ADULT = 17  # years; not in UU 27/2022 itself, so data
COMMENT = 1000  # characters

EXTRA = "x_"  # extra questions' steps: "x_" and the question's key

_SKIP = Choice(SKIPPED, Line("skip"))


def survey_form(questionnaire: Questionnaire, instrument: Instrument) -> Form:
    """Raises ValueError where the questionnaire cannot be asked (see `Form`)."""
    return Form(
        "survey",
        (
            _consent(len(instrument.items) + len(questionnaire.extras)),
            _service(),
            *(_item(instrument.id, item) for item in instrument.items),
            *(_extra(extra) for extra in questionnaire.extras),
            _comment(),
            *_profile(instrument),
            _review(),
            *ASIDES,
        ),
        _submit,
    )


def _consent(questions: int) -> Step:
    return Step(
        "consent",
        Line("survey.consent", {"questions": questions, "adult": ADULT}),
        (
            Choice("agreed", Line("survey.consent.agree")),
            Choice("more", Line("survey.consent.details"), "explain"),
            Choice("declined", Line("survey.consent.decline"), "close"),
        ),
        revisable=False,
        also=tuple(("language", language) for language in LANGUAGES),
    )


def _service() -> Step:
    return Step(
        "service",
        Line("survey.service"),
        offers=True,
        title=Line("survey.service.title"),
        look="voice",
    )


def _item(instrument: str, item: Item) -> Step:
    key = f"{instrument}.{item.key}"
    choices = [_numbered(n, Line(f"{key}.{n}")) for n in range(1, len(item.options) + 1)]
    if item.not_applicable:
        choices.append(Choice(NOT_APPLICABLE, Line("not_applicable")))
    return Step(item.key, Line(key), tuple(choices), group="items", title=Line(f"{key}.short"))


def _numbered(number: int, label: Line) -> Choice:
    return Choice(str(number), Line("numbered", {"number": number, "label": label}))


def _extra(extra: Extra) -> Step:
    return Step(
        EXTRA + extra.key,
        literal(extra.text),
        (*extra_choices(extra), _SKIP),
        writes=COMMENT if extra.kind == "text" else 0,
        group="items",  # counted on: "10/10", so that no number stands for two questions
        title=Line("survey.extra.title"),
    )


def extra_choices(extra: Extra) -> tuple[Choice, ...]:
    if extra.kind == "scale":
        return tuple(_numbered(n, Line(f"scale.{n}")) for n in range(1, 5))
    return tuple(Choice(str(n), literal(text)) for n, text in enumerate(extra.choices, 1))


def _comment() -> Step:
    return Step(
        "comment",
        Line("survey.comment"),
        (_SKIP,),
        writes=COMMENT,
        title=Line("survey.comment.title"),
    )


def _profile(instrument: Instrument) -> list[Step]:
    steps: list[Step] = []
    for band in instrument.profile:
        key = f"profile.{band.key}"
        last = band is instrument.profile[-1]
        skips = (_SKIP,) if last else (_SKIP, Choice(SKIP_ALL, Line("skip_all")))
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
            Choice("send", Line("survey.review.send")),
            Choice("change", Line("survey.review.change"), "visit"),
        ),
        body=_answers,
        revisable=False,
    )


def _answers(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    given = tuple(
        Line(
            "review.item",
            {
                "title": titled(form, conversation, step),
                "answer": answer_line(form, conversation, step),
            },
        )
        for step in answered(form, conversation)
        if conversation.answers[step.id] not in (SKIPPED, SKIP_ALL)
    )
    return (Line("review.answers", {"items": given}),)


def _submit(form: Form, conversation: Conversation) -> Submit:
    return Submit(counted_answers(form, conversation))
