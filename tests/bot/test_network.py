import asyncio
import socket
from contextlib import suppress

import pytest

from tests.support.network import OutsideCall, is_here, only_this_machine

Failed = pytest.fail.Exception


def test_a_connection_to_another_machine_is_refused_and_fails_the_test_by_name():
    with pytest.raises(Failed, match=r"192\.0\.2\.1"), only_this_machine():
        with socket.socket() as caller, pytest.raises(OutsideCall):
            caller.connect(("192.0.2.1", 443))


def test_a_look_up_is_refused_even_where_the_code_under_test_swallows_the_error():
    with pytest.raises(Failed, match=r"api\.example\.org"), only_this_machine():
        with suppress(OSError):
            socket.create_connection(("api.example.org", 443))


async def test_asyncio_is_watched_too():
    with pytest.raises(Failed, match=r"198\.51\.100\.7, example\.org"), only_this_machine():
        for host in ("198.51.100.7", "example.org"):
            with pytest.raises(OutsideCall):
                await asyncio.open_connection(host, 80)


async def test_this_machine_may_be_called():
    server = await asyncio.start_server(lambda _, writer: writer.close(), "localhost", 0)
    async with server:
        host, port = server.sockets[0].getsockname()[:2]
        reader, writer = await asyncio.open_connection(host, port)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("host", [None, "", "localhost", "127.0.0.1", "127.8.9.1", "::1", b"::1"])
def test_here(host):
    assert is_here(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "::2", "localhost.example.org", b"8.8.8.8"])
def test_elsewhere(host):
    assert not is_here(host)
