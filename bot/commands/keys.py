"""`skm keys …`: the pair of keys for backups."""

from pathlib import Path

import typer

from bot.commands.refusal import Refused
from storage.database.private_files import write_private


def pair(file: Path) -> None:
    """Raises Refused."""
    import pyrage

    if file.exists():
        raise Refused(f"{file} is there already. Name another file.")
    made = pyrage.x25519.Identity.generate()
    try:
        write_private(file, f"# public key: {made.to_public()}\n{made}\n".encode())
    except OSError as fault:
        raise Refused(f"{file} cannot be written: {fault.strerror}.") from None
    typer.echo(f"SKM_BACKUP_KEY={made.to_public()}")
    typer.echo(
        f"Put that line into .env. Keep {file} somewhere else: it alone opens the backups.",
        err=True,
    )
