"""What a form of ours sends, read with limits; whatever else comes is refused, and counted."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import ClientDisconnect, Request

from bot.channels.web.links import CHANNEL
from bot.core.watch import metrics

MOST = 64_000  # bytes: some times the longest text that is asked for, each letter of it escaped
FIELDS = 12
FORM = "application/x-www-form-urlencoded"
OWN_PAGES = ("same-origin", "none")  # none: the person's own doing, such as loading a page again


class Refused(Exception):
    """`why`: what is said; with which status."""

    def __init__(self, why: str, status: int, outcome: str = "unreadable") -> None:
        super().__init__(why)
        self.why, self.status = why, status
        metrics.update(CHANNEL, outcome).inc()


@dataclass(frozen=True, slots=True)
class Posted:
    """`open`: the link that a start page is for; None on all other pages. `page` is another for
    each page that was given out; `of` is the conversation whose page it is, `step` what it asks. Of
    `do` (a button), `say` (a command), `place` (latitude and longitude, in degrees) and `text` one
    is meant."""

    token: str = ""
    page: str = ""
    step: str = ""
    of: str = ""
    open: str | None = None
    do: str = ""
    say: str = ""
    text: str = ""
    place: str = ""

    @property
    def answer(self) -> str:
        return self.do or self.say or self.text or self.place


async def posted(request: Request) -> Posted:
    """Raises Refused."""
    if _is_from_elsewhere(request):
        raise Refused("web.broken", 403)
    if request.headers.get("content-type", "").partition(";")[0].strip() != FORM:
        raise Refused("web.broken", 415)
    body = await _body(request)
    try:
        given = parse_qsl(
            body.decode("utf-8"), True, strict_parsing=bool(body), errors="strict",
            max_num_fields=FIELDS,
        )  # fmt: skip
    except ValueError:
        raise Refused("web.broken", 400) from None
    known = {name: value for name, value in given if name in Posted.__slots__}
    return Posted(**known)


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > MOST:
                raise Refused("web.long", 413)
    except ClientDisconnect:
        raise Refused("web.broken", 400) from None
    return bytes(body)


def _is_from_elsewhere(request: Request) -> bool:
    """Another site's page sends it, and the browser says so; an older one names only the page's
    host. https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header"""
    headers = request.headers
    if site := headers.get("sec-fetch-site"):
        return site not in OWN_PAGES
    origin, host = headers.get("origin"), headers.get("host", "")
    try:
        return origin is not None and urlsplit(origin).hostname != urlsplit(f"//{host}").hostname
    except ValueError:  # neither is an address
        return True
