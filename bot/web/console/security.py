"""What every request to the console is held to, and every answer carries.

Nothing is loaded from elsewhere, no script or style runs that its page does not name, and no page
is kept or framed. A request that is too long is not read. Without https the console is for whoever
sits at this machine. What was refused for want of a page's CSRF token, or failed, is said in words.

A CSRF token is given to whoever asks for a page, and a sister host under the same domain can set
its cookie here: so a write that a browser says comes from another site is refused besides.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from html import escape
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.setting import LOOPBACK
from bot.web.console.form_filling import said
from bot.web.console.templates import hashed
from flows.engine.form import Line
from flows.engine.input_parsing import LARGEST

PATH = "/console"
FORM = 100_000  # bytes of a request; of one with a table, what stands round it
CHAT_FORMS = "/do"  # where files are sent to
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
}
PASSED_ON = ("forwarded", "via", "x-real-ip")
OWN_PAGES = ("same-origin", "none")  # none: the person's own doing, such as loading a page again
PLAIN = "text/plain"
KEPT, NOT_KEPT = "private, max-age=86400", "no-store"  # scripts and styles bear their version


Knows = Callable[[HTTPConnection], Awaitable[bool]]


async def nobody(request: HTTPConnection) -> bool:
    return False


class Guarded:
    """`styles`: hashes of the style attributes that its templates have; `knows`: whether somebody
    is let in, who alone may send a table: a request is in memory before anything else is asked."""

    def __init__(
        self, app: ASGIApp, secure: bool, knows: Knows = nobody, styles: Sequence[str] = ()
    ) -> None:
        self.app, self._secure, self._knows, self._styles = app, secure, knows, styles

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._secure:  # whatever stands before us speaks http to us
            scope["scheme"] = "https"
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        answer = Answer(scope, send, policy(nonce, self._styles))
        if not self._secure and not _is_from_here(scope):
            await page("console.unsafe", status=403)(scope, receive, answer)
            return
        if _is_long(scope) and not await self._is_table(scope):
            await page("console.long", status=413)(scope, receive, answer)
            return
        if _is_from_another_site(scope):
            await page("console.no_token", status=403)(scope, receive, answer)
            return
        try:
            await self.app(scope, receive, answer)
        except Refused:
            await page("console.no_token", status=403)(scope, receive, answer)
        except HTTPException as fault:  # such as of a form that is none
            await page("console.broken", status=fault.status_code)(scope, receive, answer)
        except ClientDisconnect:
            return  # nobody is there to be answered
        except Exception:
            if not answer.is_begun:
                await page("console.broken", status=500)(scope, receive, answer)
            raise  # whoever logs it has it from here

    async def _is_table(self, scope: Scope) -> bool:
        is_there = scope.get("path") == PATH + CHAT_FORMS
        is_there = is_there and not _is_long(scope, FORM + max(LARGEST.values()))
        return is_there and await self._knows(HTTPConnection(scope))


class Answer:
    """What is sent, with `HEADERS`. Raises Refused."""

    def __init__(self, scope: Scope, send: Send, policy: str) -> None:
        self._path, self._send, self._policy = scope.get("path", ""), send, policy
        self.is_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers["Content-Security-Policy"] = self._policy
            message["headers"] = [_narrowed(*each) for each in message["headers"]]
            headers = MutableHeaders(scope=message)
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


def _is_read(scope: Scope) -> bool:
    return scope.get("method", "GET") in ("GET", "HEAD")


def _is_from_another_site(scope: Scope) -> bool:
    """A write that another site's page sends, a sister host's too. Of a client that does not say
    so, the page's token is asked alone. https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header"""
    sent_by = Headers(scope=scope).get("sec-fetch-site", OWN_PAGES[0])
    return not _is_read(scope) and sent_by not in OWN_PAGES


def _is_long(scope: Scope, most: int = FORM) -> bool:
    if _is_read(scope):
        return False
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    if "transfer-encoding" in headers or not length.isdecimal() or len(length) > 9:
        return True  # its length is not known before it is read
    return int(length) > most


def policy(nonce: str, styles: Sequence[str]) -> str:
    """https://www.w3.org/TR/CSP3/"""
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; "
        f"style-src 'self' 'nonce-{nonce}' {hashed(_STYLE)}; "
        f"style-src-attr 'unsafe-hashes' {' '.join(styles)}; "
        "img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; form-action 'self'; "
        "base-uri 'none'"
    )


def _is_from_here(scope: Scope) -> bool:
    """From this machine itself, under its own name, and passed on by nobody."""
    headers, client = Headers(scope=scope), scope.get("client")
    name = urlsplit(f"//{headers.get('host', '')}").hostname
    passed_on = scope.get("http_version") == "1.0" or any(map(_passes_on, headers))
    return client is not None and client[0] in LOOPBACK and name in LOOPBACK and not passed_on


def _passes_on(header: str) -> bool:
    """A proxy adds such a one. nginx as it comes adds none and says that we are 127.0.0.1, but
    speaks HTTP/1.0, which no browser does."""
    return header in PASSED_ON or header.startswith(("x-forwarded-", "cf-"))


def _narrowed(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """starlette-admin's cookies are for all of the site, and come along from another's links.
    `__Host-` cookies must be for all of it."""
    if name.lower() == b"set-cookie" and not value.startswith(b"__Host-"):
        value = value.replace(b"SameSite=lax", b"SameSite=strict")
        value = value.replace(b"Path=/;", f"Path={PATH};".encode())
    return name, value


def page(key: str, inside: str = "", status: int = 200) -> HTMLResponse:
    """One sentence, for whoever is not let in; `inside`: HTML below it."""
    text = escape(said(Line(key)))
    return HTMLResponse(f"{_HEAD}<main><h1>Konsol SKM</h1><p>{text}</p>{inside}</main>", status)


_STYLE = """:root{--ground:#f4f6f8;--sheet:#ffffff;--ink:#14181d;--act:#14437a;--said:#ffffff}
@media (prefers-color-scheme: dark){:root{--ground:#10151b;--sheet:#1b232c;--ink:#e8edf2;
--act:#9cc4f5;--said:#0b1622}}
body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;background:var(--ground);color:var(--ink)}
main{width:calc(100% - 2rem);max-width:26rem;margin:12vh auto;padding:2rem;
box-sizing:border-box;background:var(--sheet);border-radius:.8rem}
h1{font-size:1.4rem;margin:0 0 1rem}button{font:inherit;padding:.7rem 1.4rem;border:0;
border-radius:.5rem;background:var(--act);color:var(--said)}"""
_HEAD = f"""<!doctype html><html lang="id"><meta charset="utf-8"><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Konsol SKM</title>
<style>{_STYLE}</style>"""
