"""As what a chat goes through a survey, decided where it opens and again where it ends
(`bot.citizen.participation`), and said above the consent.

It is known only while the survey is open: afterwards nothing tells by which link it came.
"""

from dataclasses import replace

from flows.engine.conversation import Conversation
from flows.engine.form import Form, Line
from flows.survey.state import CITIZEN, SurveyState


def said(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    part = SurveyState.of(conversation).part
    return (Line(f"survey.part.{part}"),) if part else ()


def parted(conversation: Conversation) -> Conversation:
    """A closed one without its part and its visit, and without the link that began it."""
    state = SurveyState.of(conversation)
    if state.part == CITIZEN and not state.visit:
        return conversation
    kept = replace(state, part=CITIZEN, visit="").to_json()
    return replace(conversation, kept=kept, opening="")
