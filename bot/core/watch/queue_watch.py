"""Whether events are answered: said in the log once, and at /ready."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

LIMIT = 60  # seconds that an event may wait
EVERY = 5  # seconds between two looks

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Watch:
    """`waited`: seconds since the oldest event was queued that is not settled yet."""

    waited: Callable[[], float]
    said: bool = False

    def fault(self) -> str:
        """What is wrong; nothing where all is well."""
        waited = self.waited()
        return f"an event has waited for {waited:.0f} s" if waited > LIMIT else ""

    def look(self) -> None:
        fault = self.fault()
        if fault and not self.said:
            log.error("%s: is the database locked, or silent?", fault)
        elif self.said and not fault:
            log.info("events are answered again")
        self.said = bool(fault)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(EVERY)
