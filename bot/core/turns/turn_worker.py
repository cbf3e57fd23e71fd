"""Every event of every channel, kept before it is answered.

`await turns.do(address, event)` is the whole asynchronous side. Behind it one worker thread takes
what is queued, one event per person and up to 64, loads all with one SELECT, advances each, saves
all with one executemany, commits, and only then answers: the busier, the cheaper.

What a batch cannot save is replayed one turn at a time. A turn that meets another process (its
revision is no longer the one read) or loses its connection begins again from the load, five times
at most. A failing COMMIT fails every turn of its batch: nobody knows what was kept, and the
platform sends them again. So does a database that lets no transaction begin, and a row that another
process keeps locked fails its own event only.

What takes long is put off (`bot.core.turns.deferred_work`), and an event that ends the process is
passed over in the end (`bot.core.turns.poison_events`).
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import RootTransaction
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from bot.core.links import NOWHERE, Links
from bot.core.turns import deferred_work
from bot.core.turns.job import Away, Job, NotKept, Unkeepable, answer
from bot.core.turns.outcome import Outcome
from bot.core.turns.poison_events import BegunEvents
from bot.core.turns.seen_events import take
from bot.core.turns.turn_context import Forms, Made, NotReady, SourceOf, TurnContext, anybodys_own
from bot.core.watch import metrics
from bot.core.watch.outage import Outage
from bot.dialogues import DIALOGUES
from flows.engine.capabilities import Capabilities
from flows.engine.events import PersonEvent
from flows.engine.screen import Screen
from storage.chat import conversations
from storage.chat.conversations import Conflict, Kept
from storage.database.connect import reason
from storage.database.postgres import is_in_the_way
from storage.finding.directory import Directory
from storage.vault import Random, Vault

BATCH = 64
TRIES = 5
# Another process was first, a deadlock was resolved, a connection was lost: nothing was kept.
PASSING = (Conflict, IntegrityError, InterfaceError, OperationalError)

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Turns:
    """Call `start` before and `stop` after; `stop` finishes what is queued. `name` is this
    process's own, `timer` rises by seconds."""

    engine: Engine
    vault: Vault
    random: Random
    links: Links = NOWHERE  # into the chat
    web: str = ""  # where the web is reached
    forms: Forms = field(default_factory=lambda: Forms(DIALOGUES))
    name: str = ""
    timer: Callable[[], float] = time.monotonic
    directory: Directory = field(default_factory=Directory)
    source: SourceOf = anybodys_own
    queue: "SimpleQueue[Job | None]" = field(default_factory=SimpleQueue)
    thread: Thread | None = None
    outage: Outage = field(default_factory=Outage)
    connection: Connection | None = None  # the thread's own, kept open
    channels: Mapping[str, Capabilities] = field(default_factory=dict)  # by their names
    since: dict[int, float] = field(default_factory=dict)  # when each that waits was queued
    begun: BegunEvents = field(init=False)

    def __post_init__(self) -> None:
        self.begun = BegunEvents(self.engine, self.name, self.timer)

    def start(self) -> None:
        self.directory.start(self.engine)
        self.begun.start()
        self.thread = Thread(target=self._work, name="turns", daemon=True)
        self.thread.start()

    def stop(self, patience: float | None = None) -> None:
        """Waits so many seconds at most. What is not settled by then was not confirmed either: the
        platform sends it again."""
        self.queue.put(None)
        if self.thread is None:
            return
        self.thread.join(patience)
        if self.thread.is_alive():
            log.error("a turn does not end; it is given up, the platform sends it again")
            return
        self.begun.stop()

    async def do(self, address: str, event: PersonEvent, made: Made | None = None) -> Screen:
        """The screen to show, once the event is committed. Raises NotKept."""
        future = asyncio.get_running_loop().create_future()
        self.since[id(future)] = begun = self.timer()
        try:
            self.queue.put(Job(address, event, future, made or {}))
            return await future
        finally:
            del self.since[id(future)]
            metrics.KEEP.observe(self.timer() - begun)

    def is_alive(self) -> bool:
        return self.thread is None or self.thread.is_alive()

    def waited(self) -> float:
        """Seconds since the oldest of the events was queued that are not settled yet. Of the loop
        in which they are awaited."""
        now = self.timer()
        return now - next(iter(self.since.values()), now)

    def _work(self) -> None:
        waiting: list[Job] = []
        stopping = False
        while not stopping and (job := self.queue.get()) is not None:
            waiting.append(job)
            while waiting:
                stopping = stopping or self._drain(waiting)
                batch, waiting = _one_each(waiting)
                self.begun.hold(batch, self._settle)
        self._hang_up()

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

    def _settle(self, batch: list[Job]) -> None:
        begun = time.perf_counter()
        results = self._results(batch)
        metrics.BATCH.observe(len(batch))
        metrics.TURN.observe(time.perf_counter() - begun)
        answer(batch, results)

    def _results(self, batch: list[Job]) -> Sequence[Screen | NotKept]:
        try:
            return self._commit(batch)
        except NotKept as fault:
            return [NotKept(str(fault)) for _ in batch]
        except Exception as fault:
            if not isinstance(fault, Conflict):
                log.warning("a batch of %d is replayed: %s", len(batch), _reason(fault))
            return self._replayed(batch)

    def _replayed(self, batch: list[Job]) -> list[Screen | NotKept]:
        """One at a time. Where none can begin, the rest need not wait to find it out too."""
        results: list[Screen | NotKept] = []
        for job in batch:
            is_away = bool(results) and isinstance(results[-1], Away)
            results.append(Away(str(results[-1])) if is_away else self._alone(job))
        return results

    def _alone(self, job: Job) -> Screen | NotKept:
        fault: Exception = Conflict()
        for _ in range(TRIES):
            try:
                return self._commit([job])[0]
            except NotKept as refused:
                return refused
            except PASSING as passing:
                fault = passing
                if is_in_the_way(getattr(fault, "orig", None)):
                    log.warning("an event is refused for now: %s", _reason(fault))
                    return NotKept(_reason(fault))
            except Exception as other:
                fault = other
                break
        # The traceback shows code, never an answer: the engine keeps values out of its errors.
        log.error("a turn failed", exc_info=fault)
        failed = isinstance(fault, Conflict | InterfaceError | OperationalError)
        return (NotKept if failed else Unkeepable)(type(fault).__name__)

    def _commit(self, batch: list[Job]) -> list[Screen]:
        transaction = self._begin()
        try:
            outcomes = self._take_all(transaction.connection, batch)
        except BaseException:
            transaction.rollback()
            raise
        try:
            transaction.commit()
        except DBAPIError as fault:
            log.error("COMMIT failed: %s", _reason(fault))
            transaction.close()
            self._hang_up()
            raise NotKept("COMMIT failed") from fault
        self.outage.worked()
        return [outcome.screen for outcome in outcomes]

    def _begin(self) -> RootTransaction:
        """Raises Away where none can begin: to try at once for each turn would wait for each."""
        try:
            if self.connection is None:
                self.connection = self.engine.connect()
            return self.connection.begin()
        except DBAPIError as fault:
            self.outage.failed(fault)
            self._hang_up()
            raise Away("no transaction can begin") from fault

    def _hang_up(self) -> None:
        """Begin the next turn on another connection: what is left on this one is rolled back."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def context(self, connection: Connection, made: Made) -> TurnContext:
        return TurnContext(
            connection,
            self.vault,
            self.forms,
            self.random,
            self.links,
            self.web,
            source=self.source,
            directory=self.directory,
            made=made,
            channels=self.channels,
        )

    def _take_all(self, connection: Connection, batch: list[Job]) -> list[Outcome]:
        addresses = [job.address for job in batch]
        context = self.context(connection, {}).but(together=addresses)
        found = conversations.load(connection, addresses)
        outcomes = [_taken(context, found[job.address], job) for job in batch]
        deferred_work.keep(connection, outcomes)
        return outcomes


def _taken(context: TurnContext, kept: Sequence[Kept], job: Job) -> Outcome:
    given = context.but(made=job.made) if job.made else context
    turn = given.turn(job.address, job.event)
    try:
        return take(turn, kept, job.event)
    except NotReady:
        return deferred_work.put_off(turn, kept, job.event)


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


def _reason(fault: BaseException) -> str:
    """Of the database in its driver's words, which our engines keep values out of; of ours only
    what kind it is."""
    return reason(fault) if isinstance(fault, DBAPIError) else type(fault).__name__
