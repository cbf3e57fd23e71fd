"""The one web application. A channel's webhook hands the body to its adapter."""

import hmac
import logging
from typing import Protocol

import msgspec
from fastapi import FastAPI, Request, Response

from bot.turns import NotKept

TELEGRAM_PATH = "/telegram"
_HEADER = "x-telegram-bot-api-secret-token"

log = logging.getLogger(__name__)


class Receiver(Protocol):
    async def receive(self, raw: bytes) -> None: ...


def application(telegram: Receiver | None, webhook_secret: str) -> FastAPI:
    """Without a Telegram webhook only /health answers."""
    app = FastAPI(title="SKM", openapi_url=None)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    if telegram is not None:

        @app.post(TELEGRAM_PATH)
        async def webhook(request: Request) -> Response:
            """200 only after the commit; 503 has Telegram send the update again."""
            given = request.headers.get(_HEADER, "")
            if not hmac.compare_digest(given.encode(), webhook_secret.encode()):
                return Response(status_code=403)
            try:
                await telegram.receive(await request.body())
            except NotKept:
                return Response(status_code=503)
            except msgspec.DecodeError:
                log.warning("an update that cannot be read was passed over")
            return Response(status_code=200)

    return app
