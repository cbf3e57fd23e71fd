"""Folding from the command line: `skm aggregate`, and before any figure is shown."""

import typer
from sqlalchemy import Engine

from bot.commands.opened import opened
from bot.commands.working import working
from bot.settings import load
from reports.fold import fold


def aggregate() -> None:
    with opened(load()) as engine:
        number = folded(engine)
    typer.echo(f"{number} responses folded.")


def folded(engine: Engine) -> int:
    """Fold all there is; the number of responses folded."""
    with working("Folding responses") as advance:
        return fold(engine, advance=advance)
