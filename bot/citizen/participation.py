"""Who takes part in a survey, and as what: the one rule.

Asked where a survey opens and again where its answers would be kept: a role may have been gained
while it was open. Whoever has a role in the unit sees its survey as a preview. An officer with a
visit's link fills it in for that citizen. Everybody else is a citizen.
"""

from bot.core.turns.turn_context import TurnContext
from flows.engine.conversation import Conversation
from flows.survey.state import CITIZEN, OFFICER, PREVIEW, VISITOR, Part, SurveyState
from storage.answers import visits
from storage.answers.visits import Visit
from storage.office import permissions
from storage.units import VISITS_ONLY, Unit


def part_of(context: TurnContext, unit: Unit, visit: Visit | None) -> Part:
    held = [each for each in context.held if permissions.covers(each, unit)]
    if not held:
        return VISITOR if visit else CITIZEN
    assists = any(each.role in permissions.ALLOWED["assist"] for each in held)
    return OFFICER if visit and assists else PREVIEW


def needs_visit(context: TurnContext, unit: Unit) -> bool:
    """Whether nobody without a visit's link may answer there: the unit says so of channels that
    know nobody."""
    return unit.web == VISITS_ONLY and not context.is_known


def visit_of(context: TurnContext, conversation: Conversation) -> Visit | None:
    """The visit whose link the survey was opened with."""
    sealed = SurveyState.of(conversation).visit
    return visits.unseal(context.vault, sealed) if sealed else None
