"""One call of Telegram's Bot API, by whichever library: what it takes, brings back and may raise.

The two libraries differ in how a request is built and carried; what its answer means is read here,
once, so that neither can read it otherwise.
"""

from collections.abc import AsyncIterator
from typing import Any, Protocol

import msgspec

LARGEST = 20_000_000  # bytes of a file that the Bot API lets a bot fetch
SLOWEST = 20  # seconds a call may take: whoever taps has given up by then
CONNECTIONS = 100  # at most, to one Bot API server


class Wire(Protocol):
    """One bot at one Bot API server. Both methods raise `Fault`s, and nothing else."""

    async def call(
        self, method: str, fields: dict[str, Any], timeout: float | None = None
    ) -> msgspec.Raw:
        """The result of one method, such as sendMessage, as raw JSON."""

    async def send_photo(
        self, chat: int | str, jpeg: bytes, caption: str, keyboard: dict[str, Any]
    ) -> None:
        """`keyboard`: a `reply_markup`, or nothing."""

    async def send_document(
        self, chat: int | str, name: str, content: bytes, caption: str
    ) -> None: ...

    async def download(self, file: str) -> bytes:
        """The content of a file that somebody sent, by its id; at most `LARGEST`."""

    async def close(self) -> None: ...


class Fault(Exception):
    """A call that brought no result. Its words never hold the address, and so the token."""


class RetryAfter(Fault):
    """429: leave this chat alone for some seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"429, retry after {seconds} s")
        self.seconds = seconds


class BadRequest(Fault):
    """400, in Telegram's words."""


class Unauthorized(Fault):
    """401 or 404: no such token."""


class Forbidden(Fault):
    """403: blocked, or gone."""


class Conflict(Fault):
    """409: another process asks for updates, or a webhook is set."""


class Unreachable(Fault):
    """No answer, or none that says anything: it may go better soon."""


class _Parameters(msgspec.Struct):
    retry_after: int = 0


class _Answer(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: int = 0
    description: str = ""
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


_KINDS = {400: BadRequest, 401: Unauthorized, 403: Forbidden, 404: Unauthorized, 409: Conflict}
_decode = msgspec.json.Decoder(_Answer).decode


def result(answer: bytes) -> msgspec.Raw:
    """What an answer of the Bot API brings. Raises Fault.

    https://core.telegram.org/bots/api#making-requests
    """
    try:
        read = _decode(answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreachable("an answer that is none of the Bot API") from None
    if read.ok:
        return read.result
    if read.parameters.retry_after:
        raise RetryAfter(read.parameters.retry_after)
    raise _KINDS.get(read.error_code, Unreachable)(read.description or f"error {read.error_code}")


class _File(msgspec.Struct):
    file_path: str
    file_size: int = 0


def path_of(found: msgspec.Raw) -> str:
    """Where the file is that getFile found. Raises Fault."""
    try:
        file = msgspec.json.decode(found, type=_File)
    except msgspec.DecodeError:
        raise Unreachable("no file of the Bot API") from None
    if file.file_size > LARGEST:
        raise BadRequest("a file that is too large")
    return file.file_path


async def whole(status: int, content: AsyncIterator[bytes]) -> bytes:
    """A file as its server sends it, whatever size it said before. Raises Fault."""
    if status != 200:
        raise Unreachable(f"status {status}")
    read = bytearray()
    async for part in content:
        read += part
        if len(read) > LARGEST:
            raise BadRequest("a file that is too large")
    return bytes(read)
