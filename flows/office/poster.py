"""Posters with QR codes for the counter, sent as a file: /poster."""

from flows.asides import ASIDES
from flows.engine.events import write_answers
from flows.engine.form import Choice, Form, Line, Step

SIZES = ("a4", "a5")


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
    write_answers,
)
