"""Whether this machine's clock may decide what cannot be undone.

A clock that is 20 days ahead would destroy keys of a running period; one that was ahead for a
minute would leave heads without digests for weeks. So scheduled work waits until the platform was
asked what time it is, and while that time, counted on by a clock that only rises, differs from
ours. After a suspension it differs too, for at most a minute.
"""

import logging
import ssl
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import certifi

MOST = 3_600  # seconds that the two may differ
PATIENCE = 10  # seconds for an answer

log = logging.getLogger(__name__)


class RightTime:
    """`clock`: Unix seconds; `monotonic`: seconds that only rise."""

    def __init__(
        self, clock: Callable[[], int], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock, self._monotonic = clock, monotonic
        self._platform: float | None = None  # its time when `monotonic` was 0
        self._said = True  # what was last said of it

    def compared(self, platform: float) -> None:
        """The platform says that it is this Unix time now."""
        self._platform = platform - self._monotonic()
        off = self._off()
        if (abs(off) <= MOST) != self._said:
            self._said = not self._said
            if self._said:
                log.warning("the clock of this machine is right again; scheduled work goes on")
            else:
                way = "ahead of" if off > 0 else "behind"
                log.error(
                    "the clock of this machine is %.1f h %s the platform's: digests, deletions and "
                    "all scheduled work wait. Set the clock (timedatectl, NTP).",
                    abs(off) / 3_600,
                    way,
                )

    def is_right(self) -> bool:
        """False also before anybody was asked."""
        return self._platform is not None and abs(self._off()) <= MOST

    def _off(self) -> float:
        assert self._platform is not None
        return self._clock() - (self._platform + self._monotonic())


async def time_at(url: str) -> float | None:
    """The Unix time by the Date of an HTTP answer from there; None where there is none."""
    # Telegram is spoken by aiohttp already; httpx would hold 9 MB for one short question a minute.
    from aiohttp import ClientError, ClientSession, ClientTimeout

    trusted = ssl.create_default_context(cafile=certifi.where())
    try:
        async with ClientSession(timeout=ClientTimeout(PATIENCE), trust_env=True) as client:
            async with client.head(url, ssl=trusted) as answer:
                return parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (ClientError, TimeoutError, KeyError, ValueError):
        return None
