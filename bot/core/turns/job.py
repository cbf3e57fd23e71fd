"""One event on its way through the turns, and what whoever awaits it is answered."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bot.core.turns.turn_context import Made
from flows.engine.events import PersonEvent
from flows.engine.screen import Screen


class NotKept(Exception):
    """The event could not be kept; nothing of it was. The platform should send it again."""


class Away(NotKept):
    """… and neither will the next: no transaction can begin."""


class Unkeepable(NotKept):
    """… neither for the database nor for another process: this very event cannot be kept."""


@dataclass(frozen=True, slots=True, repr=False)
class Job:
    """Without a repr: asyncio may log what it runs, and here a chat stands beside an answer.
    `made`: what took long and was made before (`bot.core.turns.deferred_work`)."""

    address: str
    event: PersonEvent
    future: "asyncio.Future[Screen]"
    made: Made = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"event {self.address} {self.event.id}"


def answer(batch: list[Job], results: Sequence[Screen | NotKept]) -> None:
    """Each in the loop in which it is awaited."""
    pairs = list(zip(batch, results, strict=True))
    for loop in {job.future.get_loop() for job in batch}:
        mine = [pair for pair in pairs if pair[0].future.get_loop() is loop]
        with suppress(RuntimeError):  # a closed loop: nobody waits there any more
            loop.call_soon_threadsafe(_deliver, mine)


def _deliver(results: list[tuple[Job, Screen | NotKept]]) -> None:
    for job, result in results:
        if job.future.done():
            continue
        if isinstance(result, NotKept):
            job.future.set_exception(result)
        else:
            job.future.set_result(result)
