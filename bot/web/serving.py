"""The web server: uvicorn, and the limits that it has not.

uvicorn bounds a request's headers and an idle connection, but waits for ever for the rest of a
request and for whoever does not read; its own bound on connections is asked only once a request is
whole. Here a request is whole in time or its connection is closed, an answer goes on being read or
is cut off, and there are never more connections than half of the descriptors: the rest is for the
database and for what is sent. Where all are taken, the one that has kept us waiting longest makes
room for a newcomer, so that half-open connections keep nobody out (docs/decisions).
"""

import asyncio
import logging
import resource
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.web.listening import BACKLOG

MOST = 500  # connections at once; Telegram asks for at most 100
TAKEN_AT_ONCE = 4  # … between two looks at how many there are

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and connections. `progress`: so much of an answer is read in `whole`."""

    connections: int
    whole: float = 10
    progress: int = 10_000


def connections(descriptors: int) -> int:
    """How many connections a process may have that is allowed so many descriptors."""
    return MOST if descriptors == resource.RLIM_INFINITY else min(MOST, descriptors // 2)


def server(app: Any, stopping: int, limits: Limits | None = None) -> "Server":
    """`stopping`: seconds that a stop waits for requests under way."""
    if limits is None:
        limits = Limits(connections(resource.getrlimit(resource.RLIMIT_NOFILE)[0]))
    waiting: dict[Connection, None] = {}
    return Server(
        uvicorn.Config(
            app,
            http=partial(Connection, limits=limits, waiting=waiting),  # type: ignore[arg-type]
            ws="none",
            lifespan="off",
            proxy_headers=False,  # no header says who somebody is
            server_header=False,
            log_config=None,  # uvicorn's own handlers would pass by ours
            log_level="warning",
            access_log=False,
            backlog=TAKEN_AT_ONCE,
            timeout_graceful_shutdown=stopping,
        )
    )


class Server(uvicorn.Server):
    """Leaves signals to whoever runs it: the web is one part among others."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(BACKLOG)  # asyncio has set it to what it takes at once


class Connection(H11Protocol):
    """`waiting`: all connections whose peer has to send or to read, longest first."""

    def __init__(
        self, *given: Any, limits: Limits, waiting: "dict[Connection, None]", **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self._limits, self._waiting = limits, waiting
        self._request: asyncio.TimerHandle | None = None  # runs while a request is not whole
        self._answer: asyncio.TimerHandle | None = None  # runs while an answer is not read

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(0)  # pause_writing tells of every byte that is not read
        if len(self.connections) > self._limits.connections:
            self._make_room()
        if self in self.connections:
            self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._let_go()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.timeout_keep_alive_task is not None:  # the first bytes of another request
            self._request_is_whole()
        super().data_received(data)

    def handle_events(self) -> None:
        super().handle_events()
        if self.transport.is_closing():
            return
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._await_request()
        else:
            self._request_is_whole()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self not in self.connections:
            return
        self._waiting.setdefault(self)
        self._await_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_answer()
        self._settle()

    def _await_request(self) -> None:
        if self._request is None:
            self._waiting.setdefault(self)
            self._request = self.loop.call_later(self._limits.whole, self._too_late)

    def _request_is_whole(self) -> None:
        self._stop_request()
        self._settle()

    def _await_reading(self) -> None:
        unread = self.transport.get_write_buffer_size()
        look: Callable[[int], None] = self._look_at_reading
        self._answer = self.loop.call_later(self._limits.whole, look, unread)

    def _look_at_reading(self, before: int) -> None:
        if self.transport.get_write_buffer_size() > before - self._limits.progress:
            log.warning("a connection is closed: its answer is not read")
            self._end()
        else:
            self._await_reading()

    def _too_late(self) -> None:
        if self.timeout_keep_alive_task is None:
            log.warning("a connection is closed: no whole request in %g s", self._limits.whole)
        self._end()

    def _make_room(self) -> None:
        longest = next(iter(self._waiting), self)
        if longest is self:
            log.warning("a connection is refused: %d are at work", self._limits.connections)
        else:
            log.warning("a connection that kept us waiting makes room for a new one")
        longest._end()

    def _end(self) -> None:
        """At once: what is closed in order waits until everything is read."""
        self._let_go()
        self.connections.discard(self)
        self.transport.abort()

    def _let_go(self) -> None:
        self._stop_request()
        self._stop_answer()
        self._settle()

    def _stop_request(self) -> None:
        if self._request is not None:
            self._request.cancel()
            self._request = None

    def _stop_answer(self) -> None:
        if self._answer is not None:
            self._answer.cancel()
            self._answer = None

    def _settle(self) -> None:
        if self._request is None and self._answer is None:
            self._waiting.pop(self, None)
