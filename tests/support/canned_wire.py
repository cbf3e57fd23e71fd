"""Both wires with the network cut off: what would go out goes to a function instead.

wire = CANNED["ptb"](network)     # network.post(method, body) gives the answer's bytes
"""

import json
from typing import Any, Protocol

from aiohttp import FormData
from telegram.request import RequestData

from bot.channels.telegram.aiogram_wire import AiogramWire
from bot.channels.telegram.ptb_wire import PtbWire
from bot.channels.telegram.settings import Library
from bot.channels.telegram.wire import Wire

TOKEN = "42:TOKEN"
NOWHERE = "http://127.0.0.1:1"


class Network(Protocol):
    async def post(self, method: str, body: bytes) -> bytes:
        """The answer to a request, whose body is JSON; in python-telegram-bot's, whatever is
        nested is JSON text."""


class CannedAiogram(AiogramWire):
    def __init__(self, network: Network) -> None:
        super().__init__(TOKEN, NOWHERE)
        self._network = network

    async def post(self, method: str, body: bytes | FormData, timeout: float) -> bytes:
        assert isinstance(body, bytes), "an upload"
        return await self._network.post(method, body)


class CannedPtb(PtbWire):
    def __init__(self, network: Network) -> None:
        super().__init__(TOKEN, NOWHERE)
        self._network = network

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        assert request_data is not None
        content = await self._network.post(url.rpartition("/")[2], request_data.json_payload)
        return status_of(content), content


def status_of(content: bytes) -> int:
    """HTTP's status for an answer of the Bot API; 502 for what is none."""
    try:
        return int(json.loads(content).get("error_code", 200))
    except ValueError:
        return 502


class Canned(Protocol):
    def __call__(self, network: Network) -> Wire: ...


CANNED: dict[Library, Canned] = {"aiogram": CannedAiogram, "ptb": CannedPtb}
