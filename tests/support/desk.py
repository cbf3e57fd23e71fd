"""Somebody who does a dialogue at the web console, page after page."""

import re
from html import unescape

from httpx import Response

from tests.support.browser import Browser, fields_of, text_of

HERE = "/console/do"
BUTTON = re.compile(r'name="do" value="([^"]*)">([^<]*)<')
TOLD = re.compile(r'<p class="alert-description"[^>]*>(.*?)</p>', re.DOTALL)


class Desk:
    def __init__(self, browser: Browser) -> None:
        self.browser, self.page = browser, Response(200, text="")

    @property
    def told(self) -> str:
        found = TOLD.search(self.page.text)
        return unescape(found[1]) if found else ""

    async def send(self, **data: str) -> str:
        state = fields_of(self.page.text).get("state", "")
        self.page = await self.browser.send(HERE, **{"state": state, **data})
        return self.told

    async def press(self, label: str) -> str:
        found = [data for data, said in BUTTON.findall(self.page.text) if label in unescape(said)]
        assert found, (label, text_of(self.page.text))
        return await self.send(do=unescape(found[0]))

    async def attach(self, field: str, name: str, content: bytes) -> str:
        """`field`: "table" or "picture"."""
        data = {"csrftoken": self.browser.token, "state": fields_of(self.page.text)["state"]}
        sent = {field: (name, content)}
        self.page = await self.browser.client.post(HERE, data=data, files=sent)
        return self.told
