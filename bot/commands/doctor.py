"""`skm doctor`: what is right, what is wrong and what to do, a line each. Shows no secret."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import typer
from dotenv import dotenv_values
from sqlalchemy import Connection

from bot.commands.open_database import opened
from bot.settings import PREFIX, Library, Settings, SettingsUnfit, load, variable
from storage import units
from storage.answers import votes
from storage.database.connect import shown
from storage.database.database_url import DatabaseUnfit, database_file
from storage.database.private_files import readers
from storage.scope import EVERYTHING
from storage.vault import SecretUnfit, Vault

PATIENCE = 5  # seconds for an answer of Telegram
RECENT = 86_400  # seconds in which a failed delivery still matters


@dataclass(frozen=True, slots=True)
class Finding:
    is_right: bool
    says: str


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
    if settings.telegram_token.get_secret_value():
        yield from _telegram(settings)


def _misspelt() -> Iterator[Finding]:
    known = [variable(name) for name in Settings.model_fields]
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
    yield _library(settings.telegram_library)


def _library(chosen: Library) -> Finding:
    name = {"aiogram": "aiogram", "ptb": "python-telegram-bot"}[chosen]
    return Finding(True, f"Telegram library: {name} {version(name)} (SKM_TELEGRAM_LIBRARY).")


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
        found = votes.are_open(connection, Vault(secret))
        opens = "it opens the keys of this database" if found else "no survey has used it yet"
        yield Finding(True, f"SKM_SECRET_KEY: {opens}.")
    except SecretUnfit as fault:
        yield Finding(False, str(fault))


def _telegram(settings: Settings) -> Iterator[Finding]:
    try:
        with httpx.Client(timeout=PATIENCE) as client:
            me = _ask(client, settings, "getMe")
            if me is None:
                yield Finding(
                    False, "Telegram refuses SKM_TELEGRAM_TOKEN. Copy it again from @BotFather."
                )
                return
            yield _name(settings, me.get("username", ""))
            yield from _webhook(settings, _ask(client, settings, "getWebhookInfo") or {})
            scope = {"scope": {"type": "all_private_chats"}}
            yield _menu(_ask(client, settings, "getMyCommands", scope, list) or [])
    except (httpx.HTTPError, httpx.InvalidURL, LookupError, ValueError) as fault:
        # Its text may name the address, and so the token.
        yield Finding(
            False,
            f"No Bot API is reached at {settings.telegram_api_url} ({type(fault).__name__}). "
            "Check the network and SKM_TELEGRAM_API_URL.",
        )


def _ask(
    client: httpx.Client,
    settings: Settings,
    method: str,
    fields: dict[str, Any] | None = None,
    kind: type = dict,
) -> Any:
    """What is answered, of that kind; None where the token is refused. Raises httpx.HTTPError,
    LookupError, ValueError."""
    token = settings.telegram_token.get_secret_value()
    answer = client.post(f"{settings.telegram_api_url}/bot{token}/{method}", json=fields or {})
    if answer.status_code in (401, 404):
        return None
    read = answer.raise_for_status().json()
    if not isinstance(read, dict) or not isinstance(read.get("result"), kind):
        raise LookupError
    return read["result"]


def _menu(commands: list[Any]) -> Finding:
    """No fault: everything can be typed."""
    if not commands:
        return Finding(True, "Menu button: no commands are set yet; skm run sets them.")
    return Finding(True, f"Menu button: {len(commands)} commands.")


def _name(settings: Settings, username: str) -> Finding:
    wanted = settings.telegram_bot
    if wanted and username and wanted.casefold() != username.casefold():
        return Finding(
            False, f"SKM_TELEGRAM_BOT is {wanted}, but the token is that of {username}; set that."
        )
    return Finding(
        True, f"Telegram: the token is accepted{f' as @{username}' if username else ''}."
    )


def _webhook(settings: Settings, info: dict[str, Any]) -> Iterator[Finding]:
    from bot.web.app import TELEGRAM_PATH  # brings FastAPI

    now = info.get("url", "")
    if not settings.public_url:
        said = "a webhook is still set; skm run takes it away" if now else "by long polling"
        yield Finding(True, f"Updates: {said}.")
        return
    wanted = settings.public_url + TELEGRAM_PATH
    if now != wanted:
        yield Finding(False, f"The webhook is {now or 'not set'}; start skm run, which sets it.")
        return
    error, at = info.get("last_error_message"), info.get("last_error_date", 0)
    if error and time.time() - at < RECENT:
        when = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
        yield Finding(
            False,
            f"Telegram could not deliver to {wanted} at {when}: {error}. "
            "Check that skm run or skm serve is running and reached from outside.",
        )
    waiting = info.get("pending_update_count", 0)
    yield Finding(True, f"Webhook: {wanted} is set, {waiting} updates are waiting.")
