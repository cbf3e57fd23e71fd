"""The way into the web console: a one-time link from the chat (`/konsol`), then a session cookie.

The link's page only shows a button: whoever previews links in a chat opens it too, and must not use
it up. A session is good while its chat holds a role that opens the console, and is asked for again
with every request.
"""

from datetime import UTC, datetime
from html import escape
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates
from starlette_admin.auth import AdminUser, BaseAuthProvider
from starlette_admin.security.csrf import csrf_input

from bot.core.pseudonyms import name_of
from bot.core.turns.turn_context import TurnContext
from bot.office.people.invitation import scope_name
from bot.web.console.form_filling import said
from bot.web.console.security import CHAT_FORMS, PATH, page
from bot.web.console.session import Console
from bot.web.console.table import LOOKED_AT
from flows.engine.form import Line
from storage import units
from storage.office import audit, console_keys, permissions

# A browser takes a cookie of this prefix from this very host alone, and only by https
# (RFC 6265bis, 4.1.3.2): no sister host can put its own session in a victim's browser.
COOKIES = {True: "__Host-skm_console", False: "skm_console"}  # by whether there is https
OFFERED = 50  # units that a form offers by name; any other's code may be written


class Door(BaseAuthProvider):
    def __init__(self, office: Console, secure: bool) -> None:
        super().__init__(allow_routes=["enter"])
        self._office, self._secure, self._cookie = office, secure, COOKIES[secure]

    async def authenticate(self, request: Request) -> AdminUser | None:
        session = request.cookies.get(self._cookie, "")
        if not session or request.url.path.startswith(f"{PATH}/static/"):
            return None
        address = await self._office.asked(lambda at, c: _allowed(c, session, at))
        if address is None:
            return None
        request.state.address = address
        await self._office.do(request, lambda context: _known(request, context))
        return AdminUser(username=name_of(self._office.vault.pseudonym(address)))

    async def knows(self, request: HTTPConnection) -> bool:
        """Whether it comes with a session that is good."""
        session = request.cookies.get(self._cookie, "")
        return (
            bool(session)
            and await self._office.asked(lambda at, c: _allowed(c, session, at)) is not None
        )

    def get_routes(self, templates: Jinja2Templates) -> list[Route]:
        return [
            Route("/login", self.show, methods=["GET"], name="login"),
            Route("/login", self.enter, methods=["POST"], name="enter"),
            Route("/logout", self.leave, methods=["POST"], name="logout"),
        ]

    async def show(self, request: Request) -> Response:
        token = request.query_params.get("token", "")
        return page("console.enter", _button(request, token)) if token else page("console.closed")

    async def enter(self, request: Request) -> Response:
        form = await request.form()
        token = str(form.get("token", ""))
        session = await self._office.asked(lambda at, c: self._session(c, token, at))
        if session is None:
            return page("console.spent", status=400)
        here = RedirectResponse(request.url_for("admin:index"), 303)
        here.set_cookie(
            self._cookie,
            session,
            max_age=console_keys.SESSION,
            secure=self._secure,
            httponly=True,
            samesite="strict",
        )
        return here

    async def leave(self, request: Request) -> Response:
        session = request.cookies.get(self._cookie, "")
        await self._office.asked(lambda at, c: console_keys.leave(c, session))
        gone = page("console.left")
        gone.delete_cookie(self._cookie, secure=self._secure)
        return gone

    def _session(self, connection: Any, token: str, at: int) -> str | None:
        session = console_keys.enter(connection, token, at, self._office.random)
        address = _allowed(connection, session or "", at)
        if session is None or address is None:
            return None
        by = self._office.vault.pseudonym(address)
        for scope in permissions.scopes(connection, address, "open_console"):
            audit.note(connection, at, by, "open_console", scope)
        return session


def _allowed(connection: Any, session: str, at: int) -> str | None:
    address = console_keys.whose(connection, session, at)
    if address is None or "open_console" not in permissions.actions(connection, address):
        return None
    return address


def _known(request: Request, context: TurnContext) -> None:
    """What its pages ask of whoever is let in."""
    request.state.actions = permissions.actions(context.connection, context.address)
    request.state.today = datetime.fromtimestamp(context.at, UTC).date()
    request.state.is_wide = _number(context) > LOOKED_AT
    path, begins = request.url.path, request.method == "GET"
    asks_where = path.endswith("/create") or (path.endswith(CHAT_FORMS) and begins)
    request.state.places = _places(context) if asks_where else []


def _button(request: Request, token: str) -> str:
    """To enter with."""
    label = escape(said(Line("console.enter.button")))
    return (
        f'<form method="post">{csrf_input(request)}'
        f'<input type="hidden" name="token" value="{escape(token)}"><button>{label}</button></form>'
    )


def _number(context: TurnContext) -> int:
    """How many units this chat may see."""
    held = permissions.scopes(context.connection, context.address, "open_console")
    return units.number(context.connection, held, "")


def _places(context: TurnContext) -> list[tuple[str, str]]:
    """Where this chat holds a role that opens the console: what a form may be about, by name."""
    held = permissions.scopes(context.connection, context.address, "open_console")
    above = [(str(each), said(scope_name(context, each))) for each in held if not each.is_unit]
    found = units.page(context.connection, held, "", 0, OFFERED)
    return [*above, *((str(unit.scope), unit.name) for unit in found)]
