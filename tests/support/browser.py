"""Somebody with a browser at the web console, in this process."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape

from httpx import URL, ASGITransport, AsyncClient, Response
from sqlalchemy import Engine
from starlette.applications import Starlette

from bot.channels.telegram.links import links
from bot.core.turns.turn_context import Forms, TurnContext
from bot.dialogues import DIALOGUES
from bot.web.console.app import mount
from flows.engine.events import Opened
from flows.engine.form import Line
from flows.engine.secret import Secret
from storage.office import roles
from storage.office.audit import Entry
from storage.office.roles import RoleName
from tests.support.fake_channel import Clock
from tests.support.offices import NOON, VAULT, Chance, audit_of, office, scoped, unit_row

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
                connection, role, scoped(scope), NOON, Chance(f"{address}{role}{len(self.given)}")
            )
            self.given.append(token)
            roles.join(connection, token, address, NOON)

    def link(self, address: str = "tg:1") -> Line:
        """What /konsol says."""
        with self.engine.begin() as connection:
            context = TurnContext(
                connection,
                VAULT,
                Forms(DIALOGUES),
                Chance(self.clock.at),
                web=HERE,
                address=address,
                at=self.clock.at,
            )
            told = DIALOGUES.resolve(context, Opened("1", self.clock.at, "/konsol"))
        assert isinstance(told, Line)
        return told

    def url(self, address: str = "tg:1") -> str:
        """The link that it shows."""
        url = self.link(address).params["url"]
        assert isinstance(url, Secret)
        return url.text

    async def enter(self, url: str) -> Response:
        page = await self.client.get(url)
        assert page.status_code == 200
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        return await self.client.post("/console/login", data=fields)

    async def let_in(self, role: RoleName = "admin", scope: str = AGENCY) -> None:
        self.give(role, scope)
        assert (await self.enter(self.url())).status_code == 303

    async def send(self, path: str, **data: str) -> Response:
        """A form, with the CSRF token that its page holds."""
        return await self.client.post(path, data={"csrftoken": self.token, **data})

    async def change(self, path: str, **data: str) -> Response:
        """A form as it stands on its page, these fields written anew."""
        page = (await self.client.get(path)).text
        return await self.send(path, **{**fields_of(page), **data})

    async def end(self, table: str, id: str) -> Response:
        """The button at a row of a table that ends what stands there."""
        path = f"/console/_api/{table}/row-action"
        return await self.send(str(URL(path, params={"name": "delete", "pk": id})))

    async def page(self, path: str) -> str:
        """What is to be read there, without its HTML."""
        return text_of((await self.client.get(f"/console/{path}")).text)

    def logged(self, scope: str) -> list[Entry]:
        """The last of its log, besides who came in."""
        with self.engine.connect() as connection:
            found = audit_of(connection, [scoped(scope)], 9)
        return [entry for entry in found if entry.action != "open_console"]

    @property
    def token(self) -> str:
        return self.client.cookies["starlette_admin_csrftoken"]


def text_of(page: str) -> str:
    """What stands on it, on one line."""
    shown = re.sub(r"<(script|style|template)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def fault_at(field: str, told: Response) -> str:
    """What stands at a field of a form that was refused."""
    return text_of(told.text.partition(f'id="{field}-error">')[2].partition("</div>")[0])


def fields_of(page: str) -> dict[str, str]:
    """What a form holds: its inputs, texts and chosen options."""
    found = dict(re.findall(r'<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', page, re.DOTALL))
    found |= dict(re.findall(r'<textarea[^>]*? name="(\w+)"[^>]*>\s*(.*?)</textarea>', page,
                             re.DOTALL))  # fmt: skip
    for name, options in re.findall(r'<select[^>]*? name="(\w+)"[^>]*>(.*?)</select>', page,
                                    re.DOTALL):  # fmt: skip
        chosen = re.findall(r'value="([^"]*)"\s+selected', options)
        found[name] = (chosen or re.findall(r'value="([^"]*)"', options))[0]
    return {name: unescape(value) for name, value in found.items()}


@asynccontextmanager
async def browsing(
    url: str, secure: bool = True, peer: str = "127.0.0.1"
) -> AsyncIterator[Browser]:
    """A browser before a fresh database with a unit of `AGENCY`'s and one of another's."""
    here = unit_row("SMST-BTM", services=SERVICES)
    app, clock, there = Starlette(), Clock(), unit_row("DUKCAPIL", agency="Kota Lain")
    with office(url, here, there) as engine:
        mount(app, engine, VAULT, clock, Chance(7), secure=secure, links=links("skm_bot"))
        async with AsyncClient(
            transport=ASGITransport(app, client=(peer, 1)), base_url=HERE
        ) as client:
            yield Browser(engine, client, clock)
