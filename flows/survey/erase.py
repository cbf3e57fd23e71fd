"""Erasing one's own answer: a single question before it is gone.

Which answer is meant lies in the conversation only sealed (`about["sealed"]`): whoever has the
database without its key does not learn from it who gave that answer.
"""

from flows.engine.asides import ASIDES
from flows.engine.conversation import Conversation
from flows.engine.events import Erase
from flows.engine.form import Choice, Form, Line, Step


def _erase(form: Form, conversation: Conversation) -> Erase:
    return Erase(conversation.about["sealed"])


ERASE_FORM = Form(
    "erase",
    (
        Step(
            "sure",
            Line("erase.sure"),
            (Choice("erase", Line("erase.yes")), Choice("kept", Line("erase.no"), "close")),
            revisable=False,
        ),
        *ASIDES,
    ),
    _erase,
)
