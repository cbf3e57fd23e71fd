"""The channels that there are, by their names in SKM_CHANNELS. A new platform is a folder beside
this file and a line here."""

from collections.abc import Mapping
from typing import Any

from bot.channels.telegram.platform import TelegramPlatform
from bot.channels.terminal.platform import TerminalPlatform
from bot.channels.web.platform import WebPlatform
from bot.channels.whatsapp.platform import WhatsAppPlatform
from bot.core.platform import Platform

CHANNELS: Mapping[str, type[Platform[Any]]] = {
    "telegram": TelegramPlatform,
    "terminal": TerminalPlatform,
    "web": WebPlatform,
    "whatsapp": WhatsAppPlatform,
}
