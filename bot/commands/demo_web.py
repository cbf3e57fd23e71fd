"""The demo's survey in a browser, beside the terminal: the same offices, the same figures."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from bot.channels.web.links import CHANNEL
from bot.channels.web.platform import WebPlatform
from bot.channels.web.settings import WebSettings
from bot.core.sending.delivery import Later
from bot.core.turns.turn_worker import Turns
from flows.survey.source import OWN

MANY = 1_000  # surveys an hour: whoever tries it is alone
STOPPING = 2  # seconds


def source(address: str) -> str:
    is_web = address.startswith(f"{CHANNEL}:")
    return WebPlatform(WebSettings(), "").source(address) if is_web else OWN


@contextmanager
def in_browser(turns: Turns, later: Later, clock: Callable[[], int]) -> Iterator[str]:
    """Its address, on a port of this machine that is free, for the length of the `with`."""
    # Slow to load, and a demo that is only watched needs none of it.
    from bot.channels.web.channel import Web
    from bot.channels.web.hourly_limit import HourlyLimit
    from bot.channels.web.survey_pages import SurveyPages
    from bot.web.app import application
    from bot.web.listening import listen
    from bot.web.serving import server

    listening = listen("127.0.0.1", 0)
    pages = SurveyPages(Web(turns, later, clock), HourlyLimit(MANY, 0), secure=False)
    web = server(application(pages.routes), STOPPING)
    thread = Thread(target=lambda: asyncio.run(web.serve([listening])), name="web", daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{listening.getsockname()[1]}/s"
    finally:
        web.should_exit = True
        thread.join(STOPPING)
        listening.close()
