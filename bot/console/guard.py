"""What every request to the console is held to, and every answer carries.

Nothing is loaded from elsewhere, and no page is kept or framed. A request that is too long is not
read. What was refused for want of a page's CSRF token, or failed, is said in words.
"""

from html import escape

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.console.filling import said
from flows.form import Line
from flows.given import TABLE_BYTES

PATH = "/console"
MOST = TABLE_BYTES + 100_000  # bytes of a request: a table, and what stands round it
HEADERS = {
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline' data:; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
PLAIN = "text/plain"
KEPT, NOT_KEPT = "private, max-age=86400", "no-store"  # scripts and styles bear their version


class Guarded:
    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self.app, self._secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._secure:  # whatever stands before us speaks http to us
            scope["scheme"] = "https"
        answer = Answer(scope, send)
        if _is_long(scope):
            await page("console.long", status=413)(scope, receive, answer)
            return
        try:
            await self.app(scope, receive, answer)
        except Refused:
            await page("console.no_token", status=403)(scope, receive, answer)
        except Exception:
            if not answer.is_begun:
                await page("console.broken", status=500)(scope, receive, answer)
            raise  # whoever logs it has it from here


class Answer:
    """What is sent, with `HEADERS`. Raises Refused."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._path, self._send = scope.get("path", ""), send
        self.is_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            is_static = self._path.startswith(f"{PATH}/static/")
            headers["Cache-Control"] = KEPT if is_static else NOT_KEPT
            if message["status"] == 403 and headers.get("content-type", "").startswith(PLAIN):
                raise Refused
            if message["status"] == 303 and self._path.startswith(f"{PATH}/_api/"):
                message["status"] = 401  # a script follows no way to a page
            self.is_begun = True
        await self._send(message)


class Refused(Exception):
    """By starlette-admin, in plain English: the page's CSRF token is not there, or another's."""


def _is_long(scope: Scope) -> bool:
    if scope.get("method", "GET") in ("GET", "HEAD"):
        return False
    length = Headers(scope=scope).get("content-length", "")
    return not length.isdecimal() or int(length) > MOST


def page(key: str, inside: str = "", status: int = 200) -> HTMLResponse:
    """One sentence, for whoever is not let in; `inside`: HTML below it."""
    text = escape(said(Line(key)))
    return HTMLResponse(f"{_HEAD}<main><h1>Konsol SKM</h1><p>{text}</p>{inside}</main>", status)


_HEAD = """<!doctype html><html lang="id"><meta charset="utf-8"><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Konsol SKM</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;background:#f4f6f8;color:#14181d}
main{width:calc(100% - 2rem);max-width:26rem;margin:12vh auto;padding:2rem;
box-sizing:border-box;background:#fff;border-radius:.8rem}
h1{font-size:1.4rem;margin:0 0 1rem}button{font:inherit;padding:.7rem 1.4rem;border:0;
border-radius:.5rem;background:#14437a;color:#fff}</style>"""
