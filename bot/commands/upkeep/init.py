"""`skm init`: a file .env with made keys, and what to do next."""

import re
import secrets
import sys
from pathlib import Path

import typer

from bot.channels.telegram.settings import LOOKS_LIKE_ONE
from bot.commands.output import write_file
from bot.commands.refusal import Refused
from bot.commands.upkeep.settings_page import env
from flows.operator_words import tr
from reports.transparency.signing import LogKey

HERE = Path(".env")


def init(token: str | None, bot: str | None) -> None:
    """Raises Refused where there is one, or the token is none; then nothing was written."""
    if HERE.exists():
        raise Refused(
            tr("{0} is there already. Move it away first, or change it.", HERE.absolute())
        )
    if sys.stdin.isatty():
        token = token or typer.prompt(tr("Token from @BotFather"), default="", show_default=False)
        bot = bot or typer.prompt(tr("The bot's username"), default="", show_default=False)
    if token and not re.fullmatch(LOOKS_LIKE_ONE, token):
        raise Refused(tr("That is no token of @BotFather: digits, a colon, letters and digits."))
    given = {
        "SKM_SECRET_KEY": secrets.token_urlsafe(32),
        "SKM_WEBHOOK_SECRET": secrets.token_urlsafe(32),
        "SKM_LOG_KEY": LogKey.make(f"skm/{secrets.token_hex(6)}", secrets.token_bytes).said(),
        "SKM_TELEGRAM_TOKEN": token or "",
        "SKM_TELEGRAM_BOT": (bot or "").strip().removeprefix("@"),
    }
    write_file(HERE.absolute(), env(given).encode())
    typer.echo(tr("{0} is written. Keep a copy of its SKM_SECRET_KEY elsewhere.", HERE.absolute()))
    if not (token and bot):
        typer.echo(tr("Write SKM_TELEGRAM_TOKEN and SKM_TELEGRAM_BOT into it."))
    typer.echo(tr("Then run: skm db upgrade && skm import units units.csv && skm run"))
