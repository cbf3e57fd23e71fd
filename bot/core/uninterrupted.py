"""Work that is finished before its task ends, also where the task is cancelled meanwhile."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def unbroken(work: Coroutine[Any, Any, None]) -> None:
    """Await it; a cancellation counts only when it is done."""
    begun = asyncio.create_task(work)
    try:
        await asyncio.shield(begun)
    except asyncio.CancelledError:
        await begun
        raise
