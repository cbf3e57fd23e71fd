"""`skm doctor`: what is right, what is wrong and what to do, a line each. Shows no secret."""

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import typer
from dotenv import dotenv_values
from sqlalchemy import Connection

from bot.commands.open_database import opened
from bot.core.channel import Finding
from bot.core.setting import PREFIX, SettingsUnfit
from bot.settings import Settings, load, variables
from storage import units
from storage.answers import votes
from storage.database.connect import shown
from storage.database.database_url import DatabaseUnfit, database_file
from storage.database.private_files import readers
from storage.scope import EVERYTHING
from storage.vault import SecretUnfit


def doctor() -> None:
    """Raises typer.Exit(1) where anything is wrong."""
    found = []
    for finding in findings():
        found.append(finding)
        typer.echo(f"{'ok   ' if finding.is_right else 'FAULT'}  {finding.says}")
    if not all(finding.is_right for finding in found):
        raise typer.Exit(1)


def findings() -> Iterator[Finding]:
    try:
        settings = load()
    except SettingsUnfit as fault:
        yield from (Finding(False, line) for line in str(fault).splitlines())
        return
    yield from _misspelt()
    yield from _files(settings)
    yield from _settings(settings)
    yield from _database(settings)
    for channel in settings.platforms:
        yield from channel.findings()


def _misspelt() -> Iterator[Finding]:
    known = variables()
    for name in sorted({*os.environ, *dotenv_values(".env", interpolate=False)}):
        if name.startswith(PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.85)
            if near:
                yield Finding(False, f"{name} is no setting; perhaps {near[0]} is meant.")


def _files(settings: Settings) -> Iterator[Finding]:
    """What everybody at this machine can read, or somebody else has written."""
    database = database_file(settings.database_url)
    beside = [Path(f"{database}{end}") for end in ("", "-wal", "-shm")] if database else []
    for file in (Path(".env"), *beside):
        mode = readers(file)
        if mode:
            yield Finding(
                False, f"{file} can be read by others (its mode is {mode}). Run: chmod 600 {file}"
            )
    if Path(".env").exists() and Path(".env").stat().st_uid not in (os.getuid(), 0):
        yield Finding(False, ".env belongs to another user. Run: chown $USER .env")


def _settings(settings: Settings) -> Iterator[Finding]:
    try:
        settings.for_talking()
        yield Finding(True, "Settings: all that the bot needs is set.")
    except SettingsUnfit as fault:
        yield from (Finding(False, line) for line in str(fault).splitlines())


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with opened(settings) as engine:
            yield Finding(True, f"Database: {shown(engine)} is reached and up to date.")
            with engine.connect() as connection:
                yield _units(connection)
                yield from _secret(settings, connection)
    except DatabaseUnfit as fault:
        yield Finding(False, str(fault))


def _units(connection: Connection) -> Finding:
    number = len(units.in_scope(connection, EVERYTHING))
    if number:
        return Finding(True, f"Units: {number}.")
    return Finding(False, "There are no units yet; import them: skm import units FILE")


def _secret(settings: Settings, connection: Connection) -> Iterator[Finding]:
    """Whether the secret opens the keys of the running periods."""
    secret = settings.secret_key.get_secret_value()
    if not secret:
        return
    try:
        found = votes.are_open(connection, settings.vault)
        opens = "it opens the keys of this database" if found else "no survey has used it yet"
        yield Finding(True, f"SKM_SECRET_KEY: {opens}.")
    except SecretUnfit as fault:
        yield Finding(False, str(fault))
