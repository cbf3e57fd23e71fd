"""Whether a platform is reached: told by its adapter, asked at /ready."""

import asyncio
import time
from collections.abc import Callable

from bot.core.watch.outage import Outage

SILENCE = 60  # seconds without an answer after which nobody believes that it is reached


class Hearing:
    """`platform` as people call it. Told in one loop. `first` is set with the first answer that
    confirms how events come: a poll, or a webhook."""

    def __init__(self, platform: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._platform, self._monotonic = platform, monotonic
        self._outage = Outage(platform, "it is tried again", monotonic)
        self._at: float | None = None
        self.first = asyncio.Event()

    def heard(self) -> None:
        self._at = self._monotonic()
        self._outage.worked()
        self.first.set()

    def failed(self, why: str) -> None:
        self._outage.failed(why)

    def age(self) -> float | None:
        """Seconds since it was last heard of; None: never."""
        return None if self._at is None else self._monotonic() - self._at

    def fault(self) -> str:
        """What is wrong, "" where nothing is. It holds no address and no token."""
        age = self.age()
        if why := self._outage.fault:
            return f"{self._platform} cannot be used: {why}"
        if age is None:
            return f"{self._platform} has not answered yet"
        return f"{self._platform} has been silent for {age:.0f} s" if age > SILENCE else ""
