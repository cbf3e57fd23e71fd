"""`skm man`: the manual page, made of the help of every command and of the settings."""

from collections.abc import Iterator
from typing import Any

import typer

from bot.commands.refusal import EXIT_CODES, NUMBERS
from bot.core.setting import said_of, variable
from bot.settings import parts
from storage.database.release import VERSION


def manual(root: Any) -> None:
    """`root`: the command `skm` as Click has it."""
    typer.echo("\n".join(_page(root)))


def _page(root: Any) -> Iterator[str]:
    yield f'.TH SKM 1 "" "skm {VERSION}"'
    yield from (".SH NAME", _plain(f"skm - {root.help}"))
    yield from (".SH SYNOPSIS", "skm COMMAND [OPTIONS]", ".SH COMMANDS")
    for name, command in _commands(root, "skm"):
        context = typer.Context(command, **root.context_settings)
        yield f".SS {_plain(' '.join([name, *command.collect_usage_pieces(context)]))}"
        yield from _paragraphs(command.help or "")
        yield from _listed(each.get_help_record(context) for each in command.params)
    yield ".SH ENVIRONMENT"
    yield from _listed(
        (variable(name), f"{said_of(part, name)['what']} It must be {field.description}.")
        for part in parts()
        for name, field in part.model_fields.items()
    )
    yield from (".SH OUTPUT", _plain(NUMBERS), ".SH EXIT STATUS")
    yield from _listed((str(code), f"{means}.") for code, means in EXIT_CODES.items())


def _commands(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    for each in group.commands.values():
        if hasattr(each, "commands"):
            yield from _commands(each, f"{name} {each.name}")
        else:
            yield f"{name} {each.name}", each


def _listed(entries: Any) -> Iterator[str]:
    for name, said in entries:
        yield from (".TP", f".B {_plain(name)}", _plain(said or ""))


def _paragraphs(text: str) -> Iterator[str]:
    for number, each in enumerate(text.split("\n\n")):
        if number:
            yield ".PP"
        yield _plain(each)


def _plain(text: str) -> str:
    """One line of text as roff takes it, which reads a leading dot and a backslash as its own."""
    line = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{line}" if line.startswith((".", "'")) else line
