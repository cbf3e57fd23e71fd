"""A citizen's link: the survey of a unit, or the form that finds one."""

from dataclasses import replace

from bot.begin import Begin
from bot.desk import Desk
from flows.form import Line, literal
from flows.opening import FindUnit, RateUnit, survey_payload, unit_payload
from storage import questionnaires
from storage.units import Unit


def rate(desk: Desk, address: str, opening: RateUnit, at: int) -> Begin | Line:
    unit = desk.unit(opening.code)
    if unit is None:
        return find(desk, address, FindUnit(unknown=True), at)
    if opening.survey:
        return _other_survey(desk, unit, opening.survey)
    return _survey(unit, opening.service, unit_payload(opening.code, opening.service))


def find(desk: Desk, address: str, opening: FindUnit, at: int) -> Begin:
    note = Line("unit_unknown") if opening.unknown else None
    return Begin("find", "1", Line("resume.find"), note=note)


def _survey(unit: Unit, service: str, opening: str) -> Begin:
    named = unit.service(service) if service else None
    only = unit.services[0] if len(unit.services) == 1 else named
    return Begin(
        "survey",
        unit.questionnaire,
        literal(unit.name),
        opening,
        about={"unit": unit.code, "unit_name": unit.name},
        answers={"service": only["id"]} if only else {},
        offered={"service": unit.services},
    )


def _other_survey(desk: Desk, unit: Unit, survey: str) -> Begin | Line:
    version = questionnaires.in_force(desk.connection, unit, survey)
    if version is None:
        return Line("survey.not_asked", {"unit_name": unit.name})
    begin = _survey(unit, "", survey_payload(unit.code, survey))
    title = Line(f"{desk.questionnaire(version).instrument}.title")
    name = Line("resume.survey", {"survey": title, "unit_name": unit.name})
    return replace(begin, version=version, name=name, about={**begin.about, "survey_id": survey})
