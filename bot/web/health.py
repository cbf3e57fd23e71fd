"""Whether events are answered and the database can be written, as /health tells it."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storage.database import leases

LIMIT = 3  # seconds in which a row must be written
EVERY = 5  # seconds for which an answer holds: whoever asks more often costs no more
UNWRITTEN = "the database cannot be written"  # why, only the log says: anybody may ask here


class Health:
    """Used in one loop. `waits`: what is wrong with the events that wait (`bot.core.queue_watch`),
    "" where
    nothing is. `monotonic` gives seconds that only rise."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], int],
        waits: Callable[[], str] = str,
        monotonic: Callable[[], float] = time.monotonic,
        limit: float = LIMIT,
    ) -> None:
        self._engine, self._clock, self._waits = engine, clock, waits
        self._monotonic, self._limit = monotonic, limit
        # A thread of its own: the others may all hang in the database.
        self._threads = ThreadPoolExecutor(1, "health")
        self._writing: Future[str] | None = None
        self._found, self._until = "", float("-inf")

    async def fault(self) -> str:
        """What is wrong, "" where all is well."""
        if waits := self._waits():
            return waits
        if self._monotonic() >= self._until:
            self._found = await self._wrong()
            self._until = self._monotonic() + EVERY
        return self._found

    async def _wrong(self) -> str:
        if self._writing is None:
            self._writing = self._threads.submit(self._write)
        done, _ = await asyncio.wait([asyncio.wrap_future(self._writing)], timeout=self._limit)
        if not done:
            return UNWRITTEN
        self._writing = None
        return done.pop().result()

    def _write(self) -> str:
        try:
            with self._engine.begin() as connection:
                leases.hold(connection, "health", "health", self._clock(), EVERY)
        except DBAPIError:
            return UNWRITTEN
        return ""
