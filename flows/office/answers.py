"""An admin brings in answers from paper or an online form: /impor.

A table is sent; what it does not say is asked, one thing after the other, at one step whose choices
are offered each time; what it would do is shown, and done. An import can be taken back.
"""

from flows.asides import ASIDES
from flows.engine.confirm import DISCARD
from flows.engine.conversation import Conversation
from flows.engine.events import write_answers
from flows.engine.form import Choice, Form, Line, Step, When, literal

TABLE, UNDO = "table", "undo"
DAY = 30  # characters of a day that is typed
DO_IMPORT, AGAIN, ONCE, SWAP = "import", "again", "once", "swap"
BLANK, DEGREES = "blank", "degrees"


def _shown(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """What is asked, or what would be done (`bot.office.units.answer_table`)."""
    return tuple(literal(line) for line in conversation.about.get("shown", "").split("\n") if line)


def _does(what: str) -> tuple[When]:
    return (When("do", frozenset({what})),)


ANSWERS_FORM = Form(
    "answers",
    (
        Step(
            "do",
            Line("answers.do"),
            (
                Choice(TABLE, Line("answers.do.table")),
                Choice(UNDO, Line("answers.do.undo")),
            ),
            title=Line("answers.do.title"),
            resets=True,
        ),
        Step(
            "table",
            Line("answers.table"),
            attaches=("table",),
            when=_does(TABLE),
            title=Line("answers.table.title"),
            look="answers_table",
        ),
        Step(
            "ask",
            Line("answers.ask"),
            (Choice("table", Line("unit.table.other"), "visit"), DISCARD),
            writes=DAY,
            when=_does(TABLE),
            offers=True,
            body=_shown,
            revisable=False,
        ),
        Step(
            "which",
            Line("answers.which"),
            (DISCARD,),
            when=_does(UNDO),
            offers=True,
            revisable=False,
        ),
        *ASIDES,
    ),
    write_answers,
)
