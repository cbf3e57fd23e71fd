"""An admin adds an extra question: text, kind, choices, for which units, preview, publish."""

from flows.asides import ASIDES
from flows.conversation import Conversation, counted_answers
from flows.events import Publish
from flows.form import Choice, Form, Line, Step, When, literal
from flows.instrument import Extra
from flows.survey import extra_choices

QUESTION = 300  # characters
CHOICES = 10
CHOICE = 40  # characters: a button on a phone


def choice_texts(text: str) -> tuple[str, ...]:
    """One choice a line."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


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


def _publish(form: Form, conversation: Conversation) -> Publish:
    draft = _draft(form, conversation)
    return Publish(draft.text, draft.kind, draft.choices, str(conversation.answers["units"]))


def _draft(form: Form, conversation: Conversation) -> Extra:
    answers = counted_answers(form, conversation)
    text, choices = answers["text"], answers.get("choices")
    return Extra(
        key="draft",
        text=text["text"] if isinstance(text, dict) else text,
        kind=str(answers["kind"]),
        choices=choice_texts(choices["text"]) if isinstance(choices, dict) else (),
    )


def _existing(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    items = conversation.about.get("existing", "")
    return (
        Line("question.existing", {"items": items}) if items else Line("question.existing.none"),
    )


def _preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    draft = _draft(form, conversation)
    labels = tuple(choice.label for choice in extra_choices(draft))
    shown = Line("question.preview.choices", {"items": labels}) if labels else None
    typed = Line("question.preview.typed")
    return (Line("question.preview"), literal(draft.text), shown or typed)


QUESTION_FORM = Form(
    "question",
    (
        Step(
            "text",
            Line("question.text"),
            writes=QUESTION,
            title=Line("question.text.title"),
            body=_existing,
        ),
        Step(
            "kind",
            Line("question.kind"),
            tuple(Choice(k, Line(f"question.kind.{k}")) for k in ("scale", "choice", "text")),
            title=Line("question.kind.title"),
        ),
        Step(
            "choices",
            Line("question.choices"),
            writes=CHOICES * (CHOICE + 1),
            when=(When("kind", frozenset({"choice"})),),
            title=Line("question.choices.title"),
            check=_unfit,
        ),
        Step(
            "units",
            Line("question.units"),
            offers=True,
            otherwise="narrow",
            title=Line("question.units.title"),
        ),
        Step("narrow", Line("question.units"), writes=60, look="scope", aside=True),
        Step(
            "confirm",
            Line("question.confirm"),
            (
                Choice("publish", Line("question.publish")),
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
