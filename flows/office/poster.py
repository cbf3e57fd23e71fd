"""Posters with QR codes for the counter, sent as a file: /poster."""

from flows.asides import ASIDES
from flows.engine.conversation import Conversation, counted_answers
from flows.engine.events import Write
from flows.engine.form import Choice, Form, Line, Step

SIZES = ("a4", "a5")


def _write(form: Form, conversation: Conversation) -> Write:
    return Write(counted_answers(form, conversation))


POSTER_FORM = Form(
    "poster",
    (
        Step(
            "size",
            Line("poster.size"),
            tuple(Choice(size, Line(f"poster.size.{size}")) for size in SIZES),
        ),
        *ASIDES,
    ),
    _write,
)
