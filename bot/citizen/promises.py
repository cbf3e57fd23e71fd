"""The promises of the service that a citizen is asked about, for `flows.citizen.promise`."""

from bot.desk import Desk
from flows.citizen.promise import pinned
from flows.conversation import Conversation
from flows.events import Noted
from flows.files import SKM, instrument
from storage import standards
from storage.periods import local_date, zone
from storage.units import Unit


def promised(
    desk: Desk, unit: Unit, conversation: Conversation, service: str, at: int
) -> Noted | None:
    """None where nothing changes. Of the SKM only: the standard's elements are its own."""
    if instrument(desk.questionnaire(conversation.version).instrument).survey != SKM:
        return None
    day = local_date(at, zone(unit.timezone))
    about = pinned(conversation, standards.in_force(desk.connection, unit.id, service, day))
    return Noted(about) if about != conversation.about else None
