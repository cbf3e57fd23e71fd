"""One request of the web console: an open transaction, in a thread, and whose request it is."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, Engine
from starlette.requests import Request

from bot.core.links import Links
from bot.core.turns.deferred_work import prepared
from bot.core.turns.turn_context import Forms, Made, TurnContext
from storage.vault import Random, Vault

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Console:
    """`links`: into the chat, for invitations."""

    engine: Engine
    vault: Vault
    clock: Callable[[], int]
    random: Random
    links: Links
    forms: Forms

    async def do(self, request: Request, work: Callable[[TurnContext], T]) -> T:
        """Work for the chat that is let in, all of it or nothing; what takes long is made first, so
        that nobody else's taps wait for it."""
        return await self._sit(request, work, reads=False)

    async def look(self, request: Request, work: Callable[[TurnContext], T]) -> T:
        """… that writes nothing, beside whoever writes."""
        return await self._sit(request, work, reads=True)

    async def _sit(self, request: Request, work: Callable[[TurnContext], T], *, reads: bool) -> T:
        address, at = request.state.address, self.clock()

        def sit(made: Made) -> T:
            with self.engine.connect().execution_options(reads=reads) as connection:
                with connection.begin():
                    context = TurnContext(
                        connection,
                        self.vault,
                        self.forms,
                        self.random,
                        self.links,
                        address=address,
                        at=at,
                        made=made,
                    )
                    return work(context)

        return await asyncio.to_thread(prepared, self.engine, sit)

    async def asked(self, work: Callable[[int, Connection], T]) -> T:
        """… for nobody in particular."""

        def begin() -> T:
            with self.engine.begin() as connection:
                return work(self.clock(), connection)

        return await asyncio.to_thread(begin)
