"""How a platform brings its events: 200 only after the commit; anything else has it bring them
again."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.turns.job import NotKept

MOST = 1_000_000  # bytes of an event; a text of some thousand characters is its largest part


def _unsigned(headers: Mapping[str, str], body: bytes) -> bool:
    return True


def webhook(
    path: str,
    admits: Callable[[Mapping[str, str]], bool],
    receive: Callable[[bytes], Awaitable[bytes | None]],
    is_signed: Callable[[Mapping[str, str], bytes], bool] = _unsigned,
    most: int = MOST,
) -> Route:
    """`admits` judges a request by its headers, before its body is read, `is_signed` by both.
    `receive` returns once all is committed, or passed over for good, with JSON that the platform is
    to read, if any; raises NotKept."""

    async def answer(request: Request) -> Response:
        if not admits(request.headers):
            return Response(status_code=403)
        try:
            body = await _body(request, most)
            if body is None:
                return Response(status_code=413)
            if not is_signed(request.headers, body):
                return Response(status_code=403)
            said = await receive(body)
        except (NotKept, ClientDisconnect):
            return Response(status_code=503)
        return Response(said, media_type="application/json" if said else None)

    return Route(path, answer, methods=["POST"])


async def _body(request: Request, most: int) -> bytes | None:
    """None: too long to be an event, whatever its headers say."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            return None
    return bytes(body)
