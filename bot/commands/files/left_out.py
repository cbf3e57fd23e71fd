"""What is said at the command line of rows of a table that were no data."""

from collections.abc import Iterable

import typer

from flows.engine.form import Line
from flows.loader import words
from flows.operator_words import spoken


def say_left_out(lines: Iterable[Line]) -> None:
    for line in lines:
        typer.echo(words(spoken()).line(line), err=True)
