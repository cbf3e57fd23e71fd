"""The way into the web console: a one-time link from the chat (`/konsol`), then a session cookie.

The link's page only shows a button: whoever previews links in a chat opens it too, and must not use
it up. A session is good while its chat holds a role that opens the console, and is asked for again
with every request.
"""

from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates
from starlette_admin.auth import AdminUser, BaseAuthProvider
from starlette_admin.security.csrf import csrf_input

from bot.console.sitting import Office
from bot.names import name_of
from flows.files import words
from flows.form import Line
from storage import audit, console_keys, permissions

COOKIE = "skm_console"


class Door(BaseAuthProvider):
    def __init__(self, office: Office, secure: bool) -> None:
        super().__init__(allow_routes=["enter"])
        self._office, self._secure = office, secure

    async def authenticate(self, request: Request) -> AdminUser | None:
        session = request.cookies.get(COOKIE, "")
        address = await self._office.asked(lambda at, c: _allowed(c, session, at))
        if address is None:
            return None
        request.state.address = address
        request.state.actions = await self._office.do(
            request, lambda s: permissions.actions(s.desk.connection, s.address)
        )
        return AdminUser(username=name_of(self._office.vault.pseudonym(address)))

    def get_routes(self, templates: Jinja2Templates) -> list[Route]:
        return [
            Route("/login", self.show, methods=["GET"], name="login"),
            Route("/login", self.enter, methods=["POST"], name="enter"),
            Route("/logout", self.leave, methods=["POST"], name="logout"),
        ]

    async def show(self, request: Request) -> Response:
        token = request.query_params.get("token", "")
        return _page(request, "console.enter" if token else "console.closed", token)

    async def enter(self, request: Request) -> Response:
        form = await request.form()
        token = str(form.get("token", ""))
        session = await self._office.asked(lambda at, c: self._session(c, token, at))
        if session is None:
            return _page(request, "console.spent", "", 400)
        here = RedirectResponse(request.url_for("admin:index"), 303)
        here.set_cookie(
            COOKIE,
            session,
            max_age=console_keys.SESSION,
            path="/console",
            secure=self._secure,
            httponly=True,
            samesite="strict",
        )
        return here

    async def leave(self, request: Request) -> Response:
        session = request.cookies.get(COOKIE, "")
        await self._office.asked(lambda at, c: console_keys.leave(c, session))
        gone = _page(request, "console.left", "")
        gone.delete_cookie(COOKIE, path="/console")
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


def _page(request: Request, key: str, token: str, status: int = 200) -> Response:
    """One sentence, and a button where there is something to enter with."""
    spoken = words("id")
    button = spoken.line(Line("console.enter.button"))
    form = (
        f'<form method="post">{csrf_input(request)}'
        f'<input type="hidden" name="token" value="{escape(token)}">'
        f"<button>{escape(button)}</button></form>"
        if token
        else ""
    )
    text = escape(spoken.line(Line(key)))
    body = f"{_HEAD}<main><h1>Konsol SKM</h1><p>{text}</p>{form}</main>"
    return HTMLResponse(body, status)


_HEAD = """<!doctype html><html lang="id"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Konsol SKM</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;background:#f4f6f8;color:#14181d}
main{max-width:26rem;margin:12vh auto;padding:2rem;background:#fff;border-radius:.8rem}
h1{font-size:1.4rem;margin:0 0 1rem}button{font:inherit;padding:.7rem 1.4rem;border:0;
border-radius:.5rem;background:#14437a;color:#fff}</style>"""
