"""Slow connections: half-open, dripping, not read, too many. `/health` answers beside all of them.

Limits come in as arguments, and what is awaited is the end of a connection, not a time.
"""

import asyncio
import logging
import os
import resource
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.web.app import watched
from bot.web.listening import listen
from bot.web.serving import Limits, connections, server

PATIENCE = 60  # seconds after which a connection counts as held for ever
HEALTH = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
LARGE = 8_000_000  # bytes of an answer: more than the system holds for whoever does not read

Reach = Callable[[], "asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]"]


async def large(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x" * LARGE})


async def reading(scope: Any, receive: Any, send: Any) -> None:
    """Reads all of a request, as the webhook does."""
    while (await receive()).get("more_body"):
        pass


@asynccontextmanager
async def web(limits: Limits, app: Any = None) -> AsyncIterator[Reach]:
    listening = listen("127.0.0.1", 0)
    address = listening.getsockname()
    running = server(app or watched(), 1, limits)
    serving = asyncio.create_task(running.serve([listening]))
    opened = []

    async def reach() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(*address)
        opened.append(writer)
        return reader, writer

    try:
        yield reach  # type: ignore[misc]
    finally:
        for writer in opened:
            writer.transport.abort()
        running.should_exit = True
        await serving


async def ended(reader: asyncio.StreamReader) -> bool:
    """Whether the other side closes it."""
    try:
        async with asyncio.timeout(PATIENCE):
            await reader.read()
    except ConnectionError:
        return True
    return True


async def is_well(reach: Reach) -> bool:
    reader, writer = await reach()
    writer.write(HEALTH)
    async with asyncio.timeout(PATIENCE):
        return (await reader.readline()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("begun", [b"", b"GET", HALF, HALF + b"\r\nabc"], ids=len)
async def test_a_request_that_is_not_whole_in_time_is_closed(begun, caplog):
    async with web(Limits(10, whole=0.2), reading) as reach:
        reader, writer = await reach()
        writer.write(begun)
        assert await ended(reader)
    assert "no whole request in 0.2 s" in caplog.text


async def test_dripping_wins_no_time():
    async with web(Limits(10, whole=0.2)) as reach:
        reader, writer = await reach()
        writer.write(HALF)
        over = asyncio.create_task(ended(reader))
        while not over.done():  # a header line that never ends
            writer.write(b"x")
            await asyncio.sleep(0.01)
        assert await over


async def test_the_time_begins_anew_with_each_request_of_a_connection():
    """The first leaves it as if it had just been opened; the second is half, and is closed."""
    async with web(Limits(10, whole=2)) as reach:
        reader, writer = await reach()
        for _ in range(3):
            writer.write(HEALTH)
            assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
        writer.write(HEALTH + HALF)
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
        assert await ended(reader)


async def test_an_answer_that_nobody_reads_is_cut_off(caplog):
    async with web(Limits(10, whole=0.2), large) as reach:
        reader, writer = await reach()
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(HEALTH)
        async with asyncio.timeout(PATIENCE):
            while "its answer is not read" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        writer.transport.resume_reading()  # type: ignore[attr-defined]
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(LARGE)


async def test_whoever_reads_slowly_but_reads_gets_all_of_it():
    async with web(Limits(10, whole=30), large) as reach:
        reader, writer = await reach()
        writer.write(HEALTH)
        got = 0
        while got < LARGE:
            got += len(await reader.read(65_536))
            await asyncio.sleep(0)


async def test_who_kept_us_waiting_longest_makes_room(caplog):
    async with web(Limits(3)) as reach:
        held = [await reach() for _ in range(3)]
        for _, writer in held:
            writer.write(HALF)
        assert await is_well(reach)
        assert await ended(held[0][0])
        assert not held[2][0].at_eof()
        assert await is_well(reach)
        assert await ended(held[1][0])
    assert "makes room" in caplog.text


async def test_what_is_at_work_is_not_put_out(caplog):
    """Two are at work: a third is refused, and they are answered."""
    free, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def working(scope: Any, receive: Any, send: Any) -> None:
        begun.release()
        await free.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"}"})

    async with web(Limits(2), working) as reach:
        held = [await reach() for _ in range(2)]
        for _, writer in held:
            writer.write(HEALTH)
        async with asyncio.timeout(PATIENCE):
            await begun.acquire()
            await begun.acquire()
        third, _ = await reach()
        assert await ended(third)
        assert "refused: 2 are at work" in caplog.text
        free.set()
        for reader, _ in held:
            assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")


def test_connections_are_half_of_the_descriptors():
    assert [connections(each) for each in (64, 256, 1024, 65_536, resource.RLIM_INFINITY)] == [
        32, 128, 500, 500, 500,
    ]  # fmt: skip


HOLD = """
import asyncio, os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
from bot import logs
from bot.web.listening import listen
from bot.web.serving import server
from bot.web.app import watched
logs.begin([])
listening = listen("127.0.0.1", 0)
print(listening.getsockname()[1], flush=True)
asyncio.run(server(watched(), 1).serve([listening]))
"""


def test_700_half_open_requests_leave_health_and_the_log_alone(tmp_path):
    """Of a process that may have 100 descriptors; before, none of them were left."""
    said = tmp_path / "said"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD], stdout=subprocess.PIPE, stderr=output, cwd=os.getcwd()
        )
    held = []
    try:
        assert process.stdout is not None
        address = ("127.0.0.1", int(process.stdout.readline()))
        for _ in range(700):
            half = socket.create_connection(address, PATIENCE)
            half.sendall(HALF)
            held.append(half)
        for _ in range(10):
            with socket.create_connection(address, PATIENCE) as asking:
                asking.sendall(HEALTH)
                assert asking.recv(100).startswith(b"HTTP/1.1 200")
        assert len(os.listdir(f"/proc/{process.pid}/fd")) < 100
    finally:
        for half in held:
            half.close()
        process.terminate()
        process.communicate()
    lines = said.read_text().splitlines()
    assert any("makes room" in line for line in lines)
    assert not any("out of system resource" in line for line in lines)
    assert len(lines) < 30, lines[:40]


async def test_a_stop_waits_for_no_half_request():
    async with web(Limits(10, whole=PATIENCE)) as reach:
        _, writer = await reach()
        writer.write(HALF)
        assert await is_well(reach)


@pytest.fixture(autouse=True)
def _warnings_are_heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
