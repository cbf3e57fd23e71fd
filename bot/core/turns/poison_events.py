"""An event that ends the process must not do so for ever: it is passed over in the end.

Ordinary taps pay nothing for it. A process writes down that it runs, and takes that back when it
stops; one that finds such a row of another that runs no more knows that it was ended amid its work.
Then, for an hour, what is taken is written down before (one commit a batch) and struck off
afterwards. What was in hand at an end is taken alone from then on, so that nobody else is blamed.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.core.turns.job import Job, NotKept, answer
from bot.core.turns.outcome import sentence
from bot.core.turns.turn import DEFAULT_LANGUAGE
from flows.engine.form import Line
from storage.chat import begun_events
from storage.database.in_use import others

ENDS = 3  # an event that was in hand at so many ends of the process is passed over
CAREFUL = 3_600  # seconds: by then a platform has brought again what was not confirmed

SORRY = sentence(Line("fault"), DEFAULT_LANGUAGE)

log = logging.getLogger(__name__)


@dataclass(slots=True)
class BegunEvents:
    """`name` is this process's own; without one nothing is written down. `timer` rises by
    seconds."""

    engine: Engine
    name: str = ""
    timer: Callable[[], float] = time.monotonic
    until: float = 0.0
    left: list[str] = field(default_factory=list)  # by processes that ended otherwise
    passed_over: int = 0

    def start(self) -> None:
        if not self.name:
            return
        with self.engine.begin() as connection:
            self.left = begun_events.run(connection, self.name, others(connection))
        if self.left:
            self.until = self.timer() + CAREFUL
            log.warning(
                "skm was ended amid its work; what comes in the next hour is written down first, "
                "so that an event that ends it can be passed over"
            )

    def stop(self) -> None:
        """Nothing is in hand any more."""
        if self.name:
            with self.engine.begin() as connection:
                begun_events.ran(connection, self.name)

    def hold(self, batch: list[Job], settle: Callable[[list[Job]], None]) -> None:
        """Settle it; after an end amid work, what is in hand is written down first."""
        try:
            if not self._is_careful():
                settle(batch)
                return
            ends = self._ends([job.key for job in batch])
        except DBAPIError as fault:
            _refuse(batch, fault)
            return
        fresh = [job for job in batch if job.key not in ends]
        for some in (fresh, *([job] for job in batch if job.key in ends)):
            if some:
                self._hold(some, settle, ends.get(some[0].key, 0))

    def _hold(self, some: list[Job], settle: Callable[[list[Job]], None], ends: int) -> None:
        if ends + 1 >= ENDS:  # the first of them was not written down
            self.passed_over += 1
            log.error(
                "an event is passed over: skm was ended %d times amid it (%d such events so far)",
                ENDS, self.passed_over,
            )  # fmt: skip
            answer(some, [SORRY])
            return
        keys = [job.key for job in some]
        try:
            with self.engine.begin() as connection:
                begun_events.begin(connection, keys)
        except DBAPIError as fault:
            _refuse(some, fault)
            return
        settle(some)
        self._strike_off(keys)

    def _is_careful(self) -> bool:
        if self.left and self.timer() >= self.until:
            self._strike_off(self.left)
            self.left = []
        return bool(self.left)

    def _ends(self, keys: Sequence[str]) -> dict[str, int]:
        with self.engine.connect().execution_options(reads=True) as connection:
            return begun_events.ends(connection, keys)

    def _strike_off(self, keys: Sequence[str]) -> None:
        try:
            with self.engine.begin() as connection:
                begun_events.done(connection, keys)
        except DBAPIError as fault:
            log.error("what is done cannot be struck off: %s", type(fault.orig).__name__)


def _refuse(batch: list[Job], fault: DBAPIError) -> None:
    log.error("what is in hand cannot be written down: %s", type(fault.orig).__name__)
    answer(batch, [NotKept("not written down") for _ in batch])
