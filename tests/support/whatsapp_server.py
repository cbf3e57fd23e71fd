"""A strict Graph API on loopback: refuses what Meta refuses, in its JSON, and fails when told to.

    async with graph_server(clock) as graph:       # graph.url is SKM_WHATSAPP_API_URL
        …
        graph.shown["ID.1"]                        # what arrived at that person's phone
        graph.refuse(131056, times=1)              # how the next sends are answered

Whom nobody heard for 24 hours gets approved templates only (131047): `heard` tells when who wrote.
Media are kept in memory. `late`: what is accepted, and told by a status afterwards, as Meta mostly
does with 131047.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from tests.support.whatsapp_limits import Json, Refused, require_message

TOKEN = "EAAtokenForTestsOnly0123456789"
PHONE, ACCOUNT, NUMBER = "106540352242922", "102290129340398", "6281234567890"
TEMPLATE = "kabar_survei"
VERSION, DAY = "/v26.0", 86_400
STATUSES = {190: 401, 130429: 429, 131056: 400, 368: 403, 500: 500}


@dataclass
class Fault:
    """Meets the next `times` sends; `done`: the message arrives all the same. `code` 0: the
    connection is cut."""

    code: int
    times: int
    done: bool = False


@dataclass
class Graph:
    clock: Callable[[], int]
    url: str = ""
    shown: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    calls: list[tuple[str, int]] = field(default_factory=list)  # kind of message, code (0: taken)
    refusals: list[str] = field(default_factory=list)  # what was wrongly asked: a fault of ours
    heard: dict[str, int] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)  # what people sent
    uploaded: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)  # mime, name, content
    template: Json = field(
        default_factory=lambda: {
            "name": TEMPLATE,
            "language": "id",
            "status": "APPROVED",
            "components": [
                {"type": "BODY", "text": "Ada kabar dari survei kepuasan."},
                {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Baca"}]},
            ],
        }
    )
    apps: list[Json] = field(default_factory=lambda: [{"whatsapp_business_api_data": {"id": "1"}}])
    media_url: str = ""  # where files are said to be; "": here
    media_status: int = 200  # of their content
    late: bool = False
    failed: list[Json] = field(default_factory=list)  # statuses to be brought
    _numbers: Any = field(default_factory=lambda: count(1))

    def refuse(self, code: int, times: int = 1, *, done: bool = False) -> None:
        self.faults.append(Fault(code, times, done))

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64_000_000)
        app.router.add_post(f"{VERSION}/{PHONE}/messages", self._guarded(self._message))
        app.router.add_post(f"{VERSION}/{PHONE}/media", self._guarded(self._upload))
        app.router.add_get(f"{VERSION}/{{of}}", self._guarded(self._look))
        app.router.add_get(f"{VERSION}/{ACCOUNT}/{{of}}", self._guarded(self._account))
        app.router.add_get("/content/{file}", self._guarded(self._content))
        return app

    def _guarded(self, answer: Callable[[web.Request], Any]) -> Callable[[web.Request], Any]:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                return error(190, "Invalid OAuth access token")
            return await answer(request)

        return guarded

    async def _message(self, request: web.Request) -> web.Response:
        body = await request.json()
        fault = self._next_fault()
        try:
            require_message(body, set(self.uploaded))
        except Refused as refused:
            self.refusals.append(f"{refused.code} {refused.details}: {body}")
            return self._no(body, refused.code, refused.details)
        whom = body.get("to") or body["recipient"]
        code = fault.code if fault else self._unreachable(whom, body)
        if code == 131047 and self.late and not fault:
            self.failed.append(self._status(whom, body, code))
            code = 0
        elif fault.done if fault else not code:
            self.shown[whom].append(body)
        if fault and not fault.code and request.transport:
            request.transport.abort()
        if code:
            return self._no(body, code, "as told")
        self.calls.append((body["type"], 0))
        id = f"wamid.{next(self._numbers)}"
        return web.json_response({"messaging_product": "whatsapp", "messages": [{"id": id}]})

    def _next_fault(self) -> Fault | None:
        if not self.faults:
            return None
        self.faults[0].times -= 1
        return self.faults[0] if self.faults[0].times else self.faults.pop(0)

    def _unreachable(self, whom: str, body: Json) -> int:
        if whom in self.blocked:
            return 131026
        if body["type"] == "template":
            name = body["template"]["name"]
            return 0 if name == self.template["name"] else 132001
        return 0 if self.clock() - self.heard.get(whom, 0) < DAY else 131047

    def _status(self, whom: str, body: Json, code: int) -> Json:
        told = {"id": f"wamid.{next(self._numbers)}", "status": "failed", "recipient_user_id": whom}
        tracker = body.get("biz_opaque_callback_data", "")
        return {
            **told,
            "timestamp": str(self.clock()),
            "errors": [{"code": code, "title": "as told"}],
            **({"biz_opaque_callback_data": tracker} if tracker else {}),
        }

    def _no(self, body: Json, code: int, details: str) -> web.Response:
        self.calls.append((body["type"], code))
        return error(code, details)

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["file"]
        if form["messaging_product"] != "whatsapp" or not isinstance(file, web.FileField):
            return error(100, "Invalid parameter")
        id = str(900_000 + next(self._numbers))
        self.uploaded[id] = (file.content_type, file.filename, file.file.read())
        file.file.close()
        return web.json_response({"id": id})

    async def _look(self, request: web.Request) -> web.Response:
        of = request.match_info["of"]
        if of == PHONE:
            return web.json_response({"display_phone_number": f"+{NUMBER}", "id": PHONE})
        if of not in self.files:
            return error(100, "Object does not exist")
        url = self.media_url or self.url.removesuffix(VERSION)
        return web.json_response(
            {"url": f"{url}/content/{of}", "file_size": len(self.files[of]), "id": of}
        )

    async def _content(self, request: web.Request) -> web.Response:
        return web.Response(
            body=self.files[request.match_info["file"]],
            status=self.media_status,
            headers={"Location": "/elsewhere"} if self.media_status == 302 else {},
        )

    async def _account(self, request: web.Request) -> web.Response:
        if request.match_info["of"] == "subscribed_apps":
            return web.json_response({"data": self.apps})
        found = [self.template] if request.query.get("name") == self.template["name"] else []
        return web.json_response({"data": found})


def error(code: int, details: str) -> web.Response:
    said = {
        "message": f"(#{code}) {details}",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": details},
        "fbtrace_id": "Az8or2yhqkZfEZ-_4Qn_Bam",
    }
    if code == 500:  # something before Meta, which speaks no JSON
        return web.Response(status=500, text="<html>Internal Server Error</html>")
    return web.json_response({"error": said}, status=STATUSES.get(code, 400))


@asynccontextmanager
async def graph_server(clock: Callable[[], int]) -> AsyncIterator[Graph]:
    """For the length of the `async with`, on a free port of 127.0.0.1."""
    graph = Graph(clock)
    runner = web.AppRunner(graph.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    graph.url = site.name + VERSION
    try:
        yield graph
    finally:
        await runner.cleanup()
        await asyncio.sleep(0)
