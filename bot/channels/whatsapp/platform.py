"""WhatsApp before it is opened: what it can, its links, and what opens it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bot.channels.whatsapp.links import CAPABILITIES, CHANNEL, links
from bot.channels.whatsapp.settings import REFUSED, WhatsAppSettings
from bot.core.channel import ChannelRefused
from bot.core.links import Links
from bot.core.platform import Finding, Opened, Platform, is_refused
from flows.operator_words import tr

if TYPE_CHECKING:
    from bot.core.sending.delivery import Later
    from bot.core.turns.turn_worker import Turns


class WhatsAppPlatform(Platform[WhatsAppSettings]):
    channel = CHANNEL
    capabilities = CAPABILITIES
    settings = WhatsAppSettings

    @property
    def links(self) -> Links:
        return links(self.own.whatsapp_number)

    def check(self) -> None:
        from urllib.request import Request

        token = self.own.whatsapp_token.get_secret_value()
        url = f"{self.own.whatsapp_api_url}/{self.own.whatsapp_phone_id}"
        asked = Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
        if is_refused(asked, 401):
            raise ChannelRefused(tr(REFUSED))

    def findings(self, is_running: bool) -> Iterator[Finding]:
        from bot.channels.whatsapp.doctor import findings

        return findings(self.own, self.public_url)

    def open(self, turns: "Turns", later: "Later", clock: Callable[[], int]) -> Opened:
        from bot.channels.whatsapp.channel import WhatsApp
        from bot.channels.whatsapp.chat_ids import ChatIds
        from bot.channels.whatsapp.webhook import reached, routes
        from bot.channels.whatsapp.wire import Wire
        from bot.core.watch.hearing import Hearing

        own, hearing = self.own, Hearing("WhatsApp")
        secret = own.whatsapp_app_secret.get_secret_value()
        token = own.whatsapp_token.get_secret_value()
        wire = Wire(token, own.whatsapp_phone_id, own.whatsapp_api_url)
        whatsapp = WhatsApp(
            wire, turns, later, clock, ChatIds(secret), own.whatsapp_phone_id, own.whatsapp_template
        )
        verify = own.whatsapp_verify_token.get_secret_value()
        return Opened(
            whatsapp,
            hear=lambda: reached(wire, hearing),
            only_send=lambda: reached(wire, hearing),
            close=wire.close,
            hearing=hearing,
            routes=routes(secret, verify, whatsapp.receive),
        )
