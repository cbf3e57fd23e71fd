"""Whether the database can be written, as /health tells it."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storage import leases
from storage.database import reason

LIMIT = 3  # seconds in which a row must be written
EVERY = 5  # seconds for which an answer holds: whoever asks more often costs no more


class Health:
    """`monotonic` gives seconds that only rise."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], int],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._clock, self._monotonic = engine, clock, monotonic
        self._threads = ThreadPoolExecutor(1, "health")
        self._guard = Lock()
        self._writing: Future[str] | None = None
        self._found, self._until = "", float("-inf")

    def fault(self) -> str:
        """Why the database cannot be written just now, "" where it can."""
        with self._guard:
            if self._monotonic() < self._until:
                return self._found
            if self._writing is None:
                self._writing = self._threads.submit(self._write)
            try:
                self._found = self._writing.result(LIMIT)
                self._writing = None
            except TooLate:
                self._found = f"a row was not written within {LIMIT} s"
            self._until = self._monotonic() + EVERY
            return self._found

    def _write(self) -> str:
        try:
            with self._engine.begin() as connection:
                leases.hold(connection, "health", "health", self._clock(), EVERY)
        except DBAPIError as fault:
            return reason(fault)
        return ""
