"""The one web application, to which a channel adds routes of its own."""

from collections.abc import Awaitable, Callable, Iterable

from fastapi import FastAPI, Response
from starlette.routing import BaseRoute


async def _none() -> str:
    return ""


def application(
    routes: Iterable[BaseRoute] = (), fault: Callable[[], Awaitable[str]] = _none
) -> FastAPI:
    """Besides `routes` only /health answers: 503 while there is a `fault`."""
    app = FastAPI(title="SKM", openapi_url=None, routes=[*routes])

    @app.get("/health")
    async def health(response: Response) -> dict[str, str]:
        found = await fault()
        response.status_code = 503 if found else 200
        return {"status": found or "ok"}

    return app
