"""A visit's single-use link: the survey of its unit, or a kind word why it opens only the ordinary
one."""

from bot.citizen.participation import needs_visit
from bot.citizen.survey_opening import closed, find, in_force, survey
from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from flows.engine.form import Line
from flows.formats import digits_of
from flows.intents import FindUnit, RateVisit, unit_payload
from storage import units
from storage.answers import visits, votes
from storage.answers.visits import OPENS, Visit

COMMAND = "/kunjungan"  # a link again, as a conversation keeps it


def rate(context: TurnContext, link: RateVisit) -> Begin | Line:
    return _rate(context, visits.read(context.vault, link.token))


def again(context: TurnContext, sealed: str) -> Begin | Line:
    return _rate(context, visits.unseal(context.vault, sealed))


def _rate(context: TurnContext, visit: Visit | None) -> Begin | Line:
    unit = units.found(context.connection, visit.unit_id) if visit else None
    if visit is None or unit is None:
        return find(context, FindUnit(), Line("visit.unknown"))
    if votes.is_counted(context.keys, visit, visit.period(unit)):
        return Line("visit.used")
    if shut := closed(context, unit):
        return shut
    unit = in_force(context, unit)
    service, today = visit.service_in(unit), unit.day_at(context.at)
    if service is None or not visit.opens(today):
        note = Line("visit.unknown") if service is None else _days(visit)
        if needs_visit(context, unit):
            return note
        ordinary = unit_payload(unit.code, service or "")
        return survey(context, unit, service or "", ordinary, note=note)
    sealed = visits.seal(context.vault, visit)
    return survey(context, unit, service, f"{COMMAND} {sealed}", visit)


def _days(visit: Visit) -> Line:
    """That a link is good on its days only, whether they are over or still to come."""
    return Line("visit.days", {"first": digits_of(visit.day), "last": digits_of(visit.day + OPENS)})


DIALOGUES = (
    Dialogue(link=RateVisit, opens=rate),
    Dialogue(COMMAND, typed=False, opens=again),
)
