"""`skm import wording`: how a unit words the questions about its services."""

import time
from dataclasses import replace
from pathlib import Path

import typer

from bot.commands.open_database import changing, opened
from bot.commands.output import say_left_out
from bot.commands.scope import unit_of
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from flows.loader import instrument
from flows.operator_words import tr
from storage import publications, questionnaires
from storage.files import spreadsheet, wording_file
from storage.office import audit


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
