"""`skm keys …`: the pair for backups, and the secret that seals the keys in the database."""

import secrets
import time
from pathlib import Path

import typer
from sqlalchemy import Connection

from bot.commands.open_database import opened, sure
from bot.commands.refusal import Refused
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from storage.answers import votes
from storage.database.private_files import write_private
from storage.office import audit
from storage.scope import EVERYTHING


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


def check() -> None:
    """Raises typer.Exit(1) where a key cannot be opened."""
    settings = load()
    with opened(settings) as engine, engine.connect() as connection:
        found = votes.sealed(connection, settings.vault)
    typer.echo(f"SKM_SECRET_KEY opens {found.now} keys of running periods.")
    if found.former:
        typer.echo(f"{found.former} more are sealed under SKM_SECRET_KEY_FORMER: skm keys rotate")
    elif settings.secret_key_former.get_secret_value():
        typer.echo(
            "SKM_SECRET_KEY_FORMER seals nothing any more. Take it out once the single-use links "
            f"that were printed before the change are over: {votes.KEPT.days} days after their day."
        )
    if found.lost:
        typer.echo(
            f"{found.lost} keys open under neither. Set the key that sealed them as "
            "SKM_SECRET_KEY_FORMER. It is lost? See: skm keys drop"
        )
        raise typer.Exit(1)


def rotate() -> None:
    """Raises Refused where the former secret is not set."""
    settings = load()
    if not settings.secret_key_former.get_secret_value():
        raise Refused(
            "1. In .env, rename SKM_SECRET_KEY to SKM_SECRET_KEY_FORMER, and add this new one:\n"
            f"SKM_SECRET_KEY={secrets.token_urlsafe(32)}\n"
            "2. Stop every skm, and start it again.\n"
            "3. Run skm keys rotate again."
        )
    with opened(settings) as engine, engine.begin() as connection:
        number = votes.reseal(connection, settings.vault, secrets.token_bytes)
        _note(connection, "rotate_keys", number)
    typer.echo(f"{number} keys are sealed under the new SKM_SECRET_KEY. See: skm keys check")


def drop(yes: bool) -> None:
    """Raises Refused."""
    settings = load()
    with opened(settings) as engine:
        with engine.connect() as connection:
            lost = votes.sealed(connection, settings.vault).lost
        if not lost:
            raise Refused("Every key can be opened; nothing is to be dropped.")
        typer.echo(
            f"{lost} keys of running periods cannot be opened. Without them, whoever has answered "
            "in those periods may answer once more, and nobody can erase what they answered there."
        )
        sure(yes, f"Drop these {lost} keys for good?")
        with engine.begin() as connection:
            number = votes.drop_lost(connection, settings.vault)
            _note(connection, "drop_keys", number)
    typer.echo(f"{number} keys are dropped. New ones are made with the next answers.")


def _note(connection: Connection, action: str, number: int) -> None:
    after = {"keys": number}
    audit.note(connection, int(time.time()), OPERATOR, action, EVERYTHING, after=after)
