"""The last step of a form that writes something: what it comes to, and save, change or discard."""

from collections.abc import Callable

from flows.engine.conversation import Conversation
from flows.engine.form import Choice, Condition, Form, Line, Step

DISCARD = Choice("discarded", Line("discard"), "close")


def confirm_step(body: Callable[[Form, Conversation], tuple[Line, ...]], *when: Condition) -> Step:
    return Step(
        "confirm",
        Line("confirm"),
        (
            Choice("save", Line("save")),
            Choice("change", Line("survey.review.change"), "visit"),
            DISCARD,
        ),
        when=when,
        body=body,
        revisable=False,
    )


def apply_step(body: Callable[[Form, Conversation], tuple[Line, ...]], *when: Condition) -> Step:
    """… of a form that took a table, at its step "table"."""
    return Step(
        "apply",
        Line("unit.apply"),
        (
            Choice("apply", Line("unit.apply.apply")),
            Choice("table", Line("unit.table.other"), "visit"),
            DISCARD,
        ),
        when=when,
        body=body,
        revisable=False,
    )
