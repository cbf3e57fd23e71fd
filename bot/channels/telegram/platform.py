"""Telegram before it is opened: what it can, its links, and what opens it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bot.channels.telegram.links import CAPABILITIES, CHANNEL, PATH, links
from bot.channels.telegram.settings import Library, TelegramSettings, TokenRefused
from bot.core.links import Links
from bot.core.platform import Finding, Opened, Platform, is_refused

if TYPE_CHECKING:
    from bot.channels.telegram.wire import Wire
    from bot.core.sending.delivery import Later
    from bot.core.turns.turn_worker import Turns


class TelegramPlatform(Platform[TelegramSettings]):
    channel = CHANNEL
    capabilities = CAPABILITIES
    settings = TelegramSettings

    @property
    def links(self) -> Links:
        return links(self.own.telegram_bot)

    @property
    def clock(self) -> str:
        return self.own.telegram_api_url

    def check(self) -> None:
        from urllib.request import Request

        token = self.own.telegram_token.get_secret_value()
        asked = Request(f"{self.own.telegram_api_url}/bot{token}/getMe", method="POST")  # noqa: S310
        if is_refused(asked, 401, 404):
            raise TokenRefused

    def findings(self, is_running: bool) -> Iterator[Finding]:
        from bot.channels.telegram.doctor import findings

        return findings(self.own, self.public_url, is_running)

    def open(self, turns: "Turns", later: "Later", clock: Callable[[], int]) -> Opened:
        from bot.channels.telegram.channel import Telegram
        from bot.channels.telegram.menu_button import offer
        from bot.channels.telegram.poll import Poll, brought, known, route
        from bot.core.watch.hearing import Hearing

        token = self.own.telegram_token.get_secret_value()
        secret = self.own.webhook_secret.get_secret_value()
        wire = open_wire(self.own.telegram_library, token, self.own.telegram_api_url)
        telegram = Telegram(wire, turns, later, clock, token.partition(":")[0])
        url, hearing = self.public_url + PATH, Hearing("Telegram")
        by_webhook = bool(self.public_url)
        return Opened(
            telegram,
            hear=lambda: (
                brought(wire, hearing, url, secret) if by_webhook else Poll(telegram, hearing).run()
            ),
            only_send=lambda: known(wire, hearing),
            begin=lambda: offer(wire, hearing),
            close=wire.close,
            hearing=hearing,
            routes=(route(secret, telegram.receive),) if by_webhook else (),
        )


def open_wire(library: Library, token: str, api_url: str) -> "Wire":
    """Imports the chosen library and no other: each takes its time and memory."""
    if library == "ptb":
        from bot.channels.telegram.ptb_wire import PtbWire

        return PtbWire(token, api_url)
    from bot.channels.telegram.aiogram_wire import AiogramWire

    return AiogramWire(token, api_url)
