"""What a survey keeps in its conversation besides the answers.

A correction is a conversation of its own, which holds the former answers and the receipt of the
response that it changes.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from flows.engine.conversation import Conversation, FeatureState

SURVEY = "survey"  # the form's id, whatever its questionnaire

Part = Literal["", "visit", "assisted", "preview"]
CITIZEN: Part = ""
VISITOR: Part = "visit"  # a citizen with a visit's link
OFFICER: Part = "assisted"  # fills in for a citizen, with that citizen's link
PREVIEW: Part = "preview"  # sees how it is asked; nothing is kept


@dataclass(frozen=True, slots=True)
class SurveyState(FeatureState):
    """`part`: as what the chat takes part. `visit`: a visit's link, sealed. `corrects`: the receipt
    code of the response that is being changed. `promises`: what the unit promises, by the item that
    it is about: what this person saw, whatever the unit promises meanwhile.
    """

    FORM: ClassVar[str] = SURVEY

    part: Part = CITIZEN
    visit: str = ""
    corrects: str = ""
    promises: dict[str, str] = field(default_factory=dict)


def is_submitted(conversation: Conversation) -> bool:
    """A survey whose response is kept: its answers stay for the grace time."""
    return "receipt" in conversation.outcome
