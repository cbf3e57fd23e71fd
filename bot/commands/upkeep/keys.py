"""`skm keys …`: the pair for backups, and the secret that seals the keys in the database."""

import secrets
import time
from pathlib import Path

import typer
from sqlalchemy import Connection

from bot.commands.open_database import opened, reading, sure
from bot.commands.output import write_file
from bot.commands.refusal import Refused
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from flows.operator_words import tr
from reports.transparency.signing import LogKey
from reports.transparency.verify_skm import Malformed
from storage.answers import votes
from storage.office import audit
from storage.scope import EVERYTHING


def pair(file: Path) -> None:
    """Raises Refused."""
    import pyrage

    if file.exists():
        raise Refused(tr("{0} is there already. Name another file.", file))
    made = pyrage.x25519.Identity.generate()
    write_file(file, f"# public key: {made.to_public()}\n{made}\n".encode())
    typer.echo(f"SKM_BACKUP_KEY={made.to_public()}")
    typer.echo(
        tr("Put that line into .env. Keep {0} somewhere else: it alone opens the backups.", file),
        err=True,
    )


def check() -> None:
    """Raises typer.Exit(1) where a key cannot be opened."""
    settings = load()
    with opened(settings) as engine, reading(engine) as connection:
        found = votes.sealed(connection, settings.vault)
    typer.echo(tr("SKM_SECRET_KEY opens {0:key|keys} of running periods.", found.now))
    if found.former:
        typer.echo(
            tr("{0} more are sealed under SKM_SECRET_KEY_FORMER: skm keys rotate", found.former)
        )
    elif settings.secret_key_former.get_secret_value():
        typer.echo(
            tr(
                "SKM_SECRET_KEY_FORMER seals nothing any more. Take it out once the "
                "single-use links that were printed before the change are over: {0:day|days} "
                "after their day.",
                votes.KEPT.days,
            )
        )
    if found.lost:
        typer.echo(
            tr(
                "{0:key|keys} open under neither. Set the key that sealed them as "
                "SKM_SECRET_KEY_FORMER. It is lost? See: skm keys drop",
                found.lost,
            )
        )
        raise typer.Exit(1)


def rotate() -> None:
    """Raises Refused where the former secret is not set."""
    settings = load()
    if not settings.secret_key_former.get_secret_value():
        raise Refused(
            tr(
                "1. In .env, rename SKM_SECRET_KEY to SKM_SECRET_KEY_FORMER, and add this "
                "new one:\nSKM_SECRET_KEY={0}\n2. Stop every skm, and start it again.\n3. Run "
                "skm keys rotate again.",
                secrets.token_urlsafe(32),
            )
        )
    with opened(settings) as engine, engine.begin() as connection:
        number = votes.reseal(connection, settings.vault, secrets.token_bytes)
        _note(connection, "rotate_keys", number)
    typer.echo(
        tr("{0:key is|keys are} sealed under the new SKM_SECRET_KEY. See: skm keys check", number)
    )


def drop(yes: bool) -> None:
    """Raises Refused."""
    settings = load()
    with opened(settings) as engine:
        with reading(engine) as connection:
            lost = votes.sealed(connection, settings.vault).lost
        if not lost:
            raise Refused(tr("Every key can be opened; nothing is to be dropped."))
        typer.echo(
            tr(
                "{0:key|keys} of running periods cannot be opened. Without them, whoever has "
                "answered in those periods may answer once more, and nobody can erase what "
                "they answered there.",
                lost,
            )
        )
        sure(yes, tr("Drop these {0:key|keys} for good?", lost))
        with engine.begin() as connection:
            number = votes.drop_lost(connection, settings.vault)
            _note(connection, "drop_keys", number)
    typer.echo(tr("{0:key is|keys are} dropped. New ones are made with the next answers.", number))


def log(name: str) -> None:
    """Raises Refused."""
    try:
        made = LogKey.read(LogKey.make(name, secrets.token_bytes).said())
    except Malformed:
        raise Refused(tr("“{0}” is no name of a log: no space, no plus.", name)) from None
    typer.echo(f"SKM_LOG_KEY={made.said()}")
    typer.echo(
        tr("Put that line into .env, and announce the log's public key: {0}", made.public), err=True
    )


def _note(connection: Connection, action: str, number: int) -> None:
    after = {"keys": number}
    audit.note(connection, int(time.time()), OPERATOR, action, EVERYTHING, after=after)
