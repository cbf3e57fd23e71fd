"""Every event of every channel, kept before it is answered.

`await turns.do(address, event)` is the whole asynchronous side. Behind it one worker thread takes
what is queued, one event per person and up to 64, loads all with one SELECT, advances each, saves
all with one executemany, commits, and only then answers: the busier, the cheaper.

What a batch cannot save is replayed one turn at a time. A turn that meets another process (its
revision is no longer the one read) begins again from the load, five times at most. A failing COMMIT
fails every turn of its batch: nobody knows what was kept, and the platform sends them again.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.desk import Desk, Forms
from bot.turn import Outcome, take
from flows.events import PersonEvent
from flows.screen import Screen
from storage import conversations
from storage.conversations import Conflict
from storage.vault import Random, Vault

BATCH = 64
TRIES = 5

log = logging.getLogger(__name__)


class NotKept(Exception):
    """The event could not be kept; nothing of it was. The platform should send it again."""


@dataclass(frozen=True, slots=True)
class Job:
    address: str
    event: PersonEvent
    future: "asyncio.Future[Screen]"


@dataclass(slots=True)
class Turns:
    """Call `start` before and `stop` after; `stop` finishes what is queued."""

    engine: Engine
    vault: Vault
    random: Random
    forms: Forms = field(default_factory=Forms)
    queue: "SimpleQueue[Job | None]" = field(default_factory=SimpleQueue)
    thread: Thread | None = None

    def start(self) -> None:
        self.thread = Thread(target=self._work, name="turns", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.queue.put(None)
        if self.thread:
            self.thread.join()

    async def do(self, address: str, event: PersonEvent) -> Screen:
        """The screen to show, once the event is committed. Raises NotKept."""
        future = asyncio.get_running_loop().create_future()
        self.queue.put(Job(address, event, future))
        return await future

    def _work(self) -> None:
        waiting: list[Job] = []
        with self.engine.connect() as connection:
            while True:
                if not waiting:
                    job = self.queue.get()
                    if job is None:
                        return
                    waiting.append(job)
                stopping = self._drain(waiting)
                while waiting:
                    batch, waiting = _one_each(waiting)
                    self._settle(connection, batch)
                    if not stopping and len(waiting) < BATCH:
                        stopping = self._drain(waiting)
                if stopping:
                    return

    def _drain(self, waiting: list[Job]) -> bool:
        """Take what is queued without waiting; True where the end was met."""
        while len(waiting) < BATCH:
            try:
                job = self.queue.get_nowait()
            except Empty:
                return False
            if job is None:
                return True
            waiting.append(job)
        return False

    def _settle(self, connection: Connection, batch: list[Job]) -> None:
        try:
            results: Sequence[Screen | NotKept] = self._commit(connection, batch)
        except NotKept as fault:
            results = [fault] * len(batch)
        except Exception as fault:
            if not isinstance(fault, Conflict):
                log.warning("a batch of %d is replayed: %s", len(batch), type(fault).__name__)
            results = [self._alone(connection, job) for job in batch]
        pairs = list(zip(batch, results, strict=True))
        for loop in {job.future.get_loop() for job in batch}:
            mine = [pair for pair in pairs if pair[0].future.get_loop() is loop]
            loop.call_soon_threadsafe(_deliver, mine)

    def _alone(self, connection: Connection, job: Job) -> Screen | NotKept:
        for _ in range(TRIES):
            try:
                return self._commit(connection, [job])[0]
            except (Conflict, IntegrityError):
                continue
            except NotKept as fault:
                return fault
            except Exception as fault:
                # The traceback shows code, never an answer: parameters are hidden by the engine.
                log.error("a turn failed", exc_info=fault)
                return NotKept(type(fault).__name__)
        return NotKept("met another process five times")

    def _commit(self, connection: Connection, batch: list[Job]) -> list[Screen]:
        transaction = connection.begin()
        try:
            outcomes = self._take_all(connection, batch)
        except BaseException:
            transaction.rollback()
            raise
        try:
            transaction.commit()
        except DBAPIError as fault:
            log.error("COMMIT failed: %s", type(fault.orig).__name__)
            transaction.close()
            raise NotKept("COMMIT failed") from fault
        return [outcome.screen for outcome in outcomes]

    def _take_all(self, connection: Connection, batch: list[Job]) -> list[Outcome]:
        desk = Desk(connection, self.vault, self.forms, self.random)
        found = conversations.load(connection, [job.address for job in batch])
        outcomes = [take(desk, found[job.address], job.address, job.event) for job in batch]
        conversations.delete_all(connection, [k for o in outcomes for k in o.deleted])
        conversations.save_all(connection, [k for o in outcomes for k in o.saved])
        conversations.insert_all(connection, [k for o in outcomes for k in o.inserted])
        return outcomes


def _one_each(waiting: list[Job]) -> tuple[list[Job], list[Job]]:
    """At most one event per person now, in address order (so that two processes cannot deadlock);
    the rest keep their order."""
    now: dict[str, Job] = {}
    later = []
    for job in waiting:
        if job.address in now or len(now) == BATCH:
            later.append(job)
        else:
            now[job.address] = job
    return [now[address] for address in sorted(now)], later


def _deliver(results: list[tuple[Job, Screen | NotKept]]) -> None:
    for job, result in results:
        if job.future.done():
            continue
        if isinstance(result, NotKept):
            job.future.set_exception(result)
        else:
            job.future.set_result(result)
