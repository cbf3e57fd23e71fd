"""The web survey as a channel: what answers an event is kept for the page that is asked for.

Nothing can be pushed to a browser. So what is rendered goes to the request whose event it answers;
what nobody is waiting for (a reminder) is shown when the person comes back, by the page itself.
"""

import asyncio
import logging
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.channels.web.links import CAPABILITIES
from bot.core.channel import Content, Heard
from bot.core.sending.delivery import Delivery, Later
from bot.core.turns import deferred_work
from bot.core.turns.job import NotKept
from bot.core.turns.seen_events import take
from bot.core.turns.turn_worker import Turns
from flows.engine.conversation import Conversation
from flows.engine.events import Opened, PersonEvent
from flows.engine.form import Line, asking, first_unanswered
from flows.engine.say import UNOFFICIAL, Message, say
from flows.engine.screen import Screen, screen
from flows.loader import words
from storage.chat import conversations
from storage.chat.conversations import Conflict
from storage.vault import Vault

NOTHING = Message("", ())
T = TypeVar("T")

log = logging.getLogger(__name__)

_waiting: ContextVar["list[Shown] | None"] = ContextVar("waiting", default=None)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message, and the conversation that its buttons answer. `language`: the tag in which it is
    said, "" where that is not known. `given`: what this person answers at its step now."""

    message: Message
    conversation: str = ""
    language: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class Here:
    """`step`: the one asked, "" where it is over."""

    conversation: Conversation
    step: str


class Web(Delivery):
    """Pages ask it (`bot.channels.web.survey_pages`)."""

    capabilities = CAPABILITIES

    def __init__(self, turns: Turns, later: Later, clock: Callable[[], int]) -> None:
        super().__init__(turns, later, clock)
        self._making = asyncio.Semaphore(1)

    @property
    def vault(self) -> Vault:
        return self._turns.vault

    def now(self) -> int:
        return self._clock()

    async def answered(self, address: str, event: PersonEvent) -> Shown:
        """What is shown once the event is committed. Raises NotKept."""
        shown: list[Shown] = []
        token = _waiting.set(shown)
        try:
            await (await self.hear(Heard(address, event)))
        finally:
            _waiting.reset(token)
        return shown[-1] if shown else Shown(NOTHING)

    async def render(self, address: str, content: Content, conversation: str) -> None:
        shown = _waiting.get()
        if shown is not None and isinstance(content, Message):
            shown.append(Shown(content, conversation))

    async def _show(self, heard: Heard, screen: Screen) -> None:
        """What takes long is made while the browser waits, one at a time."""
        if deferred_work.is_put_off(screen):
            async with self._making:
                screen = await self._finished(heard, screen)
        await super()._show(heard, screen)

    async def _finished(self, heard: Heard, begun: Screen) -> Screen:
        turns, address, event = self._turns, heard.address, heard.event
        try:
            made = await asyncio.to_thread(
                deferred_work.needed, turns.engine, turns.context, address, event
            )
            return await turns.do(address, event, made)
        except (Conflict, DBAPIError, NotKept) as fault:
            log.warning("what takes long was not made: %s", type(fault).__name__)
            return replace(begun, body=(Line("work.failed"),))

    async def would_open(self, address: str, opening: str, at: int) -> Shown:
        """What a link would show, without a trace: a page that is looked at writes nothing."""

        def look(connection: Connection) -> Screen:
            event = Opened("", at, opening)
            context = self._turns.context(connection, {}).but(random=bytes)
            kept = conversations.load(connection, [address])[address]
            return take(context.turn(address, event), kept, event).screen

        return self._said(await asyncio.to_thread(self._tried, look))

    async def here(self, address: str) -> Here | None:
        """Where this person is: in the open conversation, or else in the last that is kept."""

        def look(connection: Connection) -> Here | None:
            kept = self._kept(connection, address)
            if not kept:
                return None
            step = asking(self._turns.forms.get(connection, kept[-1]), kept[-1])
            return Here(kept[-1], step.id if step else "")

        return await asyncio.to_thread(self._looked, look)

    async def present(self, address: str, step: str) -> Shown | None:
        """What is asked now, or how it ended; or an earlier `step` that may still be corrected.
        None where nothing is kept."""

        def look(connection: Connection) -> tuple[Screen, str] | None:
            kept = self._kept(connection, address)
            return self._screen(connection, kept[-1], step) if kept else None

        found = await asyncio.to_thread(self._looked, look)
        return replace(self._said(found[0]), given=found[1]) if found else None

    def _kept(self, connection: Connection, address: str) -> list[Conversation]:
        """Those that this release can read."""
        context = self._turns.context(connection, {})
        kept = [each.conversation for each in conversations.load(connection, [address])[address]]
        return [each for each in kept if context.reads(each)]

    def _screen(
        self, connection: Connection, conversation: Conversation, step: str
    ) -> tuple[Screen, str]:
        form = self._turns.forms.get(connection, conversation)
        wanted, given = form.by_id.get(step), conversation.answers.get(step)
        may_answer = given is not None or wanted is first_unanswered(form, conversation)
        if wanted and may_answer and not wanted.aside and conversation.is_open:
            conversation = conversation.but(revisit=step)  # where it applies
        # A page stands alone: each says of its own question that it is no official wording.
        shown = screen(form, conversation, (Line(UNOFFICIAL),))
        return shown, given if isinstance(given, str) else ""

    def _said(self, shown: Screen) -> Shown:
        message = say(shown, words(shown.language), self.capabilities)
        return Shown(message, shown.conversation, shown.language)

    def _looked(self, look: Callable[[Connection], T]) -> T:
        """Beside whoever writes."""
        with self._turns.engine.connect().execution_options(reads=True) as connection:
            return look(connection)

    def _tried(self, look: Callable[[Connection], T]) -> T:
        """… also where it writes, as the first tap of a period may; nothing of that stays."""
        try:
            return self._looked(look)
        except DBAPIError:
            with self._turns.engine.connect() as connection:
                return look(connection)
