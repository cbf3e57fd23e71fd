"""Faults that a person at the command line can mend: one sentence on stderr, never a traceback."""

import logging
import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from bot.commands.spoken_help import UsageFault, fault_of, word
from flows.operator_words import Spoken, speak, tr

# By name, so that nothing slow is imported to find out that nothing went wrong.
_SAID = {
    "reports.sheets.publish": ("PublishRefused",),
    "bot.core.setting": ("SettingsUnfit",),
    "bot.core.channel": ("ChannelRefused",),
    "storage.database.database_url": ("DatabaseUnfit",),
    "storage.files.refused": ("FileRefused",),
    "storage.vault": ("SecretUnfit",),
}


MOST = 40  # lines of a fault

# Of `--json`, wherever it is.
NUMBERS = (
    "In --json an index (skm, ikm, ipp, index, comparable) is a text with all its decimals, as it "
    "is published; every other number is a number."
)
EXIT_CODES = {
    0: "done",
    1: "refused, or something is wrong, which is said with its cure (doctor and verify, too)",
    2: "the command line is not understood",
}


class Refused(Exception):
    """A command cannot do what it was asked; the message says why and what to do."""


class Commands(TyperGroup):
    """Says a known fault and ends with exit code 1. Any other is a fault of ours and shows."""

    def main(self, *args: Any, **more: Any) -> Any:
        # Once for each reading of .env, and not of which file: skm doctor says it.
        logging.getLogger("dotenv").setLevel(logging.ERROR)
        speak(_language())
        word(self)
        try:
            code = super().main(*args, **more | {"standalone_mode": False})
        except typer.Abort:
            typer.echo(tr("Aborted!"), err=True)
            sys.exit(1)
        except UsageFault as fault:
            typer.echo(fault_of(fault), err=True)
            sys.exit(fault.exit_code)
        sys.exit(code or 0)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except _known() as fault:
            lines = str(fault).splitlines()
            if len(lines) > MOST:
                lines[MOST:] = [tr("… and {0} more", len(lines) - MOST)]
            typer.echo("\n".join([*lines, *_elsewhere(fault)]), err=True)
            raise typer.Exit(1) from None


def _elsewhere(fault: Exception) -> list[str]:
    """That somebody may be in another folder than skm's, where what is missing may lie there."""
    if type(fault).__name__ not in ("SettingsUnfit", "DatabaseUnfit"):
        return []
    from bot.settings import nothing_set  # loaded by whoever raises these

    return [said] if (said := nothing_set()) else []


def _language() -> Spoken:
    """SKM_LANG; else Indonesian at a terminal whose locale is."""
    wanted = os.environ.get("SKM_LANG") or _of_env_file()
    if not wanted and sys.stdout.isatty():
        locale = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        wanted = (next(filter(None, locale), "") or "")[:2]
    return "id" if wanted == "id" else "en"


def _of_env_file() -> str:
    if not os.path.exists(".env"):
        return ""
    from dotenv import dotenv_values

    try:
        return dotenv_values(".env", interpolate=False).get("SKM_LANG") or ""
    except (OSError, UnicodeDecodeError):
        return ""  # which the settings say


def _known() -> tuple[type[Exception], ...]:
    """Classes of modules that are not imported cannot have been raised."""
    loaded = {name: sys.modules[name] for name in _SAID if name in sys.modules}
    return (Refused, *(getattr(m, name) for key, m in loaded.items() for name in _SAID[key]))
