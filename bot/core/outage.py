"""A database that is away: one line in the log when it begins, one when it is over."""

import logging
import time
from collections.abc import Callable
from threading import Lock

from storage.database.connect import reason

log = logging.getLogger(__name__)


class Outage:
    """One for each process, told by whoever uses the database, from any thread."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic, self._guard = monotonic, Lock()
        self._since: float | None = None

    def failed(self, fault: BaseException) -> None:
        with self._guard:
            if self._since is not None:
                return
            self._since = self._monotonic()
        log.error("the database cannot be used: %s; what comes is taken later", reason(fault))

    def worked(self) -> None:
        if self._since is None:  # without the lock: every tap passes here
            return
        with self._guard:
            since, self._since = self._since, None
        if since is not None:
            log.warning("database back after %d s", self._monotonic() - since)
