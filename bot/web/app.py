"""The two web applications: the public one, to which a channel adds routes of its own, and the one
that says how this process is, at an address of its own (docs/watching.md)."""

from collections.abc import Awaitable, Callable, Iterable, Mapping

from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.watch.metrics import REGISTRY

Checks = Callable[[], Awaitable[Mapping[str, str]]]


def application(routes: Iterable[BaseRoute]) -> Starlette:
    return Starlette(routes=[*routes])


async def _no_checks() -> dict[str, str]:
    return {}


def watched(checks: Checks = _no_checks, is_alive: Callable[[], bool] = lambda: True) -> Starlette:
    """/health: whether this process answers. /ready: 503 where one of the `checks` finds a fault.
    /metrics: for Prometheus."""

    async def health(request: Request) -> Response:
        status = "alive" if is_alive() else "a thread has ended: start skm anew"
        return JSONResponse({"status": status}, 200 if is_alive() else 503)

    async def ready(request: Request) -> Response:
        found = await checks()
        is_ready = not any(found.values())
        said = {name: fault or "ok" for name, fault in found.items()}
        status = "ready" if is_ready else "not ready"
        return JSONResponse({"status": status, "checks": said}, 200 if is_ready else 503)

    async def metrics(request: Request) -> Response:
        await checks()  # they set the figures that are read from the database
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(REGISTRY), headers={"Content-Type": kind})

    return Starlette(
        routes=[Route("/health", health), Route("/ready", ready), Route("/metrics", metrics)]
    )
