"""Which unit, or which agency, a command means: asked where a chat's roles leave a choice, and then
as if the command had named it."""

from flows.asides import ASIDES
from flows.engine.conversation import Conversation
from flows.engine.events import Start
from flows.engine.form import Form, Line, Step
from flows.survey.find import NAME, QUERY

COMMAND = "command"  # in `about`: what is to be done there


def _start(form: Form, conversation: Conversation) -> Start:
    chosen = conversation.answers["scope"]
    (row,) = (row for row in conversation.offered["scope"] if row["id"] == chosen)
    return Start(row["opening"])


WHERE = Form(
    "where",
    (
        Step("scope", Line("where"), offers=True, otherwise=QUERY),
        Step(QUERY, Line("where"), writes=NAME, look="where", aside=True),
        *ASIDES,
    ),
    _start,
)
