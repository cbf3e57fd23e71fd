"""The one web application. A channel's webhook hands the body to its adapter."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Protocol

from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

from bot.core.job import NotKept

TELEGRAM_PATH = "/telegram"
MOST = 1_000_000  # bytes of an update; a text of 4,096 characters is its largest part
_HEADER = "x-telegram-bot-api-secret-token"


class Receiver(Protocol):
    async def receive(self, raw: bytes) -> None:
        """Returns once the update is committed, or passed over for good. Raises NotKept."""


async def _none() -> str:
    return ""


def application(
    telegram: Receiver | None, webhook_secret: str, fault: Callable[[], Awaitable[str]] = _none
) -> FastAPI:
    """Without a Telegram webhook only /health answers: 503 while there is a `fault`."""
    assert telegram is None or webhook_secret, "a webhook without a secret is open to anybody"
    app = FastAPI(title="SKM", openapi_url=None)

    @app.get("/health")
    async def health(response: Response) -> dict[str, str]:
        found = await fault()
        response.status_code = 503 if found else 200
        return {"status": found or "ok"}

    if telegram is not None:

        @app.post(TELEGRAM_PATH)
        async def webhook(request: Request) -> Response:
            """200 only after the commit; anything else has Telegram send the update again."""
            given = request.headers.get(_HEADER, "")
            if not hmac.compare_digest(given.encode(), webhook_secret.encode()):
                return Response(status_code=403)
            try:
                body = await _body(request)
                if body is None:
                    return Response(status_code=413)
                await telegram.receive(body)
            except (NotKept, ClientDisconnect):
                return Response(status_code=503)
            return Response(status_code=200)

    return app


async def _body(request: Request) -> bytes | None:
    """None: too long to be an update, whatever its headers say."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            return None
    return bytes(body)
