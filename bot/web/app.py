"""The one web application. A channel's webhook hands the body to its adapter."""

from collections.abc import Awaitable, Callable, Sequence

from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

from bot.core.channel import Webhook
from bot.core.job import NotKept

MOST = 1_000_000  # bytes of an event; a text of some thousand characters is its largest part


async def _none() -> str:
    return ""


def application(
    webhooks: Sequence[Webhook] = (), fault: Callable[[], Awaitable[str]] = _none
) -> FastAPI:
    """Without webhooks only /health answers: 503 while there is a `fault`."""
    app = FastAPI(title="SKM", openapi_url=None)

    @app.get("/health")
    async def health(response: Response) -> dict[str, str]:
        found = await fault()
        response.status_code = 503 if found else 200
        return {"status": found or "ok"}

    for webhook in webhooks:
        _bring(app, webhook)
    return app


def _bring(app: FastAPI, webhook: Webhook) -> None:
    @app.post(webhook.path)
    async def receive(request: Request) -> Response:
        """200 only after the commit; anything else has the platform send it again."""
        if not webhook.admits(request.headers):
            return Response(status_code=403)
        try:
            body = await _body(request)
            if body is None:
                return Response(status_code=413)
            await webhook.receive(body)
        except (NotKept, ClientDisconnect):
            return Response(status_code=503)
        return Response(status_code=200)


async def _body(request: Request) -> bytes | None:
    """None: too long to be an event, whatever its headers say."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            return None
    return bytes(body)
