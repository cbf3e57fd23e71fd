"""The wire by python-telegram-bot: its bot, addresses, connections and uploads.

Its methods for single calls build an object of every answer, and fail for a whole batch of updates
where one of them cannot be read; `do_api_request` leaves answers as they came.
"""

import asyncio
import logging
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from httpx import HTTPError
from telegram import Bot, InputFile
from telegram.error import TelegramError
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from bot.channels.telegram.wire import CONNECTIONS, SLOWEST, Unreachable, path_of, result, whole

# What httpx would time one by one. Here a call is timed as a whole.
STEPS = ("connect_timeout", "pool_timeout", "read_timeout", "write_timeout", "media_write_timeout")


class PtbWire(HTTPXRequest):
    """One bot at one Bot API server."""

    def __init__(self, token: str, api_url: str) -> None:
        _quieten()
        unlimited: dict[str, Any] = dict.fromkeys(STEPS)
        super().__init__(CONNECTIONS, **unlimited)
        self.timeout = SLOWEST
        self._bot = Bot(
            token,
            base_url=lambda token: f"{api_url}/bot{token}",
            base_file_url=lambda token: f"{api_url}/file/bot{token}",
            request=self,
            get_updates_request=self,
        )

    async def call(
        self, method: str, fields: dict[str, Any], timeout: float | None = None
    ) -> msgspec.Raw:
        async with _reached(timeout or self.timeout):
            return await self._bot.do_api_request(method, fields)

    async def send_photo(
        self, chat: int | str, jpeg: bytes, caption: str, keyboard: dict[str, Any]
    ) -> None:
        photo = InputFile(jpeg, "ikm.jpg")
        sent = {"chat_id": chat, "photo": photo, "caption": caption, **keyboard}
        await self.call("sendPhoto", sent)

    async def send_document(self, chat: int | str, name: str, content: bytes, caption: str) -> None:
        document = InputFile(content, name)
        await self.call("sendDocument", {"chat_id": chat, "document": document, "caption": caption})

    async def download(self, file: str) -> bytes:
        path = path_of(await self.call("getFile", {"file_id": file}))
        async with _reached(self.timeout):
            # `retrieve` reads to the end, however far that is.
            async with self._client.stream("GET", f"{self._bot.base_file_url}/{path}") as response:
                return await whole(response.status_code, response.aiter_bytes())

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Called for every answer, of whatever status."""
        return {"result": result(payload)}

    async def close(self) -> None:
        await self.shutdown()


@asynccontextmanager
async def _reached(seconds: float) -> AsyncIterator[None]:
    """In so many seconds, or Unreachable."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise Unreachable("no answer in time") from None
    except (TelegramError, HTTPError) as fault:
        raise Unreachable(type(fault.__cause__ or fault).__name__) from None


def _quieten() -> None:
    """httpx logs addresses, which hold the token, and telegram what is sent to whom; and to use
    `do_api_request` for what has a method of its own is warned of at each call."""
    for loud in ("httpx", "telegram"):
        logging.getLogger(loud).setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", "Please use 'Bot", PTBUserWarning)
