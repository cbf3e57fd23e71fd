"""The register of innovations: /inovasi. One that is there is looked at, changed, or taken out.

It keeps its unit and its element: for another element it is another innovation. Where its first day
is changed, the day that was noted first stays beside its figures.
"""

from collections.abc import Callable, Mapping
from datetime import date

from flows.asides import ASIDES
from flows.engine.confirm import confirm_step
from flows.engine.conversation import Conversation
from flows.engine.events import write_answers
from flows.engine.form import (
    Choice,
    Either,
    Form,
    Line,
    Step,
    Value,
    When,
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
from flows.written_day import WRITTEN, as_said, no_day, read_day

Body = Callable[[Form, Conversation], tuple[Line, ...]]

NEW = "new"
FIELDS = ("name", "what", "start", "proof")
NAME, WHAT = 60, 500  # characters


def was_key(field: str) -> str:
    """In `about`: what is kept of the one that was chosen."""
    return f"was_{field}"


def start_of(value: Value) -> date:
    day = read_day(text_of(value))
    assert day is not None, "checked when it was written"
    return day


def _preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    answers = counted_answers(form, conversation)
    if answers["which"] == NEW:
        element = element_line(str(answers["element"]), conversation.began_on)
        start = day_line(start_of(answers["start"]))
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


def _difference(
    conversation: Conversation, field: str, answers: Mapping[str, Value]
) -> tuple[Line, ...]:
    was, value = conversation.about.get(was_key(field), "–"), answers[field]
    before, after = literal(quoted(was)), literal(quoted(text_of(value)))
    if field == "proof":
        kind = conversation.about.get(was_key("proof_kind"), "")
        before, after = (
            shown_line(conversation.about.get(was_key("proof"), ""), kind),
            proof_line(value),
        )
    elif field == "start":
        before, after = day_line(start_of(was)), day_line(start_of(value))
    lines = (Line("innovation.was", {"text": before}), Line("innovation.will_be", {"text": after}))
    if field == "proof":  # what is on the site is that of the former proof
        gone = NOT_PUBLIC if conversation.about.get(SHOWN) else None
        return (*lines, *public_line(answers.get("public", gone)))
    return (*lines, Line("innovation.start.moved")) if field == "start" else lines


def _title(step: str) -> Line:
    return Line("proof.title") if step == "proof" else Line(f"innovation.{step}.title")


def _text(step: str, most: int) -> Step:
    when = (_new_or(step),)
    line, title = Line(f"innovation.{step}"), _title(step)
    return Step(step, line, writes=most, when=when, title=title, body=_now(step))


def _now(field: str) -> Body:
    """Of one that is there, what is to be changed."""

    def body(form: Form, conversation: Conversation) -> tuple[Line, ...]:
        if conversation.answers.get("which") == NEW:
            return ()
        was = conversation.about.get(was_key(field), "–")
        text = day_line(start_of(was)) if field == "start" else literal(was)
        return (Line("innovation.now", {"text": text}),)

    return body


def _photo(conversation: Conversation) -> str:
    return conversation.about.get(was_key("photo"), "")


def _new_or(field: str) -> Either:
    return Either((_NEW, When("field", frozenset({field}))))


_NEW, _OLD = When("which", frozenset({NEW})), When("which", frozenset({NEW}), wanted=False)

INNOVATION = Form(
    "innovation",
    (
        Step(
            "which",
            Line("innovation.which"),
            offers=True,
            look="innovation_which",
            title=_title("which"),
            resets=True,
        ),
        Step(
            "do",
            Line("innovation.do"),
            offers=True,
            when=(_OLD,),
            title=_title("do"),
        ),
        Step(
            "field",
            Line("innovation.field"),
            tuple(Choice(field, _title(field)) for field in FIELDS),
            when=(When("do", frozenset({"change"})),),
            title=_title("field"),
        ),
        Step(
            "element",
            Line("innovation.element"),
            offers=True,
            when=(_NEW,),
            title=_title("element"),
        ),
        _text("name", NAME),
        _text("what", WHAT),
        Step(
            "start",
            Line("innovation.start"),
            writes=WRITTEN,
            when=(_new_or("start"),),
            title=_title("start"),
            check=no_day,
            reads=as_said,
            look="innovation_start",
            body=_now("start"),
        ),
        publish_step(_photo, When("do", frozenset({PUBLISH}))),
        proof_step(_new_or("proof")),
        public_step(_new_or("proof")),
        confirm_step(
            _preview, When("do", frozenset({"show", "proof", PUBLISH, WITHDRAW}), wanted=False)
        ),
        *ASIDES,
    ),
    write_answers,
)
