"""`skm import standards`: what a unit promises, shown beside the questions about it."""

import time
from pathlib import Path

import typer

from bot.opened import opened
from bot.scopes import unit_of
from bot.settings import load
from flows.files import CURRENT, instrument
from storage import standard_file, standards
from storage.periods import local_date, zone


def import_standards(file: Path, code: str) -> None:
    """Raises StandardRefused, SpreadsheetUnread: then nothing was kept."""
    with opened(load()) as engine, engine.begin() as connection:
        unit = unit_of(connection, code)
        today = local_date(int(time.time()), zone(unit.timezone))
        promises = standard_file.read(file, unit, instrument(CURRENT).keys, today)
        standards.keep(connection, unit.id, promises)
    typer.echo(f"{unit.code}: {len(promises)} promises kept; the next citizens can see them.")
