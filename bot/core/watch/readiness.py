"""Whether this process can do its work, check by check: /ready, and the figures of /metrics.

What is found holds for some seconds: whoever asks more often costs no more. What it says names no
address, no path and no person; why the database cannot be written, only the log says.
"""

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.core.watch import metrics
from bot.core.watch.hearing import Hearing
from storage.chat import conversations, outbox
from storage.database import database_url, leases
from storage.index import tallies

LIMIT = 3  # seconds in which a row must be written
EVERY = 5  # seconds for which what was found holds
MB = 1_000_000
REPLY, BULK, ANSWER = 120, 1_800, 900  # seconds that each may wait
UNWRITTEN = "the database cannot be written"


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the database holds that is still to be done; ages in seconds."""

    open: int  # conversations
    unsent: Sequence[outbox.Unsent]
    unfolded: int
    unfolded_age: int

    def outbox_fault(self) -> str:
        late = [each for each in self.unsent if each.due > (REPLY if each.is_reply else BULK)]
        if not late:
            return ""
        number, due = sum(each.number for each in late), max(each.due for each in late)
        return (
            f"{number} messages are due and not sent, the oldest for {due} s: is anybody working?"
        )

    def answers_fault(self) -> str:
        if self.unfolded_age <= ANSWER:
            return ""
        return (
            f"{self.unfolded} answers are in no index yet, the oldest since {self.unfolded_age} s: "
            "is anybody working?"
        )


def backlog(connection: Connection, at: int) -> Backlog:
    unfolded, oldest = tallies.unfolded(connection)
    return Backlog(
        conversations.number_open(connection),
        outbox.unsent(connection, at),
        unfolded,
        max(0, at - oldest) if oldest is not None else 0,
    )


def places(database: str, state: str) -> list[Path]:
    """Folders in which skm writes, by its settings."""
    file = database_url.database_file(database)
    found = [file.absolute().parent] if file is not None else []
    return [*found, Path(state).absolute()] if state or file is None else found


def free(places: Sequence[Path]) -> int | None:
    """Bytes that are free where skm writes, the least of all; None where nobody can say."""
    found = []
    for place in places:
        try:
            found.append(shutil.disk_usage(place).free)
        except OSError:
            continue
    return min(found, default=None)


def disk_fault(bytes_free: int | None, limit: int) -> str:
    """`limit`: MB."""
    if bytes_free is None or bytes_free >= limit * MB:
        return ""
    return f"only {bytes_free // MB} MB are free on the disk, less than {limit} MB"


def nothing() -> str:
    return ""


@dataclass(slots=True)
class Readiness:
    """Used in one loop. `places`: folders in which skm writes, with at least `disk` MB free.
    `hearings`: by channel. `waits`: what is wrong with the events that wait. `works`: whether this
    process sends and folds. `monotonic` gives seconds that only rise."""

    engine: Engine
    clock: Callable[[], int]
    places: Sequence[Path] = ()
    disk: int = 0
    hearings: Mapping[str, Hearing] = field(default_factory=dict)
    waits: Callable[[], str] = nothing
    works: bool = True
    monotonic: Callable[[], float] = time.monotonic
    limit: float = LIMIT
    # A thread of its own: the others may all hang in the database.
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "ready"))
    _asking: "Future[Backlog | None] | None" = None
    _found: Backlog | None = None
    _free: int | None = None
    _until: float = float("-inf")

    async def checks(self) -> dict[str, str]:
        """What is wrong, by check; "" where it is well. Sets the figures of /metrics."""
        if self.monotonic() >= self._until:
            self._found = await self._ask()
            self._until = self.monotonic() + EVERY
        found = self._found
        checks = {
            "database": "" if found else UNWRITTEN,
            "disk": disk_fault(self._free, self.disk),
            "events": self.waits(),
        }
        checks |= {name: hearing.fault() for name, hearing in self.hearings.items()}
        if found and self.works:
            checks |= {"outbox": found.outbox_fault(), "answers": found.answers_fault()}
        self._show(checks)
        return checks

    async def _ask(self) -> Backlog | None:
        """None where the database is not written in time."""
        if self._asking is None:
            self._asking = self._threads.submit(self._written)
        done, _ = await asyncio.wait([asyncio.wrap_future(self._asking)], timeout=self.limit)
        if not done:
            return None
        self._asking = None
        return done.pop().result()

    def _written(self) -> Backlog | None:
        self._free = free(self.places)
        try:
            with self.engine.begin() as connection:
                leases.hold(connection, "health", "health", self.clock(), EVERY)
            with self.engine.connect().execution_options(reads=True) as connection:
                return backlog(connection, self.clock())
        except DBAPIError:
            return None

    def _show(self, checks: Mapping[str, str]) -> None:
        metrics.by_label(metrics.READY, {name: not fault for name, fault in checks.items()})
        if self._free is not None:
            metrics.DISK_FREE.set(self._free)
        ages = {name: hearing.age() for name, hearing in self.hearings.items()}
        heard = {name: age for name, age in ages.items() if age is not None}
        metrics.by_label(metrics.HEARD, heard)
        if self._found:
            _show(self._found)


def _show(found: Backlog) -> None:
    numbers: Counter[str] = Counter()
    ages: dict[str, int] = {}
    for each in found.unsent:
        numbers[each.kind] += each.number
        ages[each.kind] = max(each.age, ages.get(each.kind, 0))
    metrics.by_label(metrics.WAITING, numbers)
    metrics.by_label(metrics.WAITED, ages)
    metrics.OPEN.set(found.open)
    metrics.UNFOLDED.set(found.unfolded)
    metrics.FOLD_LAG.set(found.unfolded_age)
