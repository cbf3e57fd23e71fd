"""An admin adds an extra question: text, kind, choices or limits, for which units, when it is
asked, preview, publish as one that may be passed over or not."""

import re

from flows.asides import ASIDES
from flows.conversation import Conversation, counted_answers
from flows.events import Publish
from flows.extra import DIGITS, extra_choices, extra_hint
from flows.files import CURRENT, instrument
from flows.form import Choice, Form, Line, Step, Value, When, literal
from flows.own_question import KINDS, Asked, Extra
from flows.screen import answer_line
from flows.why import LOW

QUESTION = 300  # characters
CHOICES = 10
CHOICE = 40  # characters: a button on a phone

ITEMS = instrument(CURRENT).keys
_LIMITS = re.compile(rf"(\d{{1,{DIGITS}}})\s*[-–\s]\s*(\d{{1,{DIGITS}}})", re.ASCII)


def choice_texts(text: str) -> tuple[str, ...]:
    """One choice a line."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def limits_of(text: str) -> tuple[int, int] | None:
    """The lowest and the highest number of "0-100"; None where no two stand there in order."""
    found = _LIMITS.fullmatch(text)
    low, high = (int(found[1]), int(found[2])) if found else (0, 0)
    return (low, high) if low < high else None


def _unfit(text: str) -> Line | None:
    choices = choice_texts(text)
    if not 2 <= len(choices) <= CHOICES:
        return Line("question.choices.number", {"given": len(choices), "most": CHOICES})
    if len({choice.casefold() for choice in choices}) < len(choices):
        return Line("question.choices.twice")
    long = [choice for choice in choices if len(choice) > CHOICE]
    if long:
        return Line("question.choices.long", {"choice": long[0][:CHOICE], "most": CHOICE})
    return None


def _no_limits(text: str) -> Line | None:
    return None if limits_of(text) else Line("question.limits.unfit", {"digits": DIGITS})


def _publish(form: Form, conversation: Conversation) -> Publish:
    return Publish(_draft(form, conversation), str(conversation.answers["units"]))


def _draft(form: Form, conversation: Conversation) -> Extra:
    answers = counted_answers(form, conversation)
    written = {step: value["text"] for step, value in answers.items() if isinstance(value, dict)}
    return Extra(
        key="draft",
        text=written["text"],
        kind=str(answers["kind"]),
        choices=choice_texts(written.get("choices", "")),
        limits=limits_of(written.get("limits", "")),
        required=answers.get("confirm") == "required",
        asked=_asked(answers),
    )


def _asked(answers: dict[str, Value]) -> Asked | None:
    """None: always. An item leads to it by its low values, anything else by one choice."""
    if "of" not in answers:
        return None
    of = str(answers["of"])
    low = tuple(str(value) for value in instrument(CURRENT).values if value <= LOW)
    return Asked(of, low if of in ITEMS else (str(answers["is"]),))


def _existing(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    items = conversation.about.get("existing", "")
    return (
        Line("question.existing", {"items": items}) if items else Line("question.existing.none"),
    )


def _preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    draft = _draft(form, conversation)
    labels = tuple(choice.label for choice in extra_choices(draft))
    shown = Line("question.preview.choices", {"items": labels}) if labels else None
    below = [line for line in (extra_hint(draft), shown) if line]
    return (
        Line("question.preview"),
        literal(draft.text),
        *(below or [Line("question.preview.typed")]),
        *_only_if(form, conversation),
    )


def _only_if(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    answers = counted_answers(form, conversation)
    if "of" not in answers:
        return ()
    of = answer_line(form, conversation, form.by_id["of"])
    if "is" not in answers:
        return (Line("question.preview.low", {"of": of, "low": LOW}),)
    given = answer_line(form, conversation, form.by_id["is"])
    return (Line("question.preview.if", {"of": of, "is": given}),)


def _choices(step: str, *ids: str) -> tuple[Choice, ...]:
    return tuple(Choice(id, Line(f"question.{step}.{id}")) for id in ids)


def _one_of(step: str, *ids: str) -> tuple[When, ...]:
    return (When(step, frozenset(ids)),)


def _titled(id: str) -> Line:
    return Line(f"question.{id}.title")


_WHAT = (
    Step("text", Line("question.text"), writes=QUESTION, title=_titled("text"), body=_existing),
    Step("kind", Line("question.kind"), _choices("kind", *KINDS), title=_titled("kind")),
    Step(
        "choices",
        Line("question.choices"),
        writes=CHOICES * (CHOICE + 1),
        when=_one_of("kind", "choice", "multiple"),
        title=_titled("choices"),
        check=_unfit,
    ),
    Step(
        "limits",
        Line("question.limits"),
        writes=2 * DIGITS + 5,
        when=_one_of("kind", "number"),
        title=_titled("limits"),
        check=_no_limits,
    ),
)
_WHERE_AND_WHEN = (
    Step(
        "units",
        Line("question.units"),
        offers=True,
        otherwise="narrow",
        title=_titled("units"),
        look="earlier",
    ),
    Step("narrow", Line("question.units"), writes=60, look="scope", aside=True),
    Step("when", Line("question.when"), _choices("when", "always", "only"), title=_titled("when")),
    Step(
        "of",
        Line("question.of", {"low": LOW}),
        offers=True,
        when=_one_of("when", "only"),
        title=_titled("of"),
        look="choices",
    ),
    Step(
        "is",
        Line("question.is"),
        offers=True,
        when=(*_one_of("when", "only"), When("of", frozenset(ITEMS), wanted=False)),
        title=_titled("is"),
    ),
)
QUESTION_FORM = Form(
    "question",
    (
        *_WHAT,
        *_WHERE_AND_WHEN,
        Step(
            "confirm",
            Line("question.confirm"),
            (
                Choice("publish", Line("question.publish")),
                Choice("required", Line("question.publish.required")),
                Choice("change", Line("survey.review.change"), "visit"),
                Choice("discarded", Line("question.discard"), "close"),
            ),
            body=_preview,
            revisable=False,
        ),
        *ASIDES,
    ),
    _publish,
)
