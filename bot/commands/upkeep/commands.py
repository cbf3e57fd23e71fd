"""What keeps it running: backups, keys, and a way back from each slip.

As in `bot.cli`, nothing slow is imported before a command is called.
"""

from pathlib import Path
from typing import Annotated

import typer

upkeep = typer.Typer()
keys = typer.Typer(
    help="Keys: of backups, and of what the database keeps sealed.", no_args_is_help=True
)
upkeep.add_typer(keys, name="keys")
unit_app = typer.Typer(help="Close, open or remove a unit.", no_args_is_help=True)
upkeep.add_typer(unit_app, name="unit")

Code = Annotated[str, typer.Argument(metavar="UNIT", help="The unit's code.")]
AsData = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", help="Without being asked.")]
Scope = Annotated[
    str | None,
    typer.Argument(metavar="SCOPE", help="A unit's code, an agency's name, or “*”. Default: all."),
]


@upkeep.command()
def init(
    token: Annotated[str | None, typer.Option(metavar="T", help="From @BotFather.")] = None,
    bot: Annotated[str | None, typer.Option(metavar="NAME", help="The bot's username.")] = None,
) -> None:
    """Write a file .env with made keys, and say what to do next."""
    from bot.commands.upkeep.init import init

    init(token, bot)


@upkeep.command()
def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Replaced once the new one is whole.")
    ],
    keep: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Put the time into its name; keep the last N."),
    ] = None,
) -> None:
    """Copy the database into one file while skm runs, checked, encrypted for SKM_BACKUP_KEY."""
    from bot.commands.upkeep.backup import backup

    backup(file, keep)


@upkeep.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What skm backup made.")],
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Of an encrypted one: the private key.")
    ] = None,
) -> None:
    """Put a backup into an empty place, and see to it that nothing is sent twice or comes back."""
    from bot.commands.upkeep.backup import restore

    restore(file, key)


@upkeep.command()
def log(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Gets the folder.")],
) -> None:
    """Write the transparency log as a public folder: entries, checkpoints, sheets, and the program
    that verifies them."""
    from bot.commands.upkeep.log_folder import folder

    folder(out)


@keys.command()
def pair(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Gets the private key.")],
) -> None:
    """Make a pair of keys: backups are encrypted to the public one, which is printed."""
    from bot.commands.upkeep.keys import pair

    pair(file)


@keys.command("log")
def log_key(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The log's own: skm.example.go.id/log")
    ],
) -> None:
    """Make the key that signs the transparency log's checkpoints, and name its public half."""
    from bot.commands.upkeep.keys import log

    log(name)


@keys.command()
def check() -> None:
    """Say which keys of the database SKM_SECRET_KEY opens; exit code 1 where any is lost."""
    from bot.commands.upkeep.keys import check

    check()


@keys.command()
def rotate() -> None:
    """Change SKM_SECRET_KEY without losing a voice: says each step."""
    from bot.commands.upkeep.keys import rotate

    rotate()


@keys.command()
def drop(yes: Yes = False) -> None:
    """Go on after SKM_SECRET_KEY was lost: drop the keys that nothing opens any more."""
    from bot.commands.upkeep.keys import drop

    drop(yes)


@upkeep.command()
def units(
    agency: Annotated[str | None, typer.Option(metavar="A", help="An agency's units.")] = None,
    as_data: AsData = False,
) -> None:
    """List units: answers, heads, whether they are closed."""
    from bot.commands.files.unit import listed

    listed(agency, as_data)


@unit_app.command()
def close(
    unit: Code,
    until: Annotated[
        str | None, typer.Option(metavar="D", help="The day on which it opens. Default: none.")
    ] = None,
) -> None:
    """Begin no survey of a unit for the time being."""
    from bot.commands.files.unit import close

    close(unit, until)


@unit_app.command("open")
def open_(unit: Code) -> None:
    """Open a unit that is closed."""
    from bot.commands.files.unit import open_again

    open_again(unit)


@unit_app.command()
def remove(
    unit: Code,
    yes: Yes = False,
) -> None:
    """Remove a unit that nobody has answered about, for good."""
    from bot.commands.files.unit import removed

    removed(unit, yes)


@upkeep.command()
def roles(
    scope: Scope = None,
    end: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="End all that this chat holds: a lost phone."),
    ] = None,
    yes: Yes = False,
    as_data: AsData = False,
) -> None:
    """List who holds which role, or end those of a chat."""
    from bot.commands.upkeep.roles import roles

    roles(scope, end, yes, as_data)


@upkeep.command()
def invites(
    scope: Scope = None,
    withdraw: Annotated[
        str | None, typer.Option(metavar="ID", help="Nobody can use this one any more.")
    ] = None,
    as_data: AsData = False,
) -> None:
    """List invitations that wait to be used, or withdraw one."""
    from bot.commands.upkeep.roles import invites

    invites(scope, withdraw, as_data)
