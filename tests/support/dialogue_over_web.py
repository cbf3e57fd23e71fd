"""A dialogue in a browser, at wire level: links are opened, forms are sent, pages are read.

What a browser cannot do (`flows.engine.capabilities.Capabilities.only_asked`, `only_answers`) ends
the replay there: `Beyond` says why.
"""

import asyncio
from dataclasses import dataclass, field

from bot.channels.telegram.updates import Update
from bot.channels.web.visitor import Visitors
from flows.engine.capabilities import button_data
from flows.engine.events import Tapped, Typed
from flows.engine.hear import hear
from flows.engine.say import Label
from flows.engine.say import Message as Said
from flows.loader import words
from flows.survey.find import NAME
from storage.chat import conversations
from tests.support.dialogue import Dialogue, Phone
from tests.support.dialogue_lines import fits
from tests.support.offices import VAULT
from tests.support.web_pages import Page, WebBrowser

GREETING, NEWS = "halo", "Kabari saya perbaikannya"
COMMANDS = ("/cek", "/ubah", "/hapus", "/bahasa", "/bantuan", "/batal", "/tampilan", "/data")


class Beyond(Exception):
    """A line that no browser can send."""


@dataclass(kw_only=True)
class DialogueOverWeb(Dialogue):
    """`replay` blocks: let it run in a thread beside the loop that the web is in."""

    web: WebBrowser
    loop: asyncio.AbstractEventLoop
    browsers: dict[int, WebBrowser] = field(default_factory=dict)  # by phone
    pages: dict[int, list[Page]] = field(default_factory=dict)
    sends: dict[int, dict[str, str]] = field(default_factory=dict)  # by update
    backs: dict[int, tuple[str, str]] = field(default_factory=dict)  # … an earlier page, its button

    def _answer(self, update: Update) -> tuple[Said, str]:
        page = asyncio.run_coroutine_threadsafe(self._bring(update), self.loop).result()
        labels = tuple((Label(words, name, value),) for name, value, words in page.buttons)
        return Said(page.text, labels), ""

    def _address(self, phone: Phone) -> str:
        browser = self.browsers.get(phone.number)
        if browser is None:
            return super()._address(phone)
        value = browser.client.cookies.get("__Host-skm", "..")
        asked = type("Request", (), {"cookies": {"__Host-skm": value}})
        who = Visitors(VAULT, bytes, secure=True).read(asked)  # type: ignore[arg-type]
        return who.address if who else super()._address(phone)

    def _button(self, label: str, on: str) -> tuple[Label, str]:
        """Of the page in sight, or by the browser's way back."""
        pages = self.pages.get(self.phone.number, [])
        before = pages if not on else pages[:-1]
        for page in reversed(before):
            found = [(n, v, w) for n, v, w in page.buttons if fits(label, w)]
            if on in page.text and found:
                name, value, words = found[0]
                self.page = page
                return Label(words, name, value), ""
            if not on:
                break
        if label == NEWS:
            raise Beyond("news reach nobody")
        raise LookupError(f"no button [{label}]")

    def _tap(self, tap):  # type: ignore[no-untyped-def]
        label, _ = self._button(tap["label"], tap["on"] or "")
        self.sends[self.updates] = self.page.form(**{label.step: label.choice})
        if tap["on"] and self.page.is_kept:
            self.backs[self.updates] = self.page.path, label.text
        return Update(self.updates)

    async def _bring(self, update: Update) -> Page:
        browser = self.browsers.get(self.phone.number)
        if browser is None:
            browser = self.browsers[self.phone.number] = self.web.other()
        browser.clock.at = self.now - 5
        pages = self.pages.setdefault(self.phone.number, [])
        if back := self.backs.pop(update.update_id, None):
            page = await self._go_back(browser, update.update_id, *back)
        elif update.update_id in self.sends:
            page = await browser.send(self.sends[update.update_id])
        elif update.message and update.message.text is not None:
            page = await self._write(browser, update.update_id, update.message.text)
        else:
            raise Beyond("no words")
        pages.append(page)
        return page

    async def _go_back(self, browser: WebBrowser, number: int, path: str, label: str) -> Page:
        """The page is asked for again; where it is gone, the browser may still show it."""
        page = await browser.get(path)
        if any(words == label for _, _, words in page.buttons):
            return await browser.tap(label)
        return await browser.send(self.sends[number])

    async def _write(self, browser: WebBrowser, number: int, text: str) -> Page:
        command, _, said = text.partition(" ")
        if said.startswith("i_"):
            raise Beyond("roles are for chats")
        if "t.me/" in text:
            raise Beyond("a link of another platform")
        if command == "/start":
            browser.clock.at += 5
            return await browser.get(f"/s/{said}" if said else "/s")
        page = browser.page
        if page is None:  # whoever only writes comes to the page that looks for a unit
            page = await browser.get("/s")
            if text == GREETING:
                return page
            if len(text) > NAME:
                raise Beyond("more than a name")
        if text in COMMANDS:
            self.sends[number] = page.form(say=text)
        elif page.writes:
            self.sends[number] = page.form(text=text)
        else:
            self.sends[number] = page.form(do=self._meant(page, text))
        return await browser.send(self.sends[number])

    def _meant(self, page: Page, text: str) -> str:
        """Whoever would write what means a button taps it. Raises Beyond."""
        said = text.casefold()
        for name, value, label in page.buttons:
            if name == "do" and (fits(said, label.casefold()) or label.startswith(f"{said} ")):
                return value
        with self.engine.connect() as connection:
            address = self._address(self.phone)
            kept = conversations.load(connection, [address])[address]
            if not kept:
                raise Beyond("words where none are asked for")
            now = kept[-1].conversation
            form = self.turns.forms.get(connection, now)
        heard = hear(form, now, Typed("0", self.now, text), words(now.language))
        if isinstance(heard, Tapped):
            data = button_data(now.id, heard.step, heard.choice)
            if any(value == data for _, value, _ in page.buttons):
                return data
        raise Beyond("words where none are asked for")
