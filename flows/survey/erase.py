"""Erasing one's own answer: a single question before it is gone.

Which answer is meant lies in the conversation only sealed (`EraseState`): whoever has the
database without its key does not learn from it who gave that answer.
"""

from typing import ClassVar

from flows.asides import ASIDES
from flows.engine.conversation import Conversation, FeatureState
from flows.engine.events import Erase
from flows.engine.form import Choice, Form, Line, Step


class EraseState(FeatureState, frozen=True):
    FORM: ClassVar[str] = "erase"

    sealed: str = ""


def _erase(form: Form, conversation: Conversation) -> Erase:
    return Erase(EraseState.of(conversation).sealed)


ERASE_FORM = Form(
    EraseState.FORM,
    (
        Step(
            "sure",
            Line("erase.sure"),
            (
                Choice("erase", Line("erase.yes"), weighty=True),
                Choice("kept", Line("erase.no"), "close"),
            ),
            revisable=False,
        ),
        *ASIDES,
    ),
    _erase,
)
