"""A head or an admin writes what a unit promises: /standar.

Of all its services or of one, element by element, from a day on; or a whole table at once. What was
promised before stays readable: a promise is never changed, another begins.
"""

from flows.engine.confirm import apply_step, confirm_step
from flows.engine.conversation import Conversation
from flows.engine.form import Choice, Form, Line, literal
from flows.engine.screen import answer_line
from flows.office.steps import Steps, chosen, form_of, not_chosen
from flows.written_day import WRITTEN, as_said

TABLE, ALL = "-table", "-all"  # no service is called so
TEXT = 120  # characters


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


step = Steps("standard")
_BY_TABLE, _BY_HAND = chosen("service", TABLE), not_chosen("service", TABLE)

STANDARD_FORM = form_of(
    "standard",
    step(
        "service",
        Choice(ALL, Line("standard.all")),
        Choice(TABLE, Line("standard.table.send")),
        offers=True,
        resets=True,
    ),
    step("table", attaches=("table",), when=(_BY_TABLE,), look="standard_table"),
    apply_step(_in_table, _BY_TABLE),
    step("element", offers=True, when=(_BY_HAND,), look="standard_now", resets=True),
    step(
        "text",
        text=Line("standard.text", {"most": TEXT}),
        writes=TEXT,
        when=(_BY_HAND,),
        look="standard_text",
        body=_history,
    ),
    step("since", "today", writes=WRITTEN, when=(_BY_HAND,), look="standard_since", reads=as_said),
    confirm_step(_preview, _BY_HAND),
)
