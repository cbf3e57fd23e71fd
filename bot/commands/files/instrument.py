"""`skm instrument`: a survey that a unit runs beside its SKM."""

import time
from pathlib import Path

from bot.commands.files.units import give_link
from bot.commands.instrument_option import of_today
from bot.commands.open_database import opened
from bot.commands.refusal import Refused
from bot.commands.scope import unit_of
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from flows.instrument import Questionnaire
from flows.loader import SKM, instrument, instrument_ids
from flows.operator_words import tr
from storage import publications
from storage.office import audit


def ask(code: str, name: str, qr: Path | None) -> None:
    """Put an instrument in force in a unit and print the link to it. Raises Refused."""
    asked = of_today(name)
    if not asked.asked or asked.survey == SKM:
        others = (each for each in instrument_ids() if instrument(each).asked)
        beside = ", ".join(each for each in others if instrument(each).survey != SKM)
        raise Refused(tr("{0} is not asked beside the SKM. These are: {1}.", name, beside))
    settings = load()
    with opened(settings) as engine, engine.begin() as connection:
        unit = unit_of(connection, code)
        wanted = Questionnaire(asked.id)
        now, after = int(time.time()), {"survey": asked.id}
        if publications.publish_one(connection, unit, wanted, now, OPERATOR) is not None:
            audit.note(connection, now, OPERATOR, "edit_questions", unit.scope, after=after)
    into = settings.links
    give_link(into.unit(unit.code, survey=asked.survey), into, qr)
