"""What a command brings out: a table of plain text, rows of a file that were no data, a progress
bar, a file."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import typer

from bot.commands.refusal import Refused
from flows.engine.form import Line
from flows.loader import words
from flows.operator_words import reason, spoken, tr
from storage.database.private_files import write_private

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


def print_rows(name: str, rows: Sequence[Mapping[str, object]], as_data: bool) -> None:
    """As a table, or as JSON under that name."""
    typer.echo(json.dumps({name: rows}, ensure_ascii=False) if as_data else table(rows))


def print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


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


def write_file(file: Path, content: bytes) -> None:
    """That only its owner reads. Raises Refused."""
    try:
        write_private(file, content)
    except OSError as error:
        raise unwritten(error, file) from error


@contextmanager
def writing_into(folder: Path) -> Iterator[None]:
    """Raises Refused naming the file in it that cannot be written."""
    try:
        yield
    except OSError as error:
        raise unwritten(error, error.filename or folder) from error


def unwritten(error: OSError, file: Path | str) -> Refused:
    return Refused(tr("{0} cannot be written: {1}.", file, reason(error)))
