"""What `skm doctor` says of Telegram. Shows no secret."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any

import httpx

from bot.channels.telegram.links import PATH
from bot.channels.telegram.settings import TelegramSettings
from bot.core.platform import Finding
from flows.operator_words import tr

PATIENCE = 5  # seconds for an answer of Telegram
OFF = 120  # seconds that the clock may differ
RECENT = 86_400  # seconds in which a failed delivery still matters


def findings(settings: TelegramSettings, public_url: str, is_running: bool) -> Iterator[Finding]:
    """The library; and what Telegram says of the token, the name, the webhook and the menu."""
    library = {"aiogram": "aiogram", "ptb": "python-telegram-bot"}[settings.telegram_library]
    yield Finding(
        True, tr("Telegram library: {0} {1} (SKM_TELEGRAM_LIBRARY).", library, version(library))
    )
    if not settings.telegram_token.get_secret_value():
        return
    try:
        with httpx.Client(timeout=PATIENCE) as client:
            me = _ask(client, settings, "getMe")
            if me is None:
                yield Finding(
                    False, tr("Telegram refuses SKM_TELEGRAM_TOKEN. Copy it again from @BotFather.")
                )
                return
            yield _name(settings, me.get("username", ""))
            info = _ask(client, settings, "getWebhookInfo") or {}
            yield from _webhook(public_url, info, is_running)
            yield from _clock(client, settings)
            scope = {"scope": {"type": "all_private_chats"}}
            yield _menu(_ask(client, settings, "getMyCommands", scope, list) or [])
    except (httpx.HTTPError, httpx.InvalidURL, LookupError, ValueError) as fault:
        # Its text may name the address, and so the token.
        yield Finding(
            False,
            tr(
                "No Bot API is reached at {0} ({1}). Check the network and SKM_TELEGRAM_API_URL.",
                settings.telegram_api_url,
                type(fault).__name__,
            ),
        )


def _ask(
    client: httpx.Client,
    settings: TelegramSettings,
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
        return Finding(True, tr("Menu button: no commands are set yet; skm run sets them."))
    return Finding(True, tr("Menu button: {0} commands.", len(commands)))


def _name(settings: TelegramSettings, username: str) -> Finding:
    wanted = settings.telegram_bot
    if wanted and username and wanted.casefold() != username.casefold():
        return Finding(
            False,
            tr(
                "SKM_TELEGRAM_BOT is {0}, but the token is that of {1}; set that.", wanted, username
            ),
        )
    return Finding(
        True, tr("Telegram: the token is accepted{0}.", f" as @{username}" if username else "")
    )


def _clock(client: httpx.Client, settings: TelegramSettings) -> Iterator[Finding]:
    answer = client.head(settings.telegram_api_url)
    if "date" not in answer.headers:
        return
    off = time.time() - parsedate_to_datetime(answer.headers["date"]).timestamp()
    if abs(off) < OFF:
        yield Finding(True, tr("Clock: as Telegram's."))
        return
    way = "ahead of" if off > 0 else "behind"
    yield Finding(
        False,
        tr(
            "The clock of this machine is {0:.0f} minutes {1} Telegram's. Set the clock "
            "(timedatectl, NTP).",
            abs(off) / 60,
            way,
        ),
    )


def _webhook(public_url: str, info: dict[str, Any], is_running: bool) -> Iterator[Finding]:
    now = info.get("url", "")
    if now and is_running and now != (public_url + PATH if public_url else ""):
        yield Finding(
            False,
            tr(
                "Somebody else has set the webhook to {0}, though skm runs: who else uses "
                "this bot's token? Stop that program, or have @BotFather revoke the token.",
                now,
            ),
        )
        return
    if not public_url:
        left = "a webhook is still set; skm run takes it away"
        yield Finding(True, tr("Updates: {0}.", tr(left) if now else tr("by long polling")))
        return
    wanted = public_url + PATH
    if now != wanted:
        yield Finding(
            False, tr("The webhook is {0}; start skm run, which sets it.", now or "not set")
        )
        return
    error, at = info.get("last_error_message"), info.get("last_error_date", 0)
    if error and time.time() - at < RECENT:
        when = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
        yield Finding(
            False,
            tr(
                "Telegram could not deliver to {0} at {1}: {2}. Check that skm run or skm "
                "serve is running and reached from outside.",
                wanted,
                when,
                error,
            ),
        )
    waiting = info.get("pending_update_count", 0)
    yield Finding(
        True, tr("Webhook: {0} is set, {1:update is|updates are} waiting.", wanted, waiting)
    )
