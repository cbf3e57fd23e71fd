"""Tables that people send, read before a turn begins: a turn is given sheets, or what is wrong.

Two are read at a time, each by a process of its own (`storage.files.spreadsheet`); others wait
here, and nobody's taps with them.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from flows.engine.form import Line
from storage.files import spreadsheet
from storage.files.spreadsheet import Sheets, SpreadsheetUnread

READ = 2  # at a time
HELD = 4  # … in memory: read, or fetched to be read

_readers = ThreadPoolExecutor(READ, "tables")


async def read(name: str, content: bytes) -> Sheets | Line:
    """For `flows.engine.events.Attached.table`."""
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(_readers, spreadsheet.table, name, content)
    except SpreadsheetUnread as refused:
        return Line("file.refused", {"faults": refused.faults[0]})


class Queue:
    """Whose table may be fetched. Of one person's only one stands among those of others."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(HELD)
        self._persons: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        person = self._persons.setdefault(address, asyncio.Lock())
        async with person, self._room:
            yield
