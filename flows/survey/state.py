"""What a survey keeps in its conversation besides the answers.

As what a chat takes part is decided where it opens and again where it ends
(`bot.citizen.participation`), and is known only meanwhile: afterwards nothing tells by which link
it came.

A correction is a conversation of its own, which holds the former answers and the receipt of the
response that it changes.
"""

from typing import ClassVar, Literal

from msgspec import field

from flows.engine.conversation import Conversation, FeatureState
from flows.engine.form import Form, Line

SURVEY = "survey"  # the form's id, whatever its questionnaire

Part = Literal["", "visit", "assisted", "preview"]
CITIZEN: Part = ""
VISITOR: Part = "visit"  # a citizen with a visit's link
OFFICER: Part = "assisted"  # fills in for a citizen, with that citizen's link
PREVIEW: Part = "preview"  # sees how it is asked; nothing is kept


class SurveyState(FeatureState, frozen=True):
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


def part_said(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """Above the consent."""
    part = SurveyState.of(conversation).part
    return (Line(f"survey.part.{part}"),) if part else ()


def parted(conversation: Conversation) -> Conversation:
    """A closed one without its part and its visit, and without the link that began it."""
    state = SurveyState.of(conversation)
    if state.part == CITIZEN and not state.visit:
        return conversation
    kept = state.but(part=CITIZEN, visit="").to_json()
    return conversation.but(kept=kept, opening="")
