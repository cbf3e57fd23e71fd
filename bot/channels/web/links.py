"""How the web survey is reached, and what it can carry."""

from urllib.parse import urlsplit

from bot.core.links import Links
from flows.engine.capabilities import Capabilities

CHANNEL = "web"  # the first part of its addresses
AT_KIOSK = f"{CHANNEL}:kiosk."  # how those begin that are a kiosk's
CAPABILITIES = Capabilities(pace=100, only_answers=True, only_asked=True)


def links(public_url: str) -> Links:
    """To where the internet reaches this server, "" where it does not."""
    host = urlsplit(public_url).netloc
    unset = "" if host else "SKM_PUBLIC_URL is not set, so links of the web lead nowhere; set it."
    # "peramban": what is printed is for citizens.
    base = public_url or "http://localhost:8080"
    return Links(f"{base}/s/", "peramban", f"{host or 'localhost:8080'}/s", unset)
