"""The wire by aiogram: its bot, addresses, connections and uploads.

aiogram's stock session builds a pydantic object of every request and of every answer; a survey
reads neither. Here a plain dictionary goes out as JSON and the answer comes back unbuilt.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from aiohttp import ClientError, ClientTimeout, FormData
from pydantic import BaseModel

from bot.channels.telegram.wire import CONNECTIONS, SLOWEST, Unreachable, path_of, result, whole


@contextmanager
def _models_unbuilt() -> Iterator[None]:
    """While aiogram is imported, it builds no model of what the Bot API can say. All of them take
    three seconds and 85 MB at every start, and no line of this file uses one."""
    build = BaseModel.__dict__["model_rebuild"]

    def later(cls: type[BaseModel], /, **how: Any) -> bool | None:
        is_theirs = cls.__module__.startswith("aiogram.")
        return None if is_theirs else build.__get__(None, cls)(**how)

    BaseModel.model_rebuild = classmethod(later)  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        BaseModel.model_rebuild = build  # type: ignore[method-assign]


with _models_unbuilt():
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

JSON = {"Content-Type": "application/json"}

_encode = msgspec.json.Encoder().encode


class AiogramWire(AiohttpSession):
    """One bot at one Bot API server."""

    def __init__(self, token: str, api_url: str) -> None:
        server = TelegramAPIServer.from_base(api_url)
        super().__init__(api=server, limit=CONNECTIONS, timeout=SLOWEST)
        self._bot = Bot(token, session=self)

    async def call(
        self, method: str, fields: dict[str, Any], timeout: float | None = None
    ) -> msgspec.Raw:
        return result(await self.post(method, _encode(fields), timeout or self.timeout))

    async def send_photo(
        self, chat: int | str, jpeg: bytes, caption: str, keyboard: dict[str, Any]
    ) -> None:
        fields = {"chat_id": str(chat), "caption": caption}
        fields |= {name: _encode(value).decode() for name, value in keyboard.items()}
        await self._upload("sendPhoto", "photo", "ikm.jpg", jpeg, fields)

    async def send_document(self, chat: int | str, name: str, content: bytes, caption: str) -> None:
        fields = {"chat_id": str(chat), "caption": caption}
        await self._upload("sendDocument", "document", name, content, fields)

    async def _upload(
        self, method: str, kind: str, name: str, content: bytes, fields: dict[str, str]
    ) -> None:
        form = FormData(quote_fields=False)
        for field, value in fields.items():
            form.add_field(field, value)
        form.add_field(kind, content, filename=name)
        result(await self.post(method, form, self.timeout))

    async def download(self, file: str) -> bytes:
        path = path_of(await self.call("getFile", {"file_id": file}))
        session = await self.create_session()
        url = self.api.file_url(self._bot.token, path)
        with _unreachable():
            async with session.get(url, timeout=ClientTimeout(self.timeout)) as response:
                return await whole(response.status, response.content.iter_any())

    async def post(self, method: str, body: bytes | FormData, timeout: float) -> bytes:
        """The one network seam: an answer's bytes, whatever its status. Raises Unreachable."""
        url = self.api.api_url(self._bot.token, method)
        headers = JSON if isinstance(body, bytes) else None
        session = await self.create_session()
        with _unreachable():
            async with session.post(
                url, data=body, headers=headers, timeout=ClientTimeout(timeout)
            ) as response:
                return await response.read()

    async def close(self) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()
            await asyncio.sleep(0)  # let the connections close; aiogram waits a quarter second


@contextmanager
def _unreachable() -> Iterator[None]:
    """No fault of the network goes further as itself: its words may hold the address."""
    try:
        yield
    except TimeoutError:
        raise Unreachable("no answer in time") from None
    except (ClientError, OSError, ValueError) as fault:  # ValueError: no host is called so
        raise Unreachable(type(fault).__name__) from None
