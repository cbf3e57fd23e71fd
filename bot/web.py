"""The one web application. A channel's webhook hands the body to its adapter."""

import hmac
from collections.abc import Callable
from typing import Protocol

from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

from bot.turns import NotKept

TELEGRAM_PATH = "/telegram"
_HEADER = "x-telegram-bot-api-secret-token"


class Receiver(Protocol):
    async def receive(self, raw: bytes) -> None:
        """Returns once the update is committed, or passed over for good. Raises NotKept."""


def application(
    telegram: Receiver | None, webhook_secret: str, fault: Callable[[], str] = str
) -> FastAPI:
    """Without a Telegram webhook only /health answers. `fault`: why nothing can be kept just now,
    "" where it can."""
    assert telegram is None or webhook_secret, "a webhook without a secret is open to anybody"
    app = FastAPI(title="SKM", openapi_url=None)

    @app.get("/health")
    def health(response: Response) -> dict[str, str]:
        """503 where nothing can be kept; why, only the log says: anybody may ask here."""
        if fault():
            response.status_code = 503
            return {"status": "the database cannot be written"}
        return {"status": "ok"}

    if telegram is not None:

        @app.post(TELEGRAM_PATH)
        async def webhook(request: Request) -> Response:
            """200 only after the commit; anything else has Telegram send the update again."""
            given = request.headers.get(_HEADER, "")
            if not hmac.compare_digest(given.encode(), webhook_secret.encode()):
                return Response(status_code=403)
            try:
                await telegram.receive(await request.body())
            except (NotKept, ClientDisconnect):
                return Response(status_code=503)
            return Response(status_code=200)

    return app
