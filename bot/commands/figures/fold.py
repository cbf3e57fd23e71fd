"""Folding from the command line: `skm aggregate`, and before any figure is shown."""

import typer
from sqlalchemy import Engine

from bot.commands.open_database import opened
from bot.commands.progress import working
from bot.settings import load
from reports.stored.fold import fold


def aggregate() -> None:
    with opened(load()) as engine:
        number = folded(engine)
    typer.echo(f"{number} responses folded.")


def folded(engine: Engine) -> int:
    """Fold all there is; the number of responses folded."""
    with working("Folding responses") as advance:
        return fold(engine, advance=advance)
