"""How updates come: asked for (long polling) or brought (webhook)."""

import asyncio
import logging
from typing import Any

import msgspec
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import DeleteWebhook, GetUpdates, SetWebhook, TelegramMethod

from bot.telegram import Telegram
from bot.telegram_updates import ALLOWED, Update, decode_update, decode_updates
from bot.turns import NotKept

WAIT = 25  # seconds Telegram holds a poll open
REFUSALS = 5  # after so many an update is passed over: it would block everyone behind it
SLOWEST = 30  # seconds between polls while Telegram cannot be reached

log = logging.getLogger(__name__)


class TokenRefused(Exception):
    """Telegram does not know the token."""

    def __init__(self) -> None:
        super().__init__("Telegram refuses SKM_TELEGRAM_TOKEN. Copy it again from @BotFather.")


class Poll:
    """Long polling. The offset moves only past what is committed."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._offset = 0
        self._refused: dict[int, int] = {}

    async def run(self) -> None:
        """Until cancelled. Raises TokenRefused."""
        await self._ask(DeleteWebhook, {"drop_pending_updates": False})
        while True:
            wanted = {"offset": self._offset, "timeout": WAIT, "allowed_updates": ALLOWED}
            await self.take_all(decode_updates(await self._ask(GetUpdates, wanted, WAIT + 10)))

    async def take_all(self, updates: list[msgspec.Raw]) -> None:
        """Take a batch side by side, then move the offset to the first that was not kept."""
        read = [decode_update(raw) for raw in updates]
        kept = await asyncio.gather(*(self._take(update) for update in read))
        for update, is_kept in zip(read, kept, strict=True):
            if not is_kept:
                await asyncio.sleep(1)
                return
            self._offset = update.update_id + 1

    async def _take(self, update: Update) -> bool:
        try:
            await self._telegram.take(update)
        except NotKept as fault:
            refusals = self._refused.get(update.update_id, 0) + 1
            self._refused = {**self._refused, update.update_id: refusals}
            log.error("update %d is not kept (%s), try %d", update.update_id, fault, refusals)
            return refusals >= REFUSALS
        self._refused.pop(update.update_id, None)
        return True

    async def _ask(
        self, method: type[TelegramMethod[Any]], fields: dict[str, Any], timeout: float = 30
    ) -> msgspec.Raw:
        pause = 1
        while True:
            try:
                return await self._telegram.call(method, fields, timeout)
            except TelegramUnauthorizedError:
                raise TokenRefused from None
            except TelegramRetryAfter as fault:
                await asyncio.sleep(fault.retry_after)
            except TelegramConflictError:
                log.error("another process polls with this token: stop one of them")
                await asyncio.sleep(SLOWEST)
            except TelegramAPIError as fault:
                log.warning("Telegram cannot be reached (%s), again in %d s", fault, pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, SLOWEST)


async def set_webhook(telegram: Telegram, url: str, secret: str) -> None:
    """Raises TokenRefused, TelegramAPIError."""
    wanted = {
        "url": url,
        "secret_token": secret,
        "allowed_updates": ALLOWED,
        "max_connections": 100,
    }
    try:
        await telegram.call(SetWebhook, wanted)
    except TelegramUnauthorizedError:
        raise TokenRefused from None
