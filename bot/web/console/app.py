"""The web console for those who prefer a desk: lists and forms over what the chat's functions do.

Let in by a one-time link from the chat (`bot.web.console.login`). Each list has a file: released
figures, plans, standards, questions, units, roles, the log; of responses nothing.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.base import BaseAdmin
from starlette_admin.routing import route

from bot.core.links import NOWHERE, Links
from bot.core.turns.turn_context import Forms
from bot.dialogues import DIALOGUES
from bot.web.console.chat_forms import ChatForms
from bot.web.console.coverage import Coverage
from bot.web.console.desk import desk
from bot.web.console.export import download, listed
from bot.web.console.figures import Figures
from bot.web.console.follow_ups import FollowUps
from bot.web.console.form_filling import said
from bot.web.console.log import Log
from bot.web.console.login import Door
from bot.web.console.pages import PAGES, Page, Theme
from bot.web.console.periods import Periods
from bot.web.console.questions import Questions
from bot.web.console.roles import Invitations, Roles
from bot.web.console.security import PATH, Guarded
from bot.web.console.session import Console
from bot.web.console.standards import Standards
from bot.web.console.table import Table
from bot.web.console.templates import Templates
from bot.web.console.told import ToldOnce
from bot.web.console.units import Units
from bot.web.console.words import speak
from flows.engine.clean_text import tidy
from flows.engine.form import Line
from storage.vault import Random, Vault

TABLES: tuple[type[Table], ...] = (
    Figures, FollowUps, Standards, Questions, Units, Periods, Roles, Invitations, Log,
)  # fmt: skip


class Admin(BaseAdmin):
    """`office`: what it tells once waits in a cookie that its vault seals."""

    def __init__(self, office: Console, **given: Any) -> None:
        self._office = office
        super().__init__(**given)

    def _init_flash(self) -> None:
        told = Middleware(ToldOnce, vault=self._office.vault, random=self._office.random)
        self.middlewares.append(told)


class Home(Page):
    """What is due, how the units stand, and what there is besides."""

    def __init__(self, office: Console, tables: Sequence[Table]) -> None:
        self._office, self._tables = office, {table.key: table for table in tables}
        super().__init__(menu_label=said(Line("console.home")))

    @route("")
    async def index(self, request: Request) -> Response:
        text, first = tidy(request.query_params.get("q", "")), request.query_params.get("from", "")
        skip = int(first) if first.isascii() and first.isdecimal() and len(first) < 7 else 0
        waits = request.query_params.get("waits") == "1"
        shown = await self._office.look(request, lambda context: desk(context, text, skip, waits))
        context = {"title": self.menu_label, "about": said(Line("console.index")), "desk": shown}
        return self.rendered(request, "console/home.html", context)

    @route("/export")
    async def export(self, request: Request) -> Response:
        """A list as a file."""
        table = self._tables.get(request.query_params.get("of", ""))
        if table is None or not table.is_accessible(request):
            return RedirectResponse(PATH, 303)
        text = tidy(request.query_params.get("q", ""))
        rows = await self._office.look(request, lambda context: table.every(context, text))
        fields = [each for each in table.fields if not each.exclude_from_list]
        sheet = listed(table.menu_label, fields, rows, request)
        return await asyncio.to_thread(download, str(table.key), sheet)


def mount(
    app: Starlette,
    engine: Engine,
    vault: Vault,
    clock: Callable[[], int],
    random: Random,
    secure: bool,
    links: Links = NOWHERE,
    forms: Forms | None = None,
) -> None:
    """Add the console to the web. `secure`: by https alone; `links`: into the chat."""
    logging.getLogger("starlette_admin").setLevel(logging.ERROR)  # it names who asks for what
    templates = Templates(PAGES)
    forms = forms or Forms(DIALOGUES)
    office, title = Console(engine, vault, clock, random, links, forms), said(Line("console.title"))
    tables = [table(office) for table in TABLES]
    home = Home(office, tables)
    pages = ChatForms(office), Coverage(office)
    door = Door(office, secure)
    admin = Admin(
        office,
        title=title,
        base_url=PATH,
        auth_provider=door,
        secret_key=hashlib.sha256(b"skm console\0" + vault.secret.encode()).hexdigest(),
        middlewares=[Middleware(Guarded, secure=secure, knows=door.knows, styles=templates.styles)],
        index_view=home,
        theme=Theme(),
        timezone_config=None,
    )
    environment: Any = admin.templates.env
    environment.loader = templates
    speak(environment)
    for table in tables:
        admin.add_view(table)
    home.templates = admin.templates
    for page in pages:
        page.templates = admin.templates
        admin.add_view(page)
    admin.mount_to(app)
