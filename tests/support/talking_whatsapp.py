"""The WhatsApp adapter at work in this process, between a signed webhook and a strict Graph API.

async with talking_whatsapp(url) as bot:
    await bot.says(RINI, "SMST-BTM")
    bot.seen(RINI)[-1].text
    await bot.taps(RINI, "Setuju, mulai")
    await bot.post.round()                             # what was kept for later
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Engine

from bot.channels.telegram.links import links
from bot.channels.whatsapp.channel import WhatsApp
from bot.channels.whatsapp.chat_ids import ChatIds
from bot.channels.whatsapp.links import CAPABILITIES, CHANNEL, PATH
from bot.channels.whatsapp.webhook import routes
from bot.channels.whatsapp.wire import Wire
from bot.core.sending.post import Post, keep_for_later
from bot.web.app import application
from flows.engine.say import Message
from tests.support import whatsapp_events as events
from tests.support.fake_channel import Clock
from tests.support.offices import VAULT, Chance, office, unsent
from tests.support.talking_bot import UNIT, Held
from tests.support.whatsapp_events import APP_SECRET, VERIFY, Who
from tests.support.whatsapp_limits import Json
from tests.support.whatsapp_seen import seen
from tests.support.whatsapp_server import PHONE, TEMPLATE, TOKEN, Graph, graph_server

RINI, BUDI = Who(), Who("ID.24602319766413852029", "6282222222222", "Budi")


@dataclass
class TalkingWhatsApp:
    graph: Graph
    engine: Engine
    turns: Held
    adapter: WhatsApp
    clock: Clock
    post: Post
    web: httpx.AsyncClient
    brought: list[bytes] = field(default_factory=list)

    async def bring(self, raw: bytes, **headers: str) -> int:
        """A request as Meta sends it; its status, once all that it caused is sent."""
        self.brought.append(raw)
        headers = headers or events.signed(raw)
        answer = await self.web.post(PATH, content=raw, headers=headers)
        await self.adapter.drain(60)
        return answer.status_code

    async def sends(self, who: Who, *messages: Json) -> int:
        self.graph.heard[who.id or who.number] = self.clock.at
        return await self.bring(events.body(events.value(*messages, contacts=(who,))))

    async def says(self, who: Who, *texts: str) -> None:
        for text in texts:
            assert await self.sends(who, events.message(who, self.clock.at, text=text)) == 200

    async def taps(self, who: Who, *labels: str) -> None:
        """Whatever is called so on the newest message with buttons."""
        for label in labels:
            data, of_list = next(
                found
                for shown in reversed(self.seen(who))
                if (found := shown.data(label)) is not None
            )
            tap = events.chosen(who, self.clock.at, data, label, of_list=of_list)
            assert await self.sends(who, tap) == 200

    def seen(self, who: Who) -> list[Any]:
        return seen(self.graph.shown[who.id or who.number])

    def message(self, who: Who) -> Message:
        """What is shown last."""
        found: Message = self.seen(who)[-1].message
        return found

    def address(self, who: Who) -> str:
        return ChatIds(APP_SECRET).address(who.id, who.number)

    def later(self) -> list[Any]:
        return unsent(self.engine)


@asynccontextmanager
async def talking_whatsapp(
    url: str, *units: dict[str, Any], template: str = TEMPLATE, seed: int = 1
) -> AsyncIterator[TalkingWhatsApp]:
    clock = Clock()
    with office(url, *(units or (UNIT,))) as engine:
        async with graph_server(clock) as graph:
            turns = Held(engine, VAULT, Chance(seed), links(""), channels={CHANNEL: CAPABILITIES})
            turns.free.set()
            turns.start()
            wire, later = Wire(TOKEN, PHONE, graph.url), keep_for_later(engine, clock)
            adapter = WhatsApp(wire, turns, later, clock, ChatIds(APP_SECRET), PHONE, template)
            post = Post(engine, {"wa": adapter}, clock, "this process")
            app = application(routes(APP_SECRET, VERIFY, adapter.receive))
            transport = httpx.ASGITransport(app)
            try:
                async with httpx.AsyncClient(transport=transport, base_url="http://skm") as web:
                    yield TalkingWhatsApp(graph, engine, turns, adapter, clock, post, web)
            finally:
                await adapter.drain(5)
                turns.stop()
                await wire.close()
                assert graph.refusals == [], "the Graph API was wrongly asked"
