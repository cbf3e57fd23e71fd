"""The variables of Telegram."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, SecretStr

from bot.core.setting import MAKE_ONE, Part, Setting, address, pattern

TELEGRAM = "https://api.telegram.org"
Library = Literal["aiogram", "ptb"]


def _username(value: str) -> str:
    name = value.strip().removeprefix("https://t.me/").removeprefix("@")
    if name and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{3,31}", name):
        raise ValueError
    return name


class TelegramSettings(Part):
    telegram_token: Annotated[
        SecretStr,
        pattern(r"[0-9]+:[A-Za-z0-9_-]+"),
        Setting(
            "the token that @BotFather gave: digits, a colon, letters and digits", needed="always"
        ),
    ] = SecretStr("")
    telegram_bot: Annotated[
        str, AfterValidator(_username), Setting("the bot's username, such as skm_kota_bot")
    ] = ""
    telegram_api_url: Annotated[
        str,
        AfterValidator(address),
        Setting(f"an http:// or https:// address, no password; unset, it is {TELEGRAM}"),
    ] = TELEGRAM
    telegram_library: Annotated[Library, Setting("aiogram or ptb", is_shown=True)] = "aiogram"
    webhook_secret: Annotated[
        SecretStr,
        pattern(r"[A-Za-z0-9_-]{16,256}"),
        Setting("16 to 256 of A–Z a–z 0–9 _ -", MAKE_ONE, needed="in public"),
    ] = SecretStr("")
