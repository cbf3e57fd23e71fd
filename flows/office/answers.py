"""An admin brings in answers from paper or an online form: /impor.

A table is sent; what it does not say is asked, one thing after the other, at one step whose choices
are offered each time; what it would do is shown, and done. An import can be taken back.
"""

from flows.engine.confirm import DISCARD
from flows.engine.conversation import Conversation
from flows.engine.form import Choice, Form, Line, literal
from flows.office.steps import Steps, chosen, form_of
from flows.written_day import WRITTEN

TABLE, UNDO = "table", "undo"
DO_IMPORT, AGAIN, ONCE, SWAP = "import", "again", "once", "swap"
BLANK, DEGREES = "blank", "degrees"


def _shown(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """What is asked, or what would be done (`bot.office.units.answer_table`)."""
    return tuple(literal(line) for line in conversation.about.get("shown", "").split("\n") if line)


step = Steps("answers")

ANSWERS_FORM = form_of(
    "answers",
    step("do", TABLE, UNDO, resets=True),
    step("table", attaches=("table",), when=(chosen("do", TABLE),), look="answers_table"),
    step(
        "ask",
        Choice("table", Line("unit.table.other"), "visit"),
        DISCARD,
        writes=WRITTEN,
        when=(chosen("do", TABLE),),
        offers=True,
        body=_shown,
        revisable=False,
    ),
    step("which", DISCARD, when=(chosen("do", UNDO),), offers=True, revisable=False),
)
