"""The promises of the service that a citizen is asked about, for `flows.survey.promise`."""

from bot.core.turn_context import TurnContext
from flows.engine.conversation import Conversation
from flows.engine.events import Noted
from flows.loader import SKM, instrument
from flows.survey.promise import pinned
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
    about = pinned(conversation, standards.in_force(context.connection, unit.id, service, day))
    return Noted(about) if about != conversation.about else None
