"""Folding from the command line: `skm aggregate`, and before any figure is shown."""

import typer
from sqlalchemy import Engine

from bot.commands.open_database import opened
from bot.commands.progress import working
from bot.settings import load
from flows.operator_words import tr
from reports.stored.fold import fold


def aggregate() -> None:
    with opened(load()) as engine:
        number = folded(engine)
    typer.echo(tr("{0} responses folded.", number))


def folded(engine: Engine) -> int:
    """Fold all there is; the number of responses folded."""
    with working("Folding responses") as advance:
        return fold(engine, advance=advance)
