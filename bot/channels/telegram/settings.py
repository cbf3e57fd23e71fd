"""The variables of Telegram."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, SecretStr

from bot.core.channel import ChannelRefused
from bot.core.setting import MAKE_ONE, UNSET, Part, address, pattern, setting

TELEGRAM = "https://api.telegram.org"
LOOKS_LIKE_ONE = r"[0-9]+:[A-Za-z0-9_-]+"  # a token
Library = Literal["aiogram", "ptb"]


class TokenRefused(ChannelRefused):
    """Telegram does not know the token."""

    def __init__(self) -> None:
        super().__init__("Telegram refuses SKM_TELEGRAM_TOKEN. Copy it again from @BotFather.")


def _username(value: str) -> str:
    name = value.strip().removeprefix("https://t.me/").removeprefix("@")
    if name and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{3,31}", name):
        raise ValueError
    return name


class TelegramSettings(Part):
    telegram_token: Annotated[SecretStr, pattern(LOOKS_LIKE_ONE)] = setting(
        UNSET,
        "the token that @BotFather gave: digits, a colon, letters and digits",
        what="The bot that talks.",
        needed="always",
    )
    telegram_bot: Annotated[str, AfterValidator(_username)] = setting(
        "",
        "the bot's username, such as skm_kota_bot",
        what="Its name in links and QR codes.",
        needed="always",
    )
    telegram_api_url: Annotated[str, AfterValidator(address)] = setting(
        TELEGRAM,
        f"an http:// or https:// address, no password; unset, it is {TELEGRAM}",
        what="Another Bot API server.",
    )
    telegram_library: Library = setting(
        "aiogram",
        "aiogram or ptb",
        what="The library behind the bot; the conversation is the same.",
        is_shown=True,
    )
    webhook_secret: Annotated[SecretStr, pattern(r"[A-Za-z0-9_-]{16,256}")] = setting(
        UNSET,
        "16 to 256 of A–Z a–z 0–9 _ -",
        what="By it the web knows that an update comes from Telegram.",
        cure=MAKE_ONE,
        needed="in public",
    )
