"""How Meta brings what people send: signed over the whole body, 200 only after the commit."""

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.whatsapp.links import PATH
from bot.channels.whatsapp.wire import Wire
from bot.core.channel import SendLater, SendNever
from bot.core.watch.hearing import Hearing
from bot.web.webhook import webhook

HEADER = "x-hub-signature-256"
MOST = 3_000_000  # bytes of a request, as Meta says
LOOK = 20  # seconds between two looks whether Meta is there


def routes(
    secret: str, verify: str, receive: Callable[[bytes], Awaitable[None]]
) -> tuple[BaseRoute, ...]:
    assert secret, "a webhook without a secret is open to anybody"
    assert verify, "… and a challenge without a token is answered to anybody"

    async def challenge(request: Request) -> Response:
        """Meta asks once, when the address is entered there."""
        asked = request.query_params
        token = asked.get("hub.verify_token", "")
        is_right = hmac.compare_digest(token.encode(), verify.encode())
        if asked.get("hub.mode") != "subscribe" or not is_right:
            return Response(status_code=403)
        said = asked.get("hub.challenge", "")
        return PlainTextResponse(said if said.isalnum() else "", headers=_NO_SNIFF)

    def is_signed(headers: Mapping[str, str], body: bytes) -> bool:
        made = "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex()
        return hmac.compare_digest(headers.get(HEADER, "").encode(), made.encode())

    def looks_signed(headers: Mapping[str, str]) -> bool:
        return len(headers.get(HEADER, "")) == len("sha256=") + 64

    brought = webhook(PATH, looks_signed, receive, is_signed, MOST)
    return Route(PATH, challenge, methods=["GET"]), brought


_NO_SNIFF = {"X-Content-Type-Options": "nosniff"}


async def reached(wire: Wire, hearing: Hearing) -> None:
    """Says, until it is cancelled, whether Meta answers and takes the token."""
    while True:
        try:
            await wire.known()
        except (SendLater, SendNever) as fault:
            hearing.failed(str(fault))
        else:
            hearing.heard()
        await asyncio.sleep(LOOK)
