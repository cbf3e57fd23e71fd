"""What a command says of much: rows as a table of plain text, rows of a file that were no data, a
progress bar."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import typer

from flows.engine.form import Line
from flows.loader import words
from flows.operator_words import spoken, tr

Advance = Callable[[int], None]


def table(rows: Sequence[Mapping[str, object]]) -> str:
    """What is read on a terminal, and cut by other programs: columns in the order of the first row,
    two blanks between them; without rows a word that says so."""
    if not rows:
        return tr("None.")
    names = list(rows[0])
    lines = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(names))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "" if value is None else str(value)


def say_left_out(lines: Iterable[Line]) -> None:
    for line in lines:
        typer.echo(words(spoken()).line(line), err=True)


@contextmanager
def working(what: str, total: int | None = None) -> Iterator[Advance]:
    """For work that may take long: a bar on a terminal only, on stderr, gone when done. Yields what
    is called with each number of steps done; without a total the bar only moves."""
    if not sys.stderr.isatty():
        yield lambda steps: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda steps: progress.advance(task, steps)
