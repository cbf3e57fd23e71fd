"""The wire by aiogram: its bot, addresses, connections and uploads.

aiogram's stock session builds a pydantic object of every request and of every answer; a survey
reads neither. Here a plain dictionary goes out as JSON and the answer comes back unbuilt.
"""

import asyncio
from typing import Any

import msgspec
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import SendPhoto
from aiogram.types import BufferedInputFile
from aiohttp import ClientError, ClientTimeout, FormData

from bot.telegram_wire import CONNECTIONS, SLOWEST, Unreachable, result

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
        self, chat: int, png: bytes, caption: str, keyboard: dict[str, Any]
    ) -> None:
        photo = BufferedInputFile(png, "ikm.png")
        upload = SendPhoto(chat_id=chat, photo=photo, caption=caption, **keyboard)
        result(await self.post("sendPhoto", self.build_form_data(self._bot, upload), self.timeout))

    async def post(self, method: str, body: bytes | FormData, timeout: float) -> bytes:
        """The one network seam: an answer's bytes, whatever its status. Raises Unreachable."""
        url = self.api.api_url(self._bot.token, method)
        headers = JSON if isinstance(body, bytes) else None
        session = await self.create_session()
        try:
            async with session.post(
                url, data=body, headers=headers, timeout=ClientTimeout(timeout)
            ) as response:
                return await response.read()
        except TimeoutError:
            raise Unreachable("no answer in time") from None
        except (ClientError, OSError) as fault:
            raise Unreachable(type(fault).__name__) from None

    async def close(self) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()
            await asyncio.sleep(0)  # let the connections close; aiogram waits a quarter second
