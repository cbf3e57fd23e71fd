"""Calls of Meta's Graph API through pywa, and what its refusals mean.

pywa carries each call (addresses, authorization, uploads) and reads its error; what a code means to
us is written here, once, also for those that come later by the webhook. Its client, which keeps
handlers and builds an object of every message, is left out.
https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from pywa_async.api import GraphAPIAsync
from pywa_async.errors import WhatsAppError

from bot.channels.whatsapp.bodies import Body
from bot.channels.whatsapp.fault_codes import fault_of
from bot.core.channel import SendLater, SendNever

LARGEST = 20_000_000  # bytes of a file that somebody sent
SLOWEST = 20  # seconds a call may take: whoever taps has given up by then
CONNECTIONS = 100
SOON = 5  # seconds until a send that got no answer is tried again
MEDIA = (".fbsbx.com", ".facebook.com", ".whatsapp.net")  # where Meta keeps what people send


class Wire:
    """One phone number at one Graph API server. Raises SendLater, SendNever, and nothing else."""

    def __init__(self, token: str, phone_id: str, url: str) -> None:
        for name in ("pywa", "httpx"):  # they name tokens, chats and what is said
            logging.getLogger(name).setLevel(logging.ERROR)
        limits = httpx.Limits(max_connections=CONNECTIONS)
        # Each call is timed as a whole.
        self._http = httpx.AsyncClient(timeout=None, limits=limits)  # noqa: S113
        self._api = GraphAPIAsync(token, self._http, 0)
        self._http.base_url = httpx.URL(url)
        self._phone, self._host = phone_id, urlsplit(url).netloc

    async def send(self, to: dict[str, str], body: Body, tracker: str = "") -> None:
        """`tracker` comes back with whatever becomes of it."""
        kind, holds = body
        async with _reached():
            await self._api.send_message(
                self._phone,
                to.get("to"),
                to.get("recipient"),
                "individual",
                kind,
                holds,
                biz_opaque_callback_data=tracker or None,
            )

    async def upload(self, name: str, content: bytes, mime: str) -> str:
        """The id of what is sent afterwards."""
        async with _reached():
            return str((await self._api.upload_media(self._phone, content, mime, name))["id"])

    async def download(self, file: str) -> bytes:
        """The content of a file that somebody sent, by its id; at most `LARGEST`."""
        if not file.isascii() or not file.replace("-", "").replace("_", "").isalnum():
            raise SendNever("no id of a file")
        async with _reached():
            found = await self._api.get_media_url(file)
            url, size = str(found["url"]), int(found.get("file_size") or 0)
            if size > LARGEST:
                raise SendNever("a file that is too large")
            self._require_metas(url)
            async with self._http.stream("GET", url) as response:
                return await _whole(response)

    async def known(self) -> dict[str, Any]:
        """What Meta says of the number: asked to know that the token is good."""
        async with _reached():
            fields = {"fields": "display_phone_number,verified_name"}
            answer: dict[str, Any] = await self._api.send_raw_request(
                "GET", f"/{self._phone}", params=fields
            )
            return answer

    def _require_metas(self, url: str) -> None:
        """The token goes with it, so it goes to nobody else. Raises SendNever."""
        parts = urlsplit(url)
        metas = parts.scheme == "https" and f".{parts.hostname}".endswith(MEDIA)
        if not metas and parts.netloc != self._host:
            raise SendNever("a file at a strange host")

    async def close(self) -> None:
        await self._http.aclose()


async def _whole(response: httpx.Response) -> bytes:
    """Whatever size was said before. What is not there, or elsewhere, will not be there later."""
    status = response.status_code
    if status == 429 or status >= 500:
        raise SendLater(SOON, f"status {status}")
    if status != 200:
        raise SendNever(f"a file with status {status}")
    read = bytearray()
    async for part in response.aiter_bytes():
        read += part
        if len(read) > LARGEST:
            raise SendNever("a file that is too large")
    return bytes(read)


@asynccontextmanager
async def _reached() -> AsyncIterator[None]:
    """No fault goes further as itself: its words may hold the token, a number, or what was said."""
    try:
        async with asyncio.timeout(SLOWEST):
            yield
    except WhatsAppError as fault:
        raise fault_of(fault.code) from None
    except TimeoutError:
        raise SendLater(SOON, "no answer in time") from None
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        OSError,
        ValueError,
        LookupError,
        TypeError,
    ) as fault:
        raise SendLater(SOON, type(fault).__name__) from None
