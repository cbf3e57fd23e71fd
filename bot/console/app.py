"""The web console for those who prefer a desk: lists and forms over what the chat's functions do.

Let in by a one-time link from the chat (`bot.console.door`); what it shows stands in
`bot.console.tables`. Nothing is loaded from elsewhere, and no page is kept or framed.
"""

import hashlib
import logging
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from jinja2 import DictLoader
from sqlalchemy import Engine
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_admin import CustomView
from starlette_admin.base import BaseAdmin
from starlette_admin.widgets import TextWidget

from bot.console.door import Door
from bot.console.sitting import Office
from bot.console.table import HIDDEN, said
from bot.console.tables import TABLES
from bot.console.words import say, say_many
from storage.vault import Random, Vault

PATH = "/console"
HEADERS = {
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline' data:; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def mount(
    app: FastAPI,
    engine: Engine,
    vault: Vault,
    clock: Callable[[], int],
    random: Random,
    secure: bool,
) -> None:
    """Add the console to the web. `secure`: it is reached by https alone."""
    logging.getLogger("starlette_admin").setLevel(logging.ERROR)  # it names who asks for what
    office = Office(engine, vault, clock, random)
    admin = BaseAdmin(
        title=said("title"),
        base_url=PATH,
        auth_provider=Door(office, secure),
        secret_key=hashlib.sha256(b"skm console\0" + vault.secret.encode()).hexdigest(),
        middlewares=[Middleware(Guarded)],
        additional_loaders=[DictLoader(HIDDEN)],
        index_view=CustomView(said("title"), widget=TextWidget(said("index"))),
        timezone_config=None,
    )
    environment: Any = admin.templates.env
    environment.install_gettext_callables(say, say_many, True)
    for table in TABLES:
        admin.add_view(table(office))
    admin.mount_to(app)


class Guarded:
    """Puts `HEADERS` on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, guarded)
