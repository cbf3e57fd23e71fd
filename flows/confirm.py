"""The last step of a form that writes something: what it comes to, and save, change or discard."""

from collections.abc import Callable

from flows.conversation import Conversation
from flows.form import Choice, Condition, Form, Line, Step

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
