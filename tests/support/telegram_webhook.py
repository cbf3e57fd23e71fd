"""Webhooks as Telegram delivers them: one chat in order, chats side by side, again until 2xx.

(The emulator delivers one by one and never again.)
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from tests.support.waiting import Waiting

PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0)  # seconds between attempts; the last one goes on


class Webhook:
    """Takes updates from the emulator and brings them to `url`, until they are taken."""

    def __init__(
        self,
        client: aiohttp.ClientSession,
        waiting: Waiting,
        said: Callable[[bytes], Awaitable[None]],
    ) -> None:
        self.url = ""
        self.attempts: list[tuple[int, int]] = []  # update id, HTTP status (0: no answer)
        self.taken: set[int] = set()
        self.handed_over = 0  # the newest update that the emulator gave us
        self.waiting = waiting
        self._client = client
        self._said = said  # takes what the bot answers
        self._last: dict[int, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(40)  # Telegram's default of max_connections

    def send(self, update: dict[str, Any], chat: int, secret: str, times: int = 1) -> None:
        """Deliver after everything sent to this chat before; `times` 2: a repeat follows."""
        self.handed_over = max(self.handed_over, update["update_id"])
        before = self._last.get(chat)
        self._last[chat] = asyncio.create_task(self._deliver(update, secret, times, before))

    async def close(self) -> None:
        tasks = list(self._last.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _deliver(
        self, update: dict[str, Any], secret: str, times: int, before: asyncio.Task[None] | None
    ) -> None:
        if before:
            await before
        for _ in range(times):
            attempt = 0
            while not await self._attempt(update, secret):
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
                attempt += 1
        self.taken.add(update["update_id"])
        self.waiting.look()

    async def _attempt(self, update: dict[str, Any], secret: str) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        status, said = 0, b""
        async with self._places:
            try:
                async with self._client.post(self.url, json=update, headers=headers) as response:
                    if response.content_type == "application/json":  # else it is not read
                        said = await response.read()
                    status = response.status
            except (aiohttp.ClientError, TimeoutError, ValueError):
                pass  # the bot is not there; an empty url: no webhook just now
        if is_taken := 200 <= status < 300:
            await self._said(said)
        self.attempts.append((update["update_id"], status))
        self.waiting.look()
        return is_taken
