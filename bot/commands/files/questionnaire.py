"""What a unit asks and promises: `skm instrument`, `skm import wording`, `skm import standards`."""

import time
from dataclasses import replace
from pathlib import Path

import typer

from bot.commands.files.units import give_link
from bot.commands.instrument_option import of_today
from bot.commands.open_database import changing, opened
from bot.commands.output import say_left_out
from bot.commands.refusal import Refused
from bot.commands.scope import unit_of
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from flows.instrument import Questionnaire
from flows.loader import SKM, instrument, instrument_ids
from flows.operator_words import tr
from storage import publications, questionnaires, standards
from storage.files import spreadsheet, standard_file, wording_file
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


def import_wording(file: Path, code: str, sheet: str | None, dry_run: bool) -> None:
    """Raises FileRefused: then nothing was published."""
    table = spreadsheet.read(file, sheet)
    with opened(load()) as engine, changing(engine, dry_run) as connection:
        unit = unit_of(connection, code)
        asked = instrument(questionnaires.get(connection, unit.questionnaire).instrument)
        wordings, left_out = wording_file.parsed(table, unit, asked)
        at = int(time.time())
        number = publications.change_one(
            connection, unit, lambda now: replace(now, services=wordings), at, OPERATOR
        )
        if number is not None:
            after = {"version": number}
            audit.note(connection, at, OPERATOR, "edit_questions", unit.scope, after=after)
    say_left_out(left_out)
    if number is None:
        typer.echo(tr("{0} asks so already; nothing was published.", unit.code))
    else:
        typer.echo(tr("{0}: version {1} is in force from the next citizen on.", unit.code, number))


def import_standards(file: Path, code: str, sheet: str | None, dry_run: bool) -> None:
    """Raises FileRefused: then nothing was kept."""
    table = spreadsheet.read(file, sheet)
    with opened(load()) as engine, changing(engine, dry_run) as connection:
        unit = unit_of(connection, code)
        now = int(time.time())
        today = unit.day_at(now)
        promises, left_out = standard_file.parsed(
            table, unit, unit.instrument_on(today).keys, today
        )
        standards.keep(connection, unit.id, promises)
        after = {"promises": len(promises)}
        audit.note(connection, now, OPERATOR, "edit_standards", unit.scope, after=after)
    say_left_out(left_out)
    said = "{0}: {1:promise|promises} kept; the next citizens can see them."
    typer.echo(tr(said, unit.code, len(promises)))
