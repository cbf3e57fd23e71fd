"""The page that a QR code at the counter leads to where there are several channels: which one?"""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.web.page import sentence
from bot.channels.web.platform import WebPlatform
from bot.core.platform import Platform
from flows.engine.form import Line
from flows.intents import FindUnit, RateUnit, RateVisit, read
from flows.loader import words
from storage import units
from storage.database.connect import AWAY


def chooser(engine: Engine, platforms: Sequence[Platform[Any]]) -> tuple[BaseRoute, ...]:
    """Its routes; none where the web is no channel."""
    if not any(isinstance(each, WebPlatform) for each in platforms):
        return ()

    async def choose(request: Request) -> Response:
        payload = request.path_params.get("payload", "")
        meant = read(payload)
        try:
            title = await asyncio.to_thread(_title, engine, meant)
        except AWAY:
            return sentence("web.closed", 503)
        if title is None:
            return sentence("web.gone", 404, ways={_said("web.begin"): "/s"})
        ways = {_way(each): f"{_base(each)}{payload}" for each in _reached(platforms)}
        return sentence("web.where", 200, ways=ways, above=title)

    return tuple(Route(path, choose) for path in ("/q", "/q/{payload}"))


def _reached(platforms: Sequence[Platform[Any]]) -> list[Platform[Any]]:
    """Those with links that lead anywhere from a browser; the web itself last."""
    there = [each for each in platforms if each.links.base.startswith(("https:", "http:"))]
    return sorted(there, key=lambda each: isinstance(each, WebPlatform))


def _way(platform: Platform[Any]) -> str:
    return _said("web.here") if isinstance(platform, WebPlatform) else platform.links.app


def _base(platform: Platform[Any]) -> str:
    return "/s/" if isinstance(platform, WebPlatform) else platform.links.base


def _title(engine: Engine, meant: object) -> str | None:
    """Whose survey it is; "" where that is not known yet, None where there is none."""
    if isinstance(meant, RateUnit):
        with engine.connect().execution_options(reads=True) as connection:
            unit = units.by_code(connection, meant.code)
        return unit.name if unit else None
    is_known = isinstance(meant, RateVisit) or meant == FindUnit()
    return "" if is_known else None


def _said(key: str) -> str:
    return words("id").line(Line(key))
