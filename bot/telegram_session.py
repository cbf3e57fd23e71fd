"""aiogram's network side, made light for the three methods that every tap calls.

aiogram's stock way builds a pydantic object of every request and of every answer; a survey reads
neither. `call` sends a plain dictionary as JSON and only checks the answer. It uses aiogram's
connection pool, addresses and exceptions; uploads (`await bot(SendPhoto(…))`) go the stock way.
"""

import asyncio
from contextlib import suppress
from typing import Any

import msgspec
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramServerError
from aiogram.methods import TelegramMethod
from aiohttp import ClientError, ClientTimeout

JSON = {"Content-Type": "application/json"}


SLOWEST = 20  # seconds a call may take: whoever taps has given up by then


class Answer(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    description: str = ""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Answer).decode


class JsonSession(AiohttpSession):
    """A session for one Bot API server."""

    def __init__(self, api_url: str) -> None:
        super().__init__(api=TelegramAPIServer.from_base(api_url), timeout=SLOWEST)

    async def call(
        self,
        bot: Bot,
        method: type[TelegramMethod[Any]],
        fields: dict[str, Any],
        timeout: float | None = None,
    ) -> msgspec.Raw:
        """The raw JSON of `result`. Raises aiogram's errors, as `await bot(method)` would."""
        url = self.api.api_url(bot.token, method.__api_method__)
        status, content = await self.post(url, _encode(fields), timeout or self.timeout)
        try:
            answer = _decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise TelegramServerError(method(**fields), f"HTTP {status} without JSON") from None
        if status == 200 and answer.ok:
            return answer.result
        if answer.description and not answer.ok:
            with suppress(ClientDecodeError):
                self.check_response(bot, method(**fields), status, content.decode())
        raise TelegramServerError(method(**fields), f"HTTP {status} that makes no sense")

    async def post(self, url: str, body: bytes, timeout: float) -> tuple[int, bytes]:
        """The one network seam: status and bytes of the answer. Raises TelegramNetworkError."""
        session = await self.create_session()
        try:
            async with session.post(
                url, data=body, headers=JSON, timeout=ClientTimeout(timeout)
            ) as response:
                return response.status, await response.read()
        except TimeoutError as fault:
            raise TelegramNetworkError(None, "no answer in time") from fault  # type: ignore[arg-type]
        except (ClientError, OSError) as fault:
            # Its text may name the address, and so the token.
            raise TelegramNetworkError(None, type(fault).__name__) from None  # type: ignore[arg-type]

    async def close(self) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()
            await asyncio.sleep(0)  # let the connections close; aiogram waits a quarter second


def open_bot(token: str, api_url: str) -> Bot:
    return Bot(token, session=JsonSession(api_url))
