"""The register of innovations: /inovasi. One that is there is looked at, changed, or taken out.

It keeps its unit and its element: for another element it is another innovation. Where its first day
is changed, the day that was noted first stays beside its figures.
"""

from collections.abc import Callable

from flows.engine.confirm import confirm_step
from flows.engine.conversation import Answers, Conversation
from flows.engine.form import (
    Choice,
    Either,
    Form,
    Line,
    counted_answers,
    literal,
)
from flows.engine.input_parsing import text_of
from flows.engine.screen import quoted
from flows.formats import day_line
from flows.loader import element_line
from flows.office.proof import (
    NOT_PUBLIC,
    PUBLISH,
    SHOWN,
    WITHDRAW,
    proof_line,
    proof_step,
    public_line,
    public_step,
    publish_step,
    shown_line,
)
from flows.office.steps import Steps, chosen, form_of, not_chosen
from flows.written_day import A_DAY, day_of

Body = Callable[[Form, Conversation], tuple[Line, ...]]

NEW = "new"
FIELDS = ("name", "what", "start", "proof")
NAME, WHAT = 60, 500  # characters

step = Steps("innovation")


def was_key(field: str) -> str:
    """In `about`: what is kept of the one that was chosen."""
    return f"was_{field}"


def _preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    answers = counted_answers(form, conversation)
    if answers["which"] == NEW:
        element = element_line(str(answers["element"]), conversation.began_on)
        start = day_line(day_of(answers["start"]))
        return (
            literal(quoted(text_of(answers["name"]))),
            Line("innovation.preview", {"element": element, "start": start}),
            literal(quoted(text_of(answers["what"]))),
            proof_line(answers["proof"]),
            *public_line(answers.get("public")),
        )
    name = literal(quoted(conversation.about.get(was_key("name"), "–")))
    if answers["do"] == "remove":
        return (Line("innovation.preview.remove", {"name": name}),)
    return (name, *_difference(conversation, str(answers["field"]), answers))


def _difference(conversation: Conversation, field: str, answers: Answers) -> tuple[Line, ...]:
    was, value = conversation.about.get(was_key(field), "–"), answers[field]
    before, after = literal(quoted(was)), literal(quoted(text_of(value)))
    if field == "proof":
        kind = conversation.about.get(was_key("proof_kind"), "")
        before, after = (
            shown_line(conversation.about.get(was_key("proof"), ""), kind),
            proof_line(value),
        )
    elif field == "start":
        before, after = day_line(day_of(was)), day_line(day_of(value))
    lines = (Line("innovation.was", {"text": before}), Line("innovation.will_be", {"text": after}))
    if field == "proof":  # what is on the site is that of the former proof
        gone = NOT_PUBLIC if conversation.about.get(SHOWN) else None
        return (*lines, *public_line(answers.get("public", gone)))
    return (*lines, Line("innovation.start.moved")) if field == "start" else lines


def _title(field: str) -> Line:
    return Line("proof.title") if field == "proof" else step.title(field)


def _now(field: str) -> Body:
    """Of one that is there, what is to be changed."""

    def body(form: Form, conversation: Conversation) -> tuple[Line, ...]:
        if conversation.answers.get("which") == NEW:
            return ()
        was = conversation.about.get(was_key(field), "–")
        text = day_line(day_of(was)) if field == "start" else literal(was)
        return (Line("innovation.now", {"text": text}),)

    return body


def _photo(conversation: Conversation) -> str:
    return conversation.about.get(was_key("photo"), "")


def _new_or(field: str) -> Either:
    return Either((_NEW, chosen("field", field)))


_NEW = chosen("which", NEW)

INNOVATION = form_of(
    "innovation",
    step("which", offers=True, look="innovation_which", resets=True),
    step("do", offers=True, when=(not_chosen("which", NEW),)),
    step("field", *(Choice(each, _title(each)) for each in FIELDS), when=(chosen("do", "change"),)),
    step("element", offers=True, when=(_NEW,)),
    step("name", writes=NAME, when=(_new_or("name"),), body=_now("name")),
    step("what", writes=WHAT, when=(_new_or("what"),), body=_now("what")),
    step("start", **A_DAY, when=(_new_or("start"),), look="innovation_start", body=_now("start")),
    publish_step(_photo, chosen("do", PUBLISH)),
    proof_step(_new_or("proof")),
    public_step(_new_or("proof")),
    confirm_step(_preview, not_chosen("do", "show", "proof", PUBLISH, WITHDRAW)),
)
