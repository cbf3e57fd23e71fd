"""Waiting for something to become true, looked at only when something happened."""

import asyncio
from collections.abc import Callable

PATIENCE = 600.0  # seconds; whatever is waited for ends the wait as soon as it is there


class Waiting:
    """Those who wait for a change of one thing. All in one event loop."""

    def __init__(self) -> None:
        self._all: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    def look(self) -> None:
        """Something happened: whoever's condition now holds goes on."""
        for holds, future in self._all:
            if not future.done() and holds():
                future.set_result(None)

    async def until(self, holds: Callable[[], bool], seconds: float) -> None:
        """Return as soon as `holds()`. Raises TimeoutError after `seconds`."""
        if holds():
            return
        entry = (holds, asyncio.get_running_loop().create_future())
        self._all.append(entry)
        try:
            await asyncio.wait_for(entry[1], seconds)
        finally:
            self._all.remove(entry)


async def until(holds: Callable[[], bool]) -> None:
    """The same for what another process does, which tells nobody."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
