"""Somebody with a browser at the web console, in this process."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import Engine

from bot.console.app import mount
from bot.desk import Desk, Forms
from bot.openings import resolve
from flows.events import Opened
from flows.form import Line
from storage import roles
from storage.roles import RoleName
from tests.fake_channel import Clock
from tests.offices import NOON, VAULT, Chance, office, unit_row

HERE = "https://skm.contoh.go.id"
AGENCY = "Pemprov Contoh"
SERVICES = [{"id": "pajak", "label": "Pajak"}, {"id": "stnk", "label": "STNK"}]


@dataclass
class Browser:
    engine: Engine
    client: AsyncClient
    clock: Clock = field(default_factory=Clock)
    given: list[str] = field(default_factory=list)

    def give(self, role: RoleName, scope: str, address: str = "tg:1") -> None:
        with self.engine.begin() as connection:
            token = roles.invite(
                connection, role, scope, NOON, Chance(f"{address}{role}{len(self.given)}")
            )
            self.given.append(token)
            roles.join(connection, token, address, NOON)

    def link(self, address: str = "tg:1") -> Line:
        """What /konsol says."""
        with self.engine.begin() as connection:
            desk = Desk(connection, VAULT, Forms(), Chance(self.clock.at), web=HERE)
            told = resolve(desk, address, Opened(1, self.clock.at, "/konsol"))
        assert isinstance(told, Line)
        return told

    async def enter(self, url: str) -> Response:
        page = await self.client.get(url)
        assert page.status_code == 200
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        return await self.client.post("/console/login", data=fields)

    async def let_in(self, role: RoleName = "admin", scope: str = AGENCY) -> None:
        self.give(role, scope)
        assert (await self.enter(str(self.link().params["url"]))).status_code == 303

    async def send(self, path: str, **data: str) -> Response:
        """A form, with the CSRF token that its page holds."""
        token = self.client.cookies["starlette_admin_csrftoken"]
        return await self.client.post(path, data={"csrftoken": token, **data})


@asynccontextmanager
async def browsing(url: str) -> AsyncIterator[Browser]:
    """A browser before a fresh database with a unit of `AGENCY`'s and one of another's."""
    here = unit_row("SMST-BTM", services=SERVICES)
    app, clock, there = FastAPI(), Clock(), unit_row("DUKCAPIL", agency="Kota Lain")
    with office(url, here, there) as engine:
        mount(app, engine, VAULT, clock, Chance(7), secure=True)
        async with AsyncClient(transport=ASGITransport(app), base_url=HERE) as client:
            yield Browser(engine, client, clock)
