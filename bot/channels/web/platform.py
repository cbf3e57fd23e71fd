"""The web survey before it is opened: pages in a browser, for whoever has no messenger, and for a
tablet at the counter."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.web.links import AT_KIOSK, CAPABILITIES, CHANNEL, links
from bot.channels.web.settings import WebSettings
from bot.core.links import Links
from bot.core.platform import Finding, Opened, Platform
from flows.operator_words import tr
from flows.survey.source import KIOSK, WEB

if TYPE_CHECKING:
    from bot.core.sending.delivery import Later
    from bot.core.turns.turn_worker import Turns


class WebPlatform(Platform[WebSettings]):
    channel = CHANNEL
    capabilities = CAPABILITIES
    settings = WebSettings

    @property
    def links(self) -> Links:
        return links(self.public_url)

    @property
    def choosing(self) -> Links:
        """To the page that lets people choose among the channels."""
        return replace(self.links, base=f"{self.links.base.removesuffix('s/')}q/")

    def source(self, address: str) -> str:
        return KIOSK if address.startswith(AT_KIOSK) else WEB

    def findings(self, is_running: bool) -> Iterator[Finding]:
        if not self.public_url:
            yield Finding(
                False, tr("Web: SKM_PUBLIC_URL is not set; only this machine can answer there.")
            )
            return
        yield Finding(True, tr("Web: citizens answer at {0}/s", self.public_url))

    def open(self, turns: "Turns", later: "Later", clock: Callable[[], int]) -> Opened:
        from bot.channels.web.channel import Web
        from bot.channels.web.hourly_limit import HourlyLimit
        from bot.channels.web.survey_pages import SurveyPages

        web, secure = Web(turns, later, clock), self.public_url.startswith("https:")
        limit = HourlyLimit(self.own.web_hourly, self.own.web_proxies)
        return Opened(web, routes=SurveyPages(web, limit, secure=secure).routes)
