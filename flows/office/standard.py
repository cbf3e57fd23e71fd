"""A head or an admin writes what a unit promises: /standar.

Of all its services or of one, element by element, from a day on; or a whole table at once. What was
promised before stays readable: a promise is never changed, another begins.
"""

from flows.asides import ASIDES
from flows.engine.confirm import apply_step, confirm_step
from flows.engine.conversation import Conversation
from flows.engine.events import write_answers
from flows.engine.form import Choice, Form, Line, Step, When, literal
from flows.engine.screen import answer_line
from flows.written_day import as_said

TABLE, ALL = "-table", "-all"  # no service is called so
TEXT, DAY = 120, 12  # characters


def _history(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    said = conversation.about.get("history", "")
    if not said:
        return (Line("standard.none"),)
    return tuple(literal(line) for line in said.split("\n"))


def _preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    shown = {step: answer_line(form, conversation, form.by_id[step]) for step in ("text", "since")}
    about = {
        step: answer_line(form, conversation, form.by_id[step]) for step in ("service", "element")
    }
    return (Line("standard.preview", {**about, **shown}),)


def _in_table(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    said = conversation.about.get("table", "")
    return tuple(literal(line) for line in said.split("\n") if line)


def _title(step: str) -> Line:
    return Line(f"standard.{step}.title")


_BY_TABLE = (When("service", frozenset({TABLE})),)
_BY_HAND = (When("service", frozenset({TABLE}), wanted=False),)

STANDARD_FORM = Form(
    "standard",
    (
        Step(
            "service",
            Line("standard.service"),
            (Choice(ALL, Line("standard.all")), Choice(TABLE, Line("standard.table.send"))),
            offers=True,
            title=_title("service"),
            resets=True,
        ),
        Step(
            "table",
            Line("standard.table"),
            attaches=("table",),
            when=_BY_TABLE,
            title=_title("table"),
            look="standard_table",
        ),
        apply_step(_in_table, *_BY_TABLE),
        Step(
            "element",
            Line("standard.element"),
            offers=True,
            when=_BY_HAND,
            title=_title("element"),
            look="standard_now",
            resets=True,
        ),
        Step(
            "text",
            Line("standard.text", {"most": TEXT}),
            writes=TEXT,
            when=_BY_HAND,
            title=_title("text"),
            look="standard_text",
            body=_history,
        ),
        Step(
            "since",
            Line("standard.since"),
            (Choice("today", Line("standard.since.today")),),
            writes=DAY,
            when=_BY_HAND,
            title=_title("since"),
            look="standard_since",
            reads=as_said,
        ),
        confirm_step(_preview, *_BY_HAND),
        *ASIDES,
    ),
    write_answers,
)
