"""Giving up a role of one's own, after one question."""

from flows.asides import ASIDES
from flows.engine.conversation import Conversation
from flows.engine.events import write_answers
from flows.engine.form import Choice, Form, Line, Step

LAST = "last"  # in a row: nobody else heads the unit


def _given_up(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    chosen = conversation.answers["role"]
    (row,) = (row for row in conversation.offered["role"] if row["id"] == chosen)
    last = (Line("leave.last"),) if LAST in row else ()
    return (Line("leave.role", {"role": Line(row["key"], row)}), *last)


LEAVE_FORM = Form(
    "leave",
    (
        Step("role", Line("leave"), offers=True, revisable=False),
        Step(
            "sure",
            Line("leave.sure"),
            (Choice("yes", Line("leave.yes")), Choice("kept", Line("leave.no"), "close")),
            body=_given_up,
            revisable=False,
        ),
        *ASIDES,
    ),
    write_answers,
)
