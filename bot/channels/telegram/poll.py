"""How updates come: asked for (long polling) or brought (webhook)."""

import asyncio
import hmac
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
from starlette.routing import Route

from bot.channels.telegram.channel import Telegram, unread
from bot.channels.telegram.links import PATH
from bot.channels.telegram.settings import TokenRefused
from bot.channels.telegram.updates import (
    ALLOWED,
    UNREADABLE,
    Unread,
    Update,
    chat_of,
    decode_number,
    decode_update,
    decode_updates,
)
from bot.channels.telegram.wire import BadRequest, Conflict, Fault, RetryAfter, Unauthorized, Wire
from bot.core.setting import SettingsUnfit
from bot.core.turns.job import NotKept
from bot.core.uninterrupted import unbroken
from bot.core.watch.hearing import Hearing
from bot.web.webhook import webhook
from flows.engine.conversation import REMEMBERED
from flows.operator_words import tr

WAIT = 25  # seconds Telegram holds a poll open
SHORT = 1  # … one that is to tell whether polls are answered
PATIENCE = 10  # seconds for its other answers
LAST = 3  # seconds for the last words of a process that stops, and for a look
AGAIN = 1  # seconds until the next try
LOOK = 5  # seconds between two looks whether Telegram is there, and the webhook still set
FAR = 5  # seconds between tries while Telegram cannot be reached
SLOWEST = 30  # … while it answers that it will not
_HEADER = "x-telegram-bot-api-secret-token"

log = logging.getLogger(__name__)


class _Webhook(msgspec.Struct):
    url: str = ""
    pending_update_count: int = 0
    last_error_date: int = 0
    last_error_message: str = ""


class Poll:
    """Long polling. The offset moves only past what is committed, and is sent once: what it
    confirms does not come again, and a server that numbers anew (after a week of silence) is heard.

    Of one person no more is taken, before it is confirmed, than is remembered of one: however a
    process ends, what comes again is known.
    """

    def __init__(self, telegram: Telegram, hearing: Hearing) -> None:
        self._telegram, self._hearing = telegram, hearing
        self._offset = 0  # to be confirmed by the next poll; 0: nothing
        self._told = -1  # the last that was said not to be kept
        self._kept: set[int] = set()  # beyond the first that was not: not to be taken again

    async def run(self) -> None:
        """Until cancelled; what was begun is finished then. Raises TokenRefused."""
        kept = {"drop_pending_updates": False}
        await ask(self._telegram.wire, self._hearing, "deleteWebhook", kept)
        try:
            while True:
                await self._round()
        except asyncio.CancelledError:
            await self._confirm()
            raise

    async def _round(self) -> None:
        wait = SHORT if self._hearing.fault() else WAIT
        wanted = {"offset": self._offset, "timeout": wait, "allowed_updates": ALLOWED}
        wire, hearing = self._telegram.wire, self._hearing
        try:
            found = await ask(wire, hearing, "getUpdates", wanted, wait + PATIENCE)
            updates = decode_updates(found)
        except (BadRequest, TokenRefused, *UNREADABLE) as fault:
            # The token was good a moment ago; whatever stands between may be out of order.
            self._hearing.failed(f"getUpdates brings no updates ({fault})")
            self._offset = 0
            await asyncio.sleep(SLOWEST)
            return
        self._hearing.heard()
        self._offset = 0
        await unbroken(self.take_all(updates))

    async def take_all(self, updates: list[msgspec.Raw]) -> None:
        """Take a batch, people side by side, then move the offset to the first not kept."""
        read = [update for raw in updates if (update := _read(raw))]
        by_chat: dict[int, list[Update]] = defaultdict(list)
        for update in read:
            by_chat[chat_of(update)].append(update)
        taken = await asyncio.gather(*(self._take(each) for each in by_chat.values()))
        ids = {update.update_id for update in read}
        first = min(ids - self._kept, default=None)
        done = {id for id in ids if first is None or id < first}
        self._kept = self._kept - done if first is not None else set()
        if done:
            self._offset = max(done) + 1
        if not all(taken) or (updates and not read):
            await asyncio.sleep(AGAIN)

    async def _take(self, updates: list[Update]) -> bool:
        """One person's, in order: what comes after one that is not kept waits for it. False where
        there is such a one."""
        for update in updates[:REMEMBERED]:
            if update.update_id in self._kept:
                continue
            try:
                await self._telegram.take(update)
            except NotKept as fault:
                if update.update_id != self._told:  # not every second anew
                    self._told = update.update_id
                    log.error("update %d is not kept yet: %s", update.update_id, fault)
                return False
            self._kept.add(update.update_id)
        return True

    async def _confirm(self) -> None:
        """What is committed need not come again when skm is back."""
        if not self._offset:
            return
        wanted = {"offset": self._offset, "timeout": 0, "limit": 1, "allowed_updates": ALLOWED}
        with suppress(Fault):
            await self._telegram.wire.call("getUpdates", wanted, LAST)


def _read(raw: msgspec.Raw) -> Update | None:
    """Of an update that cannot be read, only its number: it is passed over. None without one."""
    try:
        return decode_update(raw)
    except Unread as fault:
        unread(fault)
    try:
        return Update(decode_number(raw))
    except Unread:
        return None


def route(secret: str, receive: Callable[[bytes], Awaitable[bytes]]) -> Route:
    """The webhook, open only to who knows the secret."""
    assert secret, "a webhook without a secret is open to anybody"

    def admits(headers: Mapping[str, str]) -> bool:
        return hmac.compare_digest(headers.get(_HEADER, "").encode(), secret.encode())

    return webhook(PATH, admits, receive)


async def brought(wire: Wire, hearing: Hearing, url: str, secret: str) -> None:
    """Have updates brought to a webhook, until cancelled. Whoever else has the token may take the
    webhook away, and nobody would be told: so Telegram is asked all the time, and it is set again.

    Raises TokenRefused, SettingsUnfit.
    """
    wanted = {
        "url": url,
        "secret_token": secret,
        "allowed_updates": ALLOWED,
        "max_connections": 100,
    }
    while True:
        try:
            await ask(wire, hearing, "setWebhook", wanted)
        except BadRequest as fault:
            raise SettingsUnfit(
                tr("Telegram refuses the webhook {0}: {1}. Check SKM_PUBLIC_URL.", url, fault)
            ) from None
        hearing.heard()
        found = await _lost(wire, hearing, url)
        whose = "taken away" if not found else "set to another address"
        log.error("the webhook was %s and is set again: who else uses this bot's token?", whose)


async def _lost(wire: Wire, hearing: Hearing, url: str) -> str:
    """Returns when updates are brought elsewhere: where, "" for nowhere. Raises TokenRefused.

    Meanwhile it says whether they can be brought: an error is new if its time is, by Telegram's own
    clock.
    """
    error: int | None = None
    while True:
        await asyncio.sleep(LOOK)
        answer = await ask(wire, hearing, "getWebhookInfo", {}, LAST)
        with suppress(msgspec.DecodeError):
            found = msgspec.json.decode(answer, type=_Webhook)
            if found.url != url:
                return found.url
            is_new = error is not None and found.last_error_date > error
            error = max(found.last_error_date, error or 0)
            if found.pending_update_count and is_new:
                hearing.failed(f"it cannot deliver to {url}: {found.last_error_message}")
            elif not found.pending_update_count or not hearing.fault():
                hearing.heard()


async def known(wire: Wire, hearing: Hearing) -> None:
    """For a process that only sends: until cancelled. Raises TokenRefused."""
    while True:
        await ask(wire, hearing, "getMe", {}, LAST)
        hearing.heard()
        await asyncio.sleep(LOOK)


async def ask(
    wire: Wire,
    hearing: Hearing,
    method: str,
    fields: dict[str, Any],
    timeout: float = PATIENCE,
) -> msgspec.Raw:
    """Ask until Telegram answers, however long that takes. Raises TokenRefused, and BadRequest for
    what is wrongly asked."""
    pause = AGAIN
    while True:
        try:
            async with _looked_after(wire, hearing, timeout):
                return await wire.call(method, fields, timeout)
        except Unauthorized:
            raise TokenRefused from None
        except BadRequest:
            raise
        except RetryAfter as fault:
            hearing.failed(f"it asks for {fault.seconds} s of patience")
            await asyncio.sleep(fault.seconds)
        except Conflict:
            hearing.failed("another process takes this bot's updates: stop one of them")
            await asyncio.sleep(SLOWEST)
        except Fault as fault:
            hearing.failed(f"it cannot be reached ({fault})")
            await asyncio.sleep(pause)
            pause = min(2 * pause, FAR)
        if method == "getUpdates":  # so that its being back is known at once
            fields = {**fields, "timeout": SHORT}


@asynccontextmanager
async def _looked_after(wire: Wire, hearing: Hearing, seconds: float) -> AsyncIterator[None]:
    """A poll that waits, and one that will never be answered, look the same: so something else is
    asked beside it."""
    looking = asyncio.create_task(_look(wire, hearing)) if seconds > PATIENCE + SHORT else None
    try:
        yield
    finally:
        if looking is not None:
            looking.cancel()


async def _look(wire: Wire, hearing: Hearing) -> None:
    while True:
        await asyncio.sleep(LOOK)
        try:
            await wire.call("getMe", {}, LAST)
        except Fault as fault:
            hearing.failed(f"it cannot be reached ({fault})")
        else:
            hearing.heard()
