"""Questionnaires by the hash of their content, and which ones are in force in a unit.

A unit always has one for the SKM, kept beside its name. Other surveys (spkp, spak, f-03) it has
once one of their instruments was published there: the last one published is in force.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, func, or_, select

from flows.instrument import Questionnaire
from flows.loader import SKM, ids_of, instrument, instrument_ids
from storage.database.upsert import insert_once, table_of
from storage.tables import Publication, Unit
from storage.tables import Questionnaire as Row
from storage.units import Unit as ServiceUnit

_q, _u, _p = table_of(Row), table_of(Unit), table_of(Publication)


def keep(connection: Connection, questionnaire: Questionnaire) -> str:
    """Keep a questionnaire if it is not kept; its id."""
    insert_once(connection, _q, id=questionnaire.id, content=questionnaire.to_json())
    return questionnaire.id


def keep_first(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep what new units begin with (`storage.files.unit_file`): instruments with nothing more."""
    for id in {row["questionnaire"] for row in rows}:
        keep(connection, Questionnaire(id))


def get(connection: Connection, id: str) -> Questionnaire:
    content = connection.execute(select(_q.c.content).where(_q.c.id == id)).scalar_one()
    return Questionnaire.from_json(content)


def instrument_in(id: str) -> str:
    """The instrument of a questionnaire: its id is the instrument's, alone or before a "+"."""
    return id.partition("+")[0]


def wordings(connection: Connection, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Of those that word a service in their own way: id → service → what is different there."""
    asked = {id: get(connection, id) for id in sorted(ids)}
    return {
        id: {wording.service: wording.said() for wording in each.services}
        for id, each in asked.items()
        if each.services
    }


def in_force(connection: Connection, unit: ServiceUnit, survey: str) -> str | None:
    """The version that the unit's next citizen of this survey gets; None: it is not asked there."""
    if survey == SKM:
        return unit.questionnaire
    query = select(_p.c.questionnaire).where(_p.c.unit_id == unit.id, of_survey(survey))
    return connection.execute(query.order_by(_p.c.number.desc()).limit(1)).scalar()


def of_survey(survey: str) -> Any:
    """Whether a publication is of that survey. An id is its instrument, alone or before a "+"."""
    names = ids_of(survey)
    theirs = [_p.c.questionnaire.startswith(f"{name}+", autoescape=True) for name in names]
    return or_(_p.c.questionnaire.in_(names), *theirs)


def asking(survey: str) -> tuple[Any, Any]:
    """Where it is kept what units ask in a survey, for a SELECT: the tables, joined to the unit's,
    and the column of the questionnaire. Units that do not run the survey are not in it."""
    if survey == SKM:
        return _u, _u.c.questionnaire
    last = select(func.max(_p.c.id).label("id")).where(of_survey(survey)).group_by(_p.c.unit_id)
    newest = last.subquery()
    theirs = _u.join(_p, _p.c.unit_id == _u.c.id).join(newest, newest.c.id == _p.c.id)
    return theirs, _p.c.questionnaire


def surveys(connection: Connection, unit: ServiceUnit) -> dict[str, str]:
    """All that a unit runs, the SKM first: survey → the questionnaire that is in force."""
    named = dict.fromkeys(instrument(name).survey for name in instrument_ids())
    found = {survey: in_force(connection, unit, survey) for survey in (SKM, *named)}
    return {survey: asked for survey, asked in found.items() if asked}
