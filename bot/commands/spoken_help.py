"""Help and what Typer says of a command line, in the language of the run.

Help stands in the declarations in English; the Indonesian of it, and of Typer's own sentences, is
in `flows/operator.po` like everything else that is said to whoever runs skm.
"""

import re
from collections.abc import Iterator
from typing import Any

import typer

from flows.operator_words import tr

# Typer gives it no public name.
UsageFault: Any = typer.BadParameter.__bases__[0]

# Sentences of Typer's, or of what it asks, and ours; what stands at {0} and {1} may be one, too.
SENTENCES = {
    "Missing argument {0}.": "{0} is missing.",
    "Missing option {0}.": "{0} is missing.",
    "Missing option {0}. Choose from:{1}": "{0} is missing. It is one of:{1}",
    "Missing command.": "A command is missing.",
    "No such command {0}. Did you mean {1}?": "There is no command {0}. Do you mean {1}?",
    "No such command {0}.": "There is no command {0}.",
    "No such option: {0} (Possible options: {1})": "There is no option {0}. Do you mean {1}?",
    "No such option: {0}": "There is no option {0}.",
    "Option {0} requires an argument.": "{0} wants a value.",
    "Option {0} does not take a value.": "{0} takes no value.",
    "Got unexpected extra argument(s) ({0})": "Too much was given: {0}.",
    "Invalid value for {0}: {1}": "{0}: {1}",
    "Value error, {0} is not one of {1}.": "{0} is none of {1}.",
    "Input should be less than or equal to {0}": "it must be {0} or less.",
    "Input should be greater than or equal to {0}": "it must be {0} or more.",
    "Input should be a valid integer, {0}": "it must be a whole number.",
}


_Typers: Any = typer.Context.formatter_class


class _Formatter(_Typers):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _signs(args), prefix or tr("Usage: "))

    def write_heading(self, heading: str) -> None:
        super().write_heading(tr(heading))

    def write_dl(self, rows: Any, *widths: Any, **more: Any) -> None:
        super().write_dl([(name, _signs(tr(said))) for name, said in rows], *widths, **more)


def _signs(text: str) -> str:
    """What Typer puts beside and around names."""
    for sign in ("[OPTIONS]", "COMMAND [ARGS]...", "[required]", "[default: "):
        text = text.replace(sign, tr(sign))
    return text


class _Context(typer.Context):
    formatter_class = _Formatter


def word(command: Any) -> None:
    """Put the help of a command and of those below it into the language of the run."""
    command.context_class = _Context
    for part in (command, *command.params):
        for name in ("help", "epilog"):
            if english := getattr(part, name, None):
                setattr(part, name, tr(part.__dict__.setdefault(f"english_{name}", english)))
    for each in getattr(command, "commands", {}).values():
        word(each)


def fault_of(fault: Any) -> str:
    """What is wrong with a command line, where it is explained, and how it goes."""
    return "\n".join(_lines(fault))


def _lines(fault: Any) -> Iterator[str]:
    if fault.ctx is not None and fault.message == fault.ctx.get_help():  # nothing was asked
        yield fault.message
        return
    if fault.ctx is not None:
        yield fault.ctx.get_usage()
        yield tr("Try '{0} -h' for help.", fault.ctx.command_path) + "\n"
    yield tr("Error: {0}", said(fault.format_message()))


def said(sentence: str) -> str:
    """A sentence of Typer's in our words and the language of the run; another as it is."""
    for each, ours in SENTENCES.items():
        pattern = re.escape(each).replace(r"\{0\}", "(.+)").replace(r"\{1\}", "(.+)")
        if found := re.fullmatch(pattern, sentence, re.DOTALL):
            return tr(ours, *map(said, found.groups()))
    return sentence
