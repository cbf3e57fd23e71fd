"""The promises of the service that a citizen is asked about, for `flows.survey.promise`."""

from dataclasses import replace

from bot.core.turns.turn_context import TurnContext
from flows.engine.conversation import Conversation
from flows.engine.events import Noted
from flows.loader import SKM, instrument
from flows.survey.state import SurveyState
from storage import standards
from storage.periods import local_date, zone
from storage.units import Unit


def promised(
    context: TurnContext, unit: Unit, conversation: Conversation, service: str, at: int
) -> Noted | None:
    """None where nothing changes. Of the SKM only: the standard's elements are its own."""
    if instrument(context.questionnaire(conversation.version).instrument).survey != SKM:
        return None
    day = local_date(at, zone(unit.timezone))
    state = SurveyState.of(conversation)
    promises = standards.in_force(context.connection, unit.id, service, day)
    return Noted(kept=replace(state, promises=promises)) if promises != state.promises else None
