"""Folding from the command line: `skm aggregate`, and before any figure is shown."""

import typer
from sqlalchemy import Engine

from bot.commands.open_database import opened
from bot.commands.output import working
from bot.settings import load
from flows.operator_words import tr
from reports.stored.fold import ALONE, fold
from storage.database.in_use import runners


def aggregate() -> None:
    with opened(load()) as engine:
        number = folded(engine)
    typer.echo(tr("{0:response|responses} folded.", number))


def folded(engine: Engine) -> int:
    """Fold all there is, at once where nobody runs on the database; the number of responses."""
    with engine.connect().execution_options(reads=True) as connection:
        is_alone = not runners(connection)
    with working(tr("Counting answers")) as advance:
        if is_alone:
            return fold(engine, ALONE, advance, pause=lambda seconds: None)
        return fold(engine, advance=advance)
