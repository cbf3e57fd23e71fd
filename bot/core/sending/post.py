"""The post: takes what is due from the outbox and sends it.

Replies to a person's own event go first and at once; bulk (all else) is paced as its channel
can, however many processes run, because only the holder of the channel's lease sends it. A passing
fault, also one of ours, puts the row back and with it whatever follows to the same address; a
permanent one is recorded. What was sent while the database was away is marked before anything else
is claimed. The screen of a conversation is rendered when it is sent: it shows where the person
stands then. An ending is too, and where its conversation is forgotten before that, nothing is sent
any more.

What takes long to make (a document, a turn that was put off) has threads and a round of its own, so
that nothing else waits for it.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.core.channel import (
    Blocked,
    Content,
    Knock,
    OutsideWindow,
    Sender,
    SendLater,
    SendNever,
    WithPhotos,
)
from bot.core.links import NOWHERE, Links
from bot.core.sending import held
from bot.core.sending.delivery import channel_of
from bot.core.sending.digest_content import digest_content
from bot.core.sending.notices import message
from bot.core.turns import deferred_work
from bot.core.turns.turn_context import Forms, FormUnknown
from bot.core.uninterrupted import unbroken
from bot.core.watch import metrics
from bot.core.watch.outage import Outage
from bot.dialogues import DIALOGUES
from bot.office import menu
from bot.office.digests import undelivered_digests
from flows.engine.advance import resumed
from flows.engine.capabilities import OPENS
from flows.engine.events import Show
from flows.engine.form import Line
from flows.engine.say import say
from flows.engine.screen import ENDED, Screen, screen
from flows.loader import words
from storage.chat import conversations, outbox, subscriptions
from storage.chat.outbox import COMMANDS, ENDING, KNOCK, MADE, WORK, Parcel
from storage.database import leases
from storage.database.connect import reason
from storage.office import roles

REPLIES = 64  # replies taken at once
LEASE = 30  # seconds one process keeps the bulk to itself
SEND = 25  # seconds one send may take: well within its own lease
MAKE = 250  # … that is made first
MAKERS = 2  # of these at once
GIVES_UP = 3  # tries of a turn that was put off
TRIES = 80  # about three days
MARGIN = 300  # seconds by which a window is taken for shorter
AWAY = (OperationalError, InterfaceError)  # the database is, or another process is in the way

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Post:
    """`channels` by the first part of an address; `holder` names this process; `links` are
    those in what is printed; `context` is what a turn that was put off sits at."""

    engine: Engine
    channels: Mapping[str, Sender]
    clock: Callable[[], int]
    holder: str
    links: Links = NOWHERE
    forms: Forms = field(default_factory=lambda: Forms(DIALOGUES))
    context_of: deferred_work.ContextOf | None = None
    makers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(MAKERS, "made"))
    outage: Outage = field(default_factory=Outage)
    unmarked: list[Callable[[], None]] = field(default_factory=list)
    marking: Lock = field(default_factory=Lock)

    async def run(self) -> None:
        """Until cancelled: one round a second. What was begun is finished then: a send that is cut
        short would have to be sent again."""
        try:
            async with asyncio.TaskGroup() as rounds:
                for each in (self.round, self.long_round):
                    rounds.create_task(self._for_ever(each))
        finally:
            with suppress(*AWAY):
                self._mark_what_waits()

    async def _for_ever(self, round: Callable[[], Coroutine[Any, Any, object]]) -> None:
        while True:
            await unbroken(self._round(round))
            await asyncio.sleep(1)

    async def _round(self, round: Callable[[], Coroutine[Any, Any, object]]) -> None:
        try:
            await round()
        except AWAY as fault:  # a second later again: no traceback each time
            self.outage.failed(fault)
        except Exception as fault:
            log.error("the post failed", exc_info=fault)

    async def round(self) -> int:
        """Send what is due now; how many were taken."""
        parcels = await asyncio.to_thread(self._claim)
        self.outage.worked()
        return await self._all(parcels)

    async def long_round(self) -> None:
        """… of what takes long to make, until no more is due."""
        while await self._all(await asyncio.to_thread(self._claim_long)):
            pass

    async def _all(self, parcels: list[Parcel]) -> int:
        if again := sum(parcel.again for parcel in parcels):
            log.warning("%d may be sent a second time: a lease had lapsed", again)
            metrics.RESENT.inc(again)
        by_address: dict[str, list[Parcel]] = defaultdict(list)
        for parcel in parcels:
            by_address[parcel.address].append(parcel)
        await asyncio.gather(*(self._send_all(each) for each in by_address.values()))
        return len(parcels)

    async def _send_all(self, parcels: list[Parcel]) -> None:
        """What goes to one address goes in order, and what cannot go now holds up the rest."""
        for place, parcel in enumerate(parcels):
            if _follows(parcel, parcels[place + 1 :]):
                await asyncio.to_thread(self._mark, outbox.sent, parcel)
                continue
            fault = await self._send(parcel)
            if fault:
                await asyncio.to_thread(self._put_back, parcels[place:], fault)
                return

    def _claim(self) -> list[Parcel]:
        self._mark_what_waits()
        at = self.clock()
        with self.engine.begin() as connection:
            parcels = outbox.claim(connection, at, REPLIES)
            for name, channel in self.channels.items():
                if leases.hold(connection, f"bulk:{name}", self.holder, at, LEASE):
                    pace = channel.capabilities.pace
                    parcels += outbox.claim_bulk(connection, at, pace, name)
        return parcels

    def _claim_long(self) -> list[Parcel]:
        self._mark_what_waits()
        with self.engine.begin() as connection:
            return outbox.claim_long(connection, self.clock(), MAKERS)

    async def _send(self, parcel: Parcel) -> SendLater | None:
        """Send one; the fault, if it can be sent later."""
        patience = MAKE if parcel.kind in MADE else SEND
        if self.clock() + patience > parcel.until:
            return SendLater(0, "its lease was about to lapse")
        try:
            async with asyncio.timeout(patience):
                await self._try(parcel)
        except SendNever as fault:
            await asyncio.to_thread(self._mark, outbox.failed, parcel, str(fault))
            if parcel.kind == "news" and isinstance(fault, Blocked):
                await asyncio.to_thread(self._unsubscribe, parcel.address)
            return None
        except SendLater as fault:
            return fault
        except TimeoutError:
            return SendLater(0, "no answer in time")
        except AWAY as fault:
            return SendLater(0, reason(fault))
        except Exception as fault:
            log.error("a %s could not be sent", parcel.kind, exc_info=fault)
            return SendLater(0, type(fault).__name__)
        await asyncio.to_thread(self._mark, outbox.sent, parcel)
        return None

    async def _try(self, parcel: Parcel) -> None:
        channel = self.channels.get(channel_of(parcel.address))
        if channel is None:
            raise SendLater(0, "this process has no such channel")
        loop, makers = asyncio.get_running_loop(), self.makers if parcel.kind in MADE else None
        content, conversation = await loop.run_in_executor(makers, self._content, parcel, channel)
        if content is None:
            return
        if not parcel.is_reply and parcel.kind != KNOCK:
            await asyncio.to_thread(self._require_open, parcel.address, channel)
        if isinstance(content, WithPhotos):
            photos = await _fetched(channel, content.files)
            content = await loop.run_in_executor(makers, content.made, photos)
        await channel.send(parcel.address, content, conversation)

    def _require_open(self, address: str, channel: Sender) -> None:
        """Raises OutsideWindow where this person wrote too long ago. What is kept of that is as
        little as can be (docs/decisions/0033), so an open window may be taken for a closed one."""
        if not (window := channel.capabilities.window):
            return
        with self.engine.connect().execution_options(reads=True) as connection:
            kept = conversations.load(connection, [address])[address]
            last = max((each.conversation.last for each in kept), default=0)
            last = max(last, roles.last_heard(connection, address))
        if last + window - MARGIN <= self.clock():
            raise OutsideWindow

    def _hold(self, parcels: list[Parcel]) -> None:
        """Until this person writes (`storage.chat.outbox.release`)."""
        at, address = self.clock(), parcels[0].address
        knocks = self.channels[channel_of(address)].capabilities.knocks
        for parcel in parcels:
            since = at if parcel.held_since is None else parcel.held_since
            if (again := held.next_look(since, at)) is None:
                self._mark(outbox.failed, parcel, f"nobody wrote for {held.DAYS} days")
                continue
            self._mark(outbox.hold, parcel, since, at=again)
            if knocks:
                with self.engine.begin() as connection:
                    held.knock(connection, address, since, at)

    def _put_back(self, parcels: list[Parcel], fault: SendLater) -> None:
        """The first could not be sent: all are due again at one time, and so stay in order."""
        if isinstance(fault, OutsideWindow):
            self._hold(parcels)
            return
        pause = max(fault.seconds, outbox.pause(parcels[0].attempts))
        for parcel in parcels:
            if parcel.attempts >= TRIES:
                self._mark(outbox.failed, parcel, f"given up after {TRIES} tries: {fault}")
            else:
                self._mark(outbox.postpone, parcel, str(fault), at=self.clock() + pause)

    def _mark(
        self, mark: Callable[..., None], parcel: Parcel, *more: str | int, at: int | None = None
    ) -> None:
        """What cannot be marked now waits: claimed again unmarked, it would be sent twice."""
        now = self.clock()

        def put() -> None:
            with self.engine.begin() as connection:
                if parcel.kind == WORK and mark in (outbox.sent, outbox.failed):
                    outbox.drop(connection, parcel.id)
                    return
                mark(connection, parcel.id, now if at is None else at, *more)
                if mark is outbox.sent:
                    undelivered_digests.arrived(connection, parcel)
                elif mark is outbox.failed:
                    undelivered_digests.given_up(connection, parcel, now)
            if mark is outbox.failed:
                metrics.GIVEN_UP.labels(parcel.kind).inc()

        try:
            put()
        except AWAY as fault:
            self.outage.failed(fault)
            self.unmarked.append(put)

    def _mark_what_waits(self) -> None:
        with self.marking:
            while self.unmarked:
                self.unmarked[0]()
                del self.unmarked[0]

    def _unsubscribe(self, address: str) -> None:
        with self.engine.begin() as connection:
            subscriptions.end(connection, address)

    def _content(self, parcel: Parcel, channel: Sender) -> tuple[Content | WithPhotos | None, str]:
        """What to send (None: nothing is left to say, or not there), and the conversation its
        buttons answer."""
        can = channel.capabilities
        if can.only_answers and not parcel.is_reply:
            return None, ""  # nothing is pushed to a browser
        if parcel.kind == KNOCK:
            return Knock(), ""
        if "text" in parcel.body:
            return message(parcel.body), ""
        if parcel.kind in ("document", COMMANDS):
            with self.engine.connect().execution_options(reads=True) as connection:
                if parcel.kind == COMMANDS:
                    return menu.own(connection, parcel.address) if can.menu else None, ""
                return DIALOGUES.file(connection, parcel.address, parcel.body, self.links), ""
        if "week" in parcel.body:
            return digest_content(self.engine, parcel, self.clock(), can.caption), ""
        if "say" in parcel.body:
            return self._sentence(parcel), ""
        shown = self._worked(parcel) if parcel.kind == WORK else self._present(parcel)
        if shown is None:
            return None, ""
        said = say(shown, words(shown.language), can)
        return said, shown.conversation

    def _sentence(self, parcel: Parcel) -> Content:
        language, lines = parcel.body["language"], map(Line, parcel.body["say"])
        return say(Screen("", language, (), tuple(lines)), words(language))

    def _worked(self, parcel: Parcel) -> Screen | None:
        """What a turn shows that was put off; after too many tries that it failed."""
        assert self.context_of is not None, "this post takes no turns"
        do = deferred_work.failed if parcel.attempts > GIVES_UP else deferred_work.done
        return do(self.engine, self.context_of, parcel)

    def _present(self, parcel: Parcel) -> Screen | None:
        """The present screen of a conversation; None if it has ended meanwhile (then its ending is
        a parcel of its own) or is forgotten, or if its body names the `last` event it is about and
        there was another."""
        with self.engine.begin() as connection:
            kept = conversations.one(connection, parcel.body["conversation"])
            if kept is None or kept.conversation.is_open is (parcel.kind == ENDING):
                return None
            if kept.conversation.last != parcel.body.get("last", kept.conversation.last):
                return None  # whoever went on needs no reminder
            try:
                form = self.forms.get(connection, kept.conversation)
            except FormUnknown:  # another release's: that one will show it
                return None
        if not (note := parcel.body.get("note")):
            return screen(form, kept.conversation)
        (show,) = resumed(form, kept.conversation).effects
        assert isinstance(show, Show), "nothing else follows"
        return replace(show.screen, notes=(Line(note), *show.screen.notes))


async def _fetched(channel: Sender, files: tuple[str, ...]) -> dict[str, bytes]:
    """Those that the platform still has: without a photo a paper is whole. Raises SendLater."""
    found = {}
    for file in files:
        try:
            found[file] = await channel.fetch(file)
        except SendNever as fault:
            log.warning("a photo cannot be fetched: %s", fault)
    return found


def _follows(parcel: Parcel, rest: list[Parcel]) -> bool:
    """Whether the same screen follows: whoever taps while a platform refuses gets one, not one for
    each tap."""
    screens = [each.body for each in rest if each.kind == "screen"]
    return parcel.kind == "screen" and parcel.body in screens


def keep_for_later(
    engine: Engine, clock: Callable[[], int]
) -> Callable[[str, Screen, str, int], Any]:
    """What a channel calls when a screen cannot be sent now
    (`bot.core.sending.delivery.Later`).

    Never what it says, which may be a receipt or a link that is shown once. A conversation's is
    rendered when it is sent. Of what belongs to none only the keys of sentences without parameters
    are kept; in place of any other, whoever sent something is asked to send it again.
    """

    async def later(address: str, shown: Screen, event: str, seconds: int) -> None:
        def put() -> None:
            with engine.begin() as connection:
                key, kind, body = _kept_for_later(connection, address, shown, event)
                outbox.put(connection, key, kind, address, body, clock() + seconds, event)

        await asyncio.to_thread(put)

    return later


def _kept_for_later(
    connection: Connection, address: str, shown: Screen, event: str
) -> tuple[str, str, dict[str, object]]:
    """Key, kind and body."""
    body: dict[str, object] = {"conversation": shown.conversation}
    buttons = (*shown.choices, *shown.moves)
    if shown.conversation and any(each.step not in (ENDED, OPENS) for each in buttons):
        return f"screen:{address}:{event}", "screen", body
    # Of what was declined or cancelled nothing is kept.
    if shown.conversation and conversations.one(connection, shown.conversation):
        return outbox.ending_key(shown.conversation), ENDING, body
    keys, texts = [line.key for line in (*shown.notes, *shown.body)], words(shown.language).texts
    plain = all("{" not in texts.get(key, "{") for key in keys)
    body = {"say": keys if plain else ["unsent"], "language": shown.language}
    return f"screen:{address}:{event}", "screen", body
