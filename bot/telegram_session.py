"""aiogram's network side, made light: JSON bodies, the answer checked but not built.

aiogram's stock session sends forms and builds a pydantic object of every answer; a survey reads
neither. Uploads still go through the stock session.
"""

import asyncio
from typing import Any

import msgspec
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramServerError
from aiogram.methods import SendPhoto, TelegramMethod
from aiohttp import ClientError, ClientTimeout

JSON = {"Content-Type": "application/json"}


class Answer(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")


_decode = msgspec.json.Decoder(Answer).decode


class JsonSession(AiohttpSession):
    """`await bot(method)` gives the result as raw JSON (`msgspec.Raw`). Raises aiogram's errors."""

    def __init__(self, api_url: str) -> None:
        super().__init__(api=TelegramAPIServer.from_base(api_url))

    async def make_request(
        self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None
    ) -> Any:
        if isinstance(method, SendPhoto):
            return await super().make_request(bot, method, timeout)
        status, content = await self.post(
            self.api.api_url(bot.token, method.__api_method__), body_of(method), method, timeout
        )
        try:
            answer = _decode(content)
        except msgspec.DecodeError:
            raise TelegramServerError(method, f"HTTP {status} without JSON") from None
        if status == 200 and answer.ok:
            return answer.result
        return self.check_response(bot, method, status, content.decode(errors="replace"))

    async def post(
        self, url: str, body: bytes, method: TelegramMethod[Any], timeout: int | None
    ) -> tuple[int, bytes]:
        """The one network seam: status and bytes of the answer."""
        session = await self.create_session()
        try:
            async with session.post(
                url, data=body, headers=JSON, timeout=ClientTimeout(timeout or self.timeout)
            ) as response:
                return response.status, await response.read()
        except TimeoutError as fault:
            raise TelegramNetworkError(method, "no answer in time") from fault
        except (ClientError, OSError) as fault:
            # Its text may name the address, and so the token.
            raise TelegramNetworkError(method, type(fault).__name__) from None

    async def close(self) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()
            await asyncio.sleep(0)  # let the connections close; aiogram waits a quarter second


def open_bot(token: str, api_url: str) -> Bot:
    return Bot(token, session=JsonSession(api_url))


def body_of(method: TelegramMethod[Any]) -> bytes:
    # Only what was set: the rest are aiogram's markers for "the bot's default".
    return method.model_dump_json(exclude_unset=True, exclude_none=True).encode()
