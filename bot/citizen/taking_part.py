"""Who takes part in a survey, and as what: the one rule.

Asked where a survey opens and again where its answers would be kept: a role may have been gained
while it was open. Whoever has a role in the unit sees its survey as a preview. An officer with a
visit's link fills it in for that citizen. Everybody else is a citizen.
"""

from bot.desk import Desk
from flows.citizen.part import CITIZEN, OFFICER, PREVIEW, VISIT, VISITOR, Part
from flows.conversation import Conversation
from storage import visits
from storage.office import permissions, roles
from storage.units import Unit
from storage.visits import Visit


def part_of(desk: Desk, address: str, unit: Unit, visit: Visit | None) -> Part:
    held = [each for each in roles.held(desk.connection, address) if permissions.covers(each, unit)]
    if not held:
        return VISITOR if visit else CITIZEN
    assists = any(each.role in permissions.ALLOWED["assist"] for each in held)
    return OFFICER if visit and assists else PREVIEW


def visit_of(desk: Desk, conversation: Conversation) -> Visit | None:
    """The visit whose link the survey was opened with."""
    sealed = conversation.about.get(VISIT)
    return visits.unseal(desk.vault, sealed) if sealed else None
