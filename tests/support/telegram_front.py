"""What stands before the Bot API emulator: records, refuses as Telegram does, fails when told to.

The emulator checks the shape of every request. Added here is what it leaves out: tokens, the bot's
user name, blocked chats, "not modified", unknown callbacks, 429 and 5xx, dropped and slow answers,
kinds of update that it cannot queue, and webhooks as Telegram delivers them.
"""

import asyncio
import json
from typing import Any

import aiohttp
from aiohttp import web

from tests.support.telegram_chat import Call, Chat
from tests.support.telegram_faults import Fault, Faults
from tests.support.telegram_webhook import Webhook
from tests.support.waiting import Waiting

Json = dict[str, Any]
TOLD = 100  # how often the emulator is told to deliver one update
FULL = "Fixture update capacity reached"  # what the emulator says to more than it queues
CARRIED = "carried"  # inside a message: an update of a kind that the emulator cannot queue
# What is no text: in a form it comes as JSON.
NESTED = {
    "reply_markup",
    "allowed_updates",
    "commands",
    "entities",
    "caption_entities",
    "scope",
    "link_preview_options",
    "media",
}
NO_TEXT = NESTED | {"drop_pending_updates", "max_connections"}
UNKNOWN_TO_EMULATOR = ("link_preview_options", "protect_content")
OLD_QUERY = "Bad Request: query is too old and response timeout expired or query ID is invalid"


class Front:
    """One aiohttp application before one emulator, for one bot. All in one event loop."""

    def __init__(self, emulator: str, token: str, username: str) -> None:
        self.emulator, self.token, self.username = emulator, token, username
        self.address = ""  # set when the application listens
        self.chats: dict[int, Chat] = {}
        self.calls: list[Call] = []  # in order, getUpdates left out
        self.faults = Faults()
        self.twice = False  # bring every update twice, as after a lost answer
        self.listened = 0  # getUpdates and setWebhook so far
        self.injected = 0  # the newest update that was queued
        self.offset = 0  # updates below it are confirmed by polling
        self.waiting = Waiting()
        self.files: dict[str, bytes] = {}  # what people sent, by its id
        self.sizes: dict[str, int] = {}  # … where its size is told otherwise
        self._callbacks: dict[str, int] = {}  # callback id → chat
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=90)
        )
        self.webhook = Webhook(self._client, self.waiting, self.said)

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/bot{token}/{method}", self._called)
        app.router.add_get("/bot{token}/{method}", self._called)
        app.router.add_get("/file/bot{token}/{file}", self._downloaded)
        app.router.add_post("/hook", self._deliver)
        return app

    async def close(self) -> None:
        await self.webhook.close()
        await self._client.close()

    def chat(self, number: int) -> Chat:
        return self.chats.setdefault(number, Chat(number))

    def confirmed(self, update: int) -> bool:
        """Whether the bot said that it has this update."""
        return update < self.offset or update in self.webhook.taken

    async def inject(self, update: Json) -> int:
        """Queue an update; its id. Raises ValueError with the emulator's words if it refuses."""
        if query := update.get("callback_query"):
            self._callbacks[query["id"]] = chat_of(update)
        if not set(update) <= {"update_id", "message", "callback_query", "inline_query"}:
            update = {"message": {CARRIED: update}}
        body = {"token": self.token, "update": update}
        answer = await self._queue(body)
        while answer.get("description") == FULL:  # people go on tapping while the bot is away
            await asyncio.sleep(0.05)
            answer = await self._queue(body)
        if not answer["ok"]:
            raise ValueError(f"the emulator refuses this update: {answer['description']}")
        number = int(answer["result"]["update_id"])
        self.injected = max(self.injected, number)
        await self._hand_over(number)
        return number

    async def _queue(self, body: Json) -> Json:
        async with self._client.post(f"{self.emulator}/__fixture/updates", json=body) as response:
            return dict(await response.json())

    async def _hand_over(self, update: int) -> None:
        """The emulator waits 5 s for us and then forgets: on a busy machine it must be told again.
        From here on `Webhook` delivers until it is taken."""
        for _ in range(TOLD):
            if not self.webhook.url or update <= self.webhook.handed_over:
                return
            control = {"token": self.token}
            async with self._client.post(f"{self.emulator}/__fixture/deliver", json=control):
                pass

    async def _called(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return web.json_response(_no(401, "Unauthorized"), status=401)
        call = self._in_chat(await _read(request, method))
        # What the bot sent is sent, though the bot may die meanwhile; a long poll ends with it.
        answering = self._answer(call)
        drop = await (answering if method == "getUpdates" else asyncio.shield(answering))
        if drop and request.transport:
            request.transport.abort()
        return web.json_response(call.body, status=call.status or 500)

    async def said(self, answer: bytes) -> None:
        """What a webhook was answered: nothing, or a call of whose result nobody hears."""
        if answer:
            params = json.loads(answer)
            await self._answer(self._in_chat(Call(params.pop("method"), params)))

    def _in_chat(self, call: Call) -> Call:
        by_callback = self._callbacks.get(call.params.get("callback_query_id", ""))
        if number := call.params.get("chat_id") or by_callback:
            call.chat = int(number)
        return call

    async def _downloaded(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["file"])
        if content is None or request.match_info["token"] != self.token:
            return web.json_response(_no(404, "Not Found"), status=404)
        return web.Response(body=content)

    async def _answer(self, call: Call) -> bool:
        """Fill in how the call is answered, and note it. Whether to drop the connection."""
        fault = self.faults.take(call.method, call.chat) or Fault(call.method, 0)
        if fault.over:
            await fault.over.wait()
        if fault.drop == "before":
            call.status = 0
        elif fault.status:
            call.status, call.body = fault.status, fault.body()
        elif call.method == "getFile":
            self._find_file(call)
        elif refusal := self._refusal(call):
            call.status, call.body = refusal[0], _no(*refusal)
        else:
            await self._forward(call)
        if call.method != "getUpdates":
            self.calls.append(call)
        if call.chat:
            self.chat(call.chat).take(call)
        return bool(fault.drop)

    def _find_file(self, call: Call) -> None:
        """The emulator knows no file but the bot's own."""
        id = call.params["file_id"]
        if content := self.files.get(id):
            file = {"file_id": id, "file_size": self.sizes.get(id, len(content)), "file_path": id}
            call.status, call.body = 200, {"ok": True, "result": file}
        else:
            call.status, call.body = 400, _no(400, "Bad Request: invalid file_id")

    def _refusal(self, call: Call) -> tuple[int, str] | None:
        if call.method == "answerCallbackQuery":
            return None if call.chat else (400, OLD_QUERY)
        return self.chat(call.chat).refusal(call) if call.chat else None

    async def _forward(self, call: Call) -> None:
        params = {key: call.params[key] for key in call.params if key not in UNKNOWN_TO_EMULATOR}
        if call.method == "setWebhook" and params.get("url"):
            params["url"] = f"{self.address}/hook"
        if call.method in ("getUpdates", "setWebhook", "deleteWebhook"):
            self._listens(call)
        body: Json = {"json": params} if not call.files else {"data": _form(params, call.files)}
        url = f"{self.emulator}/bot{self.token}/{call.method}"
        async with self._client.post(url, **body) as response:
            call.status, call.body = response.status, await response.json()
        if call.status == 200:
            self._complete(call)
        if call.method == "setWebhook":
            await self._hand_over(self.injected)

    def _listens(self, call: Call) -> None:
        self.listened += call.method != "deleteWebhook"
        if call.method == "getUpdates":
            self.offset = max(self.offset, int(call.params.get("offset", 0)))
        else:
            self.webhook.url = call.params.get("url", "")
        self.waiting.look()

    def _complete(self, call: Call) -> None:
        """Put back what the emulator leaves out of its answers."""
        if call.method == "getMe":
            call.body["result"]["username"] = self.username
        if call.method == "getWebhookInfo":
            call.body["result"]["url"] = self.webhook.url
        if call.method == "getUpdates":
            updates = map(_unpacked, call.body["result"])
            call.body["result"] = [update for update in updates for _ in range(1 + self.twice)]

    async def _deliver(self, request: web.Request) -> web.Response:
        update = _unpacked(await request.json())
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        self.webhook.send(update, chat_of(update), secret, 1 + self.twice)
        return web.Response()


def chat_of(update: Json) -> int:
    """The chat that an update comes from; 0 where it has none."""
    for content in update.values():
        if isinstance(content, dict):
            holder = content.get("message", content)
            return int(holder.get("chat", {}).get("id", 0))
    return 0


def _unpacked(update: Json) -> Json:
    carried = update.get("message", {}).get(CARRIED)
    return {"update_id": update["update_id"], **carried} if carried else update


async def _read(request: web.Request, method: str) -> Call:
    """Parameters from JSON, form or query."""
    if request.content_type == "application/json":
        return Call(method, await request.json())
    params: Json = dict(request.query)
    files: dict[str, bytes] = {}
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[key] = value.file.read()
            value.file.close()
        else:
            params[key] = json.loads(value) if key in NO_TEXT else value
    return Call(method, params, files)


def _form(params: Json, files: dict[str, bytes]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for key, value in params.items():
        form.add_field(key, value if isinstance(value, str) else json.dumps(value))
    for key, content in files.items():
        form.add_field(key, content, filename=key)
    return form


def _no(status: int, words: str) -> Json:
    return {"ok": False, "error_code": status, "description": words}
