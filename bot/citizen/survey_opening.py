"""A citizen's link: the survey of a unit, or the form that finds one."""

from dataclasses import replace
from datetime import date

from bot.citizen import finding, submitting
from bot.citizen.finding import known
from bot.citizen.participation import needs_visit, part_of
from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from flows.engine.form import Line, literal
from flows.intents import FindUnit, RateUnit, survey_payload, unit_payload
from flows.survey.find import FIND, QUERY
from flows.survey.state import PREVIEW, SURVEY, SurveyState
from storage import publications, questionnaires, units
from storage.answers import visits
from storage.answers.visits import Visit
from storage.units import Unit


def rate(context: TurnContext, opening: RateUnit) -> Begin | Line:
    unit = context.unit(opening.code)
    if unit is None:
        return find(context, FindUnit(unknown=True))
    if shut := closed(context, unit):
        return shut
    if needs_visit(context, unit):
        return Line("web.visit", {"unit_name": unit.name})
    if opening.survey:
        return _other_survey(context, unit, opening.survey)
    named = unit_payload(opening.code, opening.service)
    return survey(context, in_force(context, unit), opening.service, named)


def find(context: TurnContext, opening: FindUnit, note: Line | None = None) -> Begin:
    note = Line("unit_unknown") if opening.unknown else note
    offered = {QUERY: known(context)}
    return Begin("find", "1", Line("resume.find"), offered=offered, note=note)


def closed(context: TurnContext, unit: Unit) -> Line | None:
    """That no survey begins now, and when one does. Whoever has a role may still look at it."""
    today = unit.day_at(context.at)
    if not unit.is_closed(today) or part_of(context, unit, None) == PREVIEW:
        return None
    if unit.closed_until == date.max:
        return Line("survey.closed", {"unit_name": unit.name})
    day = f"{unit.closed_until:%-d/%-m/%Y}"
    return Line("survey.closed.until", {"unit_name": unit.name, "day": day})


def in_force(context: TurnContext, unit: Unit) -> Unit:
    """The unit as it is asked about now: by another instrument from the first tap of a period on,
    whenever the scheduler comes by."""
    today = unit.day_at(context.at)
    if questionnaires.instrument_in(unit.questionnaire) == unit.instrument_on(today).id:
        return unit
    publications.change_over(context.connection, context.at, unit.id)
    context.read.clear()
    return units.by_id(context.connection, unit.id)


def survey(
    context: TurnContext,
    unit: Unit,
    service: str,
    opening: str,
    visit: Visit | None = None,
    note: Line | None = None,
) -> Begin:
    """`service`: its id or name, or "". That of a visit's link cannot be changed for another."""
    named = unit.service(service) if service else None
    only = unit.services[0] if len(unit.services) == 1 else named
    return Begin(
        "survey",
        unit.questionnaire,
        literal(unit.name),
        opening,
        about={"unit": unit.code, "unit_name": unit.name},
        answers={"service": only["id"]} if only else {},
        offered={"service": [only] if visit and only else unit.services},
        note=note,
        kept=SurveyState(
            part=part_of(context, unit, visit),
            visit=visits.seal(context.vault, visit) if visit else "",
        ),
    )


def _other_survey(context: TurnContext, unit: Unit, other: str) -> Begin | Line:
    version = questionnaires.in_force(context.connection, unit, other)
    if version is None:
        return Line("survey.not_asked", {"unit_name": unit.name})
    begin = survey(context, unit, "", survey_payload(unit.code, other))
    title = Line(f"{context.questionnaire(version).instrument}.title")
    name = Line("resume.survey", {"survey": title, "unit_name": unit.name})
    return replace(begin, version=version, name=name, about={**begin.about, "survey_id": other})


DIALOGUES = (
    Dialogue(
        "/start",
        menu="everybody",
        link=FindUnit,
        opens=find,
        form=FIND,
        looks={"unit": finding.named, "near": finding.near, "within": finding.within},
    ),
    Dialogue(
        link=RateUnit,
        opens=rate,
        form=SURVEY,
        looks={"voice": submitting.is_counted},
        writes=submitting.submit,
    ),
)
