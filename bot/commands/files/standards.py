"""`skm import standards`: what a unit promises, shown beside the questions about it."""

import time
from pathlib import Path

import typer

from bot.commands.open_database import changing, opened
from bot.commands.output import say_left_out
from bot.commands.scope import unit_of
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from flows.operator_words import tr
from storage import standards
from storage.files import spreadsheet, standard_file
from storage.office import audit


def import_standards(file: Path, code: str, sheet: str | None, dry_run: bool) -> None:
    """Raises StandardRefused, SpreadsheetUnread: then nothing was kept."""
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
    typer.echo(
        tr(
            "{0}: {1:promise|promises} kept; the next citizens can see them.",
            unit.code,
            len(promises),
        )
    )
