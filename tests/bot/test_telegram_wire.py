"""The one call of the Bot API: what an answer means, and what either library makes of none."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram import wire
from bot.channels.telegram.platform import open_wire
from bot.channels.telegram.wire import Wire, result
from tests.support.talking_bot import LIBRARIES
from tests.support.telegram_server import Telegram
from tests.support.waiting import until

# As the Bot API words them: https://core.telegram.org/bots/api#making-requests
REFUSED = {
    b'{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}': (
        wire.BadRequest,
        "Bad Request: chat not found",
    ),
    b'{"ok":false,"error_code":401,"description":"Unauthorized"}': (
        wire.Unauthorized,
        "Unauthorized",
    ),
    b'{"ok":false,"error_code":403,"description":"Forbidden: user is deactivated"}': (
        wire.Forbidden,
        "Forbidden: user is deactivated",
    ),
    b'{"ok":false,"error_code":404,"description":"Not Found"}': (wire.Unauthorized, "Not Found"),
    b'{"ok":false,"error_code":409,"description":"Conflict: terminated by other"}': (
        wire.Conflict,
        "Conflict: terminated by other",
    ),
    b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35",'
    b'"parameters":{"retry_after":35}}': (wire.RetryAfter, "429, retry after 35 s"),
    b'{"ok":false,"error_code":500,"description":"Internal Server Error"}': (
        wire.Unreachable,
        "Internal Server Error",
    ),
    b'{"ok":false,"error_code":400}': (wire.BadRequest, "error 400"),
}
MEANINGLESS = [b"", b"<html>502 Bad Gateway</html>", b"[]", b"{}", b'{"ok":"yes"}', b'"\xff"']


@pytest.fixture(params=LIBRARIES)
async def here(request, telegram: Telegram) -> AsyncIterator[Wire]:
    here = open_wire(request.param, telegram.token, telegram.url)
    yield here
    await here.close()


def test_what_an_answer_brings():
    assert bytes(result(b'{"ok":true,"result":[{"update_id":1}]}')) == b'[{"update_id":1}]'
    assert bytes(result(b'{"ok":true,"result":true,"description":"Webhook was set"}')) == b"true"


@pytest.mark.parametrize("answer", REFUSED)
def test_what_an_answer_refuses(answer):
    kind, words = REFUSED[answer]
    with pytest.raises(wire.Fault) as refused:
        result(answer)
    assert (type(refused.value), str(refused.value)) == (kind, words)


@pytest.mark.parametrize("answer", MEANINGLESS)
def test_what_is_no_answer(answer):
    with pytest.raises(wire.Unreachable, match="none of the Bot API"):
        result(answer)


async def test_a_refused_call(telegram, here):
    telegram.refuse("getMe", 429, retry_after=35)
    with pytest.raises(wire.RetryAfter) as later:
        await here.call("getMe", {})
    assert later.value.seconds == 35
    for status, kind in ((403, wire.Forbidden), (404, wire.Unauthorized), (500, wire.Unreachable)):
        telegram.refuse("getMe", status)
        with pytest.raises(kind):
            await here.call("getMe", {})
    assert b"skm_uji_bot" in bytes(await here.call("getMe", {}))


async def test_a_call_that_is_not_answered(telegram, here):
    telegram.drop("getMe")
    with pytest.raises(wire.Unreachable, match=r"Disconnected|ProtocolError|ReadError"):
        await here.call("getMe", {})
    telegram.hold("getMe")
    with pytest.raises(wire.Unreachable, match="no answer in time"):
        await here.call("getMe", {}, 0.1)


async def test_a_file_that_somebody_sent(telegram, here):
    telegram.front.files["file-1"] = content = bytes(range(256)) * 9_000
    assert await here.download("file-1") == content
    with pytest.raises(wire.BadRequest, match="invalid file_id"):
        await here.download("file-2")
    telegram.refuse("getFile", 500)
    with pytest.raises(wire.Unreachable):
        await here.download("file-1")
    telegram.front.files["gone"] = telegram.front.files.pop("file-1")
    with pytest.raises(wire.BadRequest):
        await here.download("file-1")


async def test_a_file_that_is_longer_than_its_server_said(telegram, here):
    telegram.front.files["long"] = bytes(wire.LARGEST + 1)
    telegram.front.sizes["long"] = 1_000
    with pytest.raises(wire.BadRequest, match="too large"):
        await here.download("long")


async def test_a_document_that_is_sent(telegram, here):
    rini = telegram.citizen()
    await here.send_document(rini.id, "poster.pdf", b"%PDF-1.7", "Poster")
    assert [(m.text, m.file) for m in rini.messages] == [("Poster", b"%PDF-1.7")]


async def test_a_picture_that_is_sent_with_its_buttons(telegram, here):
    rini = telegram.citizen()
    buttons = {"inline_keyboard": [[{"text": "Buka", "callback_data": "x"}]]}
    await here.send_photo(rini.id, b"JPEG", "IKM é", {"reply_markup": buttons})
    (message,) = rini.messages
    assert (message.text, message.file) == ("IKM é", b"JPEG")
    assert [button.label for button in message.buttons] == ["Buka"]


async def test_a_call_to_nobody_does_not_name_the_token():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for library in LIBRARIES:
        here = open_wire(library, "7:TOKEN", f"http://127.0.0.1:{port}")
        with pytest.raises(wire.Unreachable) as fault:
            await here.call("getMe", {})
        assert str(fault.value) in ("ClientConnectorError", "ConnectError")
        await here.close()


async def test_more_calls_at_once_than_there_are_connections(telegram, here):
    release = telegram.hold("getMe", times=wire.CONNECTIONS)
    calls = asyncio.gather(*(here.call("getMe", {}) for _ in range(wire.CONNECTIONS + 20)))
    await until(lambda: not telegram.front.faults.coming)
    release()
    assert len(await calls) == wire.CONNECTIONS + 20


@pytest.mark.parametrize("library", LIBRARIES)
async def test_a_host_that_no_name_can_be_is_not_reached(library, monkeypatch):
    """Python refuses such a name with a ValueError, as of a part that is longer than 63 letters."""

    def unfit(host: object, *rest: object, **named: object) -> None:
        raise UnicodeError("label empty or too long")

    monkeypatch.setattr(socket, "getaddrinfo", unfit)
    opened = open_wire(library, "7:AA", "http://a..example")
    with pytest.raises(wire.Unreachable):
        await opened.call("getMe", {})
    await opened.close()
