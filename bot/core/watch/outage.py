"""Something that is away: one line in the log when it begins, one when it is over."""

import logging
import time
from collections.abc import Callable
from threading import Lock

from storage.database.connect import reason

log = logging.getLogger(__name__)

REASONS = 5  # that are told of one outage: a new one may need another cure


class Outage:
    """One of each thing in a process, told by whoever uses it, from any thread."""

    def __init__(
        self,
        what: str = "the database",
        then: str = "what comes is taken later",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what, self._then = what, then
        self._monotonic, self._guard = monotonic, Lock()
        self._since: float | None = None
        self._told: set[str] = set()
        self._why = ""

    @property
    def fault(self) -> str:
        """Why it cannot be used just now; "" where it can."""
        return self._why

    def failed(self, fault: BaseException | str) -> None:
        why = fault if isinstance(fault, str) else reason(fault)
        with self._guard:
            if self._since is None:
                self._since, self._told = self._monotonic(), set()
            self._why = why
            if why in self._told or len(self._told) == REASONS:
                return
            self._told.add(why)
        log.error("%s cannot be used: %s; %s", self._what, why, self._then)

    def worked(self) -> None:
        if self._since is None:  # without the lock: every tap passes here
            return
        with self._guard:
            since, self._since, self._why = self._since, None, ""
        if since is not None:
            name = self._what.removeprefix("the ")
            log.warning("%s back after %d s", name, self._monotonic() - since)
