"""A browser before the web survey, in this process: pages read as a person (or a screen reader)
meets them, forms sent as they stand."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import Engine

from bot.channels.web.channel import Web
from bot.channels.web.hourly_limit import HourlyLimit
from bot.channels.web.platform import WebPlatform
from bot.channels.web.settings import WebSettings
from bot.channels.web.survey_pages import SurveyPages
from bot.commands.demo_web import source
from bot.core.sending.post import keep_for_later
from bot.core.turns.turn_worker import Turns
from bot.web.app import application
from bot.web.listening import listen
from bot.web.serving import Limits, server
from flows.engine.conversation import Conversation
from tests.support.fake_channel import Clock
from tests.support.offices import VAULT, Chance, kept, office, unit_row
from tests.support.waiting import PATIENCE

HERE = "https://skm.contoh.go.id"
PLATFORM = WebPlatform(WebSettings(), HERE)
WORDS = ("Setuju, mulai", "Pajak tahunan", "Sesuai", "Mudah", "Cepat", "Murah", "Sesuai",
         "Kompeten", "Sopan dan ramah", "Baik", "Berfungsi kurang maksimal")  # fmt: skip
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Page(HTMLParser):
    """`lines` are what is to be read, in order; `buttons` (name, value, words), those of the menu
    in `menu`; `fields` what a form has hidden."""

    response: Response
    lines: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    menu: list[tuple[str, str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    title: str = ""
    pressed_by_enter: tuple[str, str] | None = None  # in a field: the first that submits
    action: str = ""  # where its form is sent to
    writes: bool = False
    now: list[str] = field(default_factory=list)  # buttons that are this person's answer now
    assets: list[str] = field(default_factory=list)
    heading: str = ""
    _text: str = ""
    _in: list[str] = field(default_factory=list)
    _button: tuple[str, str] | None = None
    _link: str = ""
    _is_answer: bool = False

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.response.text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag in ("p", "h1", "li", "title"):
            self._text = ""
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"]] = given["value"]
        elif tag in ("input", "textarea"):
            self.writes = True
        elif tag == "button" and given.get("class") != "command":
            self._text, self._button = "", (given.get("name", ""), given.get("value", ""))
        elif tag == "a":
            self._text, self._link = "", given["href"]
        self._note_form(tag, given)
        if given.get("rel") == "stylesheet" or tag == "script":
            self.assets.append(given.get("href") or given["src"])
        if tag == "button":
            self._is_answer = given.get("class") == "now"
        if tag in ("b", "code"):
            self._text += {"b": "*", "code": "`"}[tag]
        if tag not in ("input", "meta", "link"):
            self._in.append(tag)

    def _note_form(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            self.action = given["action"]
        if tag == "button" and given.get("type", "submit") == "submit":
            this = (given.get("name", ""), given.get("value", ""))
            self.pressed_by_enter = self.pressed_by_enter or this

    def handle_data(self, data: str) -> None:
        if "small" not in self._in:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("b", "code"):
            self._text += {"b": "*", "code": "`"}[tag]
        if tag in ("p", "h1"):
            self.lines.append(self._text.strip())
            self.heading = self.lines[-1] if tag == "h1" else self.heading
        if tag == "title":
            self.title = self._text
        if tag == "a":
            self.links.append((self._text.strip(), self._link))
        if tag == "button" and self._button is not None:
            found = (*self._button, self._text.strip())
            if self._is_answer:
                self.now.append(found[2])
            if "details" in self._in:
                self.menu.append(found)
            elif found[0]:
                self.buttons.append(found)
            self._button = None
        while self._in and self._in.pop() != tag:
            pass

    @property
    def path(self) -> str:
        return self.response.url.path

    @property
    def is_kept(self) -> bool:
        """Whether the browser's way back leads to it."""
        return self.response.request.method == "GET" and self.path.startswith("/s/_/")

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def button(self, words: str) -> tuple[str, str]:
        for name, value, said in self.buttons:
            if words in (said, re.sub(r"^(\d+|‹) ", "", said)):
                return name, value
        raise LookupError(f"no button [{words}] on: {self.text}")

    def form(self, **more: str) -> dict[str, str]:
        return {**self.fields, **more}


@dataclass
class WebBrowser:
    """`page` is the one in sight; `bytes` all that came over the wire, heads included."""

    client: AsyncClient
    engine: Engine
    clock: Clock
    turns: Turns
    web: Web
    page: Page | None = None
    bytes: int = 0

    async def get(self, path: str) -> Page:
        return await self._follow(await self.client.get(path))

    async def send(self, fields: dict[str, str], on: Page | None = None, **headers: str) -> Page:
        page = on or self.page
        self.clock.at += 5
        to = page.action if page and page.action else "/s/_"
        sent = await self.client.post(to, data=fields, headers={**FORM, **headers})
        return await self._follow(sent)

    async def tap(self, words: str, on: Page | None = None) -> Page:
        page = on or self.page
        assert page is not None
        name, value = page.button(words)
        return await self.send(page.form(**{name: value}), page)

    async def type(self, text: str, on: Page | None = None) -> Page:
        page = on or self.page
        assert page is not None
        assert page.writes, page.text
        return await self.send(page.form(text=text), page)

    async def _follow(self, response: Response) -> Page:
        self.add(response)
        while response.status_code == 303:
            response = await self.client.get(response.headers["location"])
            self.add(response)
        self.page = Page(response)
        return self.page

    def add(self, response: Response) -> None:
        heads = sum(len(name) + len(value) + 4 for name, value in response.headers.raw)
        self.bytes += heads + len(response.content)

    def other(self, **given: Any) -> "WebBrowser":
        """Another browser before the same web."""
        client = AsyncClient(
            transport=self.client._transport,
            base_url=self.client.base_url,
            headers=given.get("headers"),
        )
        return WebBrowser(client, self.engine, self.clock, self.turns, self.web)


def _in_process(app: Any) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app, client=("203.0.113.7", 1)), base_url=HERE)


@asynccontextmanager
async def _by_wire(app: Any, limits: Limits | None) -> AsyncIterator[AsyncClient]:
    listening, web = listen("127.0.0.1", 0), server(app, 1, limits)
    serving = asyncio.create_task(web.serve([listening]))
    try:
        address = f"http://localhost:{listening.getsockname()[1]}"
        async with AsyncClient(base_url=address, timeout=PATIENCE) as client:
            yield client
    finally:
        web.should_exit = True
        await serving


@asynccontextmanager
async def surfing(
    url: str,
    *units: dict[str, Any],
    hourly: int = 60,
    proxies: int = 0,
    seed: int = 1,
    secure: bool = True,
    wire: bool = False,
    limits: Limits | None = None,
) -> AsyncIterator[WebBrowser]:
    """`wire`: over TCP, by the web server that `skm run` has, with its limits or these."""
    clock = Clock()
    with office(url, *(units or (unit_row("SMST-BTM"),))) as engine:
        channels = {PLATFORM.channel: PLATFORM.capabilities}
        turns = Turns(engine, VAULT, Chance(seed), PLATFORM.links, source=source, channels=channels)
        turns.start()
        web = Web(turns, keep_for_later(engine, clock), clock)
        limit = HourlyLimit(hourly, proxies)
        pages = SurveyPages(web, limit, secure=secure and not wire, random=Chance("pages"))
        app = application(pages.routes)
        try:
            async with _by_wire(app, limits) if wire else _in_process(app) as client:
                yield WebBrowser(client, engine, clock, turns, web)
        finally:
            await web.drain(5)
            turns.stop()


async def to_the_comment(browser: WebBrowser, link: str = "/s/SMST-BTM") -> None:
    await browser.get(link)
    for words in WORDS:
        await browser.tap(words)


def kept_of(browser: WebBrowser) -> list[Conversation]:
    with browser.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT address FROM conversation").scalars().all()
    return [kept(browser.engine, address) for address in found]


def cookies(browser: WebBrowser) -> dict[str, str]:
    return {each.name: each.value or "" for each in browser.client.cookies.jar}
