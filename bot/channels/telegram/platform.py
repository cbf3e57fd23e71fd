"""Telegram before it is opened: its settings, its links, and what opens it."""

import hmac
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from bot.channels.telegram.links import links
from bot.channels.telegram.updates import CHANNEL
from bot.core.channel import Finding, Opened, Webhook
from bot.core.links import Links
from bot.settings import Settings
from flows.engine.capabilities import Capabilities

if TYPE_CHECKING:
    from bot.core.delivery import Later
    from bot.core.turn_worker import Turns

PATH = "/telegram"  # of its webhook
_HEADER = "x-telegram-bot-api-secret-token"

# https://core.telegram.org/bots/api and /bots/faq#broadcasting-to-users
CAPABILITIES = Capabilities(
    edits=True,
    text=4_096,
    caption=1_024,
    label=4_096,  # none is stated
    row=8,
    buttons=100,
    choices=98,  # "back" and the languages stand beside them
    data=64,
    files=True,
    pictures=True,
    menu=True,
    pace=20,  # under Telegram's 30
)


def webhook(secret: str, receive: Callable[[bytes], Awaitable[None]]) -> Webhook:
    """Open only to who knows the secret."""
    assert secret, "a webhook without a secret is open to anybody"

    def admits(headers: Mapping[str, str]) -> bool:
        return hmac.compare_digest(headers.get(_HEADER, "").encode(), secret.encode())

    return Webhook(PATH, admits, receive)


class TelegramPlatform:
    name = CHANNEL
    capabilities = CAPABILITIES

    def links(self, settings: Settings) -> Links:
        return links(settings.telegram_bot)

    def clock(self, settings: Settings) -> str:
        return settings.telegram_api_url

    def set_up(self, settings: Settings) -> Iterator[Finding]:
        from bot.channels.telegram.doctor import set_up

        return set_up(settings)

    def asked(self, settings: Settings) -> Iterator[Finding]:
        from bot.channels.telegram.doctor import asked

        return asked(settings)

    def open(
        self, settings: Settings, turns: "Turns", later: "Later", clock: Callable[[], int]
    ) -> Opened:
        from bot.channels.telegram.channel import Telegram
        from bot.channels.telegram.menu_button import offer
        from bot.channels.telegram.poll import Poll, brought, known
        from bot.channels.telegram.wire import open_wire

        token = settings.telegram_token.get_secret_value()
        secret = settings.webhook_secret.get_secret_value()
        wire = open_wire(settings.telegram_library, token, settings.telegram_api_url)
        telegram = Telegram(wire, turns, later, clock, token.partition(":")[0])
        url = settings.public_url + PATH
        by_webhook = bool(settings.public_url)
        return Opened(
            telegram,
            hear=lambda: brought(wire, url, secret) if by_webhook else Poll(telegram).run(),
            only_send=lambda: known(wire),
            begin=lambda: offer(wire),
            close=wire.close,
            webhook=webhook(secret, telegram.receive) if by_webhook else None,
        )
