"""What a role may do in the chat, done at the web console: one question a page."""

import re
from collections.abc import AsyncIterator
from html import unescape

import pytest
from httpx import Response

from bot.dialogues import DIALOGUES
from bot.web.console.chat_forms import FILES
from flows.engine.capabilities import OPENS, button_data
from flows.engine.ended import GRACE
from storage.office import follow_ups, paper_details
from tests.support.browser import AGENCY, Browser, browsing, fields_of, text_of
from tests.support.offices import count, scoped, unit_of
from tests.support.pictures import LOGO

HERE = "/console/do"
LINK = re.compile(r'href="([^"]*/file\?of=[^"]*)"')
BUTTON = re.compile(r'name="do" value="([^"]*)">([^<]*)<')
TOLD = re.compile(r'<p class="alert-description"[^>]*>(.*?)</p>', re.DOTALL)


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        yield browser


class Desk:
    """Somebody who goes from page to page."""

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


async def plan(desk: Desk) -> None:
    """A follow-up, as far as its confirmation."""
    await desk.send(command="/tindaklanjut SMST-BTM")
    await desk.press("Waktu Penyelesaian")
    await desk.send(text="Loket kedua")
    await desk.send(text="31/12/2026")
    await desk.send(text="Kepala seksi")


async def test_a_plan_is_made_page_by_page_and_only_once(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    desk = Desk(browser)
    await plan(desk)
    before = desk.page
    assert "Loket kedua" in desk.told
    await desk.press("Simpan")
    with browser.engine.connect() as connection:
        unit = unit_of(connection, "SMST-BTM")
        (kept,) = follow_ups.open_of(connection, unit.id, 9)
    assert (kept.plan.element, kept.plan.person) == ("completion_time", "Kepala seksi")
    assert browser.logged("SMST-BTM")[0].action == "plan_follow_up"
    desk.page = before  # the browser's way back
    await desk.press("Simpan")
    assert (desk.page.status_code, desk.told) == (422, "")
    assert "sudah dikirim" in text_of(desk.page.text)
    assert count(browser.engine, "follow_up") == 1
    assert count(browser.engine, "conversation") == 0  # the chat's own is not touched


@pytest.mark.parametrize(("role", "scope"), [("head", "SMST-BTM"), ("admin", AGENCY),
                                             ("admin", "*")])  # fmt: skip
async def test_every_command_of_a_role_opens(browser: Browser, role: str, scope: str):
    await browser.let_in(role, scope)  # type: ignore[arg-type]
    page = (await browser.client.get(HERE)).text
    commands = re.findall(r'name="command" value="(/\w+)"', page)
    assert {"/laporan", "/poster", "/publikasi", "/inovasi", "/standar"} <= {*commands}
    assert "/konsol" not in commands
    for command in commands:
        desk = Desk(browser)
        told = await desk.send(command=command)
        assert desk.page.status_code == 200, command
        assert told, command


async def test_a_file_is_made_when_its_link_is_followed_and_not_sent_to_the_chat(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    desk = Desk(browser)
    await desk.send(command="/poster")
    assert await desk.press("A4") == "Berkasnya siap diunduh."
    assert count(browser.engine, "outbox") == 0
    (link,) = map(unescape, LINK.findall(desk.page.text))
    got = await browser.client.get(link)
    assert (got.status_code, got.content[:5]) == (200, b"%PDF-")
    assert got.headers["content-disposition"] == 'attachment; filename="poster.pdf"'
    browser.clock.at += GRACE
    late = await browser.client.get(link)
    assert (late.status_code, "terlalu lama" in text_of(late.text)) == (410, True)


async def test_what_is_sealed_for_one_is_nothing_to_another(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    desk = Desk(browser)
    await desk.send(command="/poster")
    await desk.press("A5")
    (link,) = map(unescape, LINK.findall(desk.page.text))
    state = fields_of(desk.page.text)["state"]
    browser.give("head", "DUKCAPIL", "tg:2")
    await browser.enter(browser.url("tg:2"))
    assert (await browser.client.get(link)).status_code == 410
    for forged in (state, "AAAA", "§", state[:-8], link.partition("of=")[2]):
        told = await browser.send(HERE, state=forged, text="ya")
        assert (told.status_code, "terlalu lama" in text_of(told.text)) == (422, True)


@pytest.mark.parametrize("opening", ["SMST-BTM", "", "/start", "/cek ABCD-EFGH", "ya", "/hapus"])
async def test_what_is_a_citizens_is_done_by_no_desk(browser: Browser, opening: str):
    await browser.let_in()
    for data in ({"command": opening}, {"do": button_data("", OPENS, opening)}):
        told = await browser.send(HERE, state="", **data)
        assert told.status_code == 422, data
    assert count(browser.engine, "conversation") == 0


async def test_what_is_not_allowed_is_refused_at_the_desk_too(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    desk = Desk(browser)
    assert "wewenang" in await desk.send(command="/tindaklanjut DUKCAPIL")
    await plan(desk)
    with browser.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM role")
    assert (await browser.send(HERE, state="", command="/poster")).status_code == 303


def test_every_file_that_a_dialogue_makes_is_downloaded_or_lies_with_the_chat():
    assert DIALOGUES.files.keys() >= FILES
    assert DIALOGUES.files.keys() - FILES == {"follow_up_proof", "innovation_proof"}


async def test_a_logo_is_sent_at_the_desk_too(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    desk = Desk(browser)
    await desk.send(command="/penandatangan SMST-BTM")
    await desk.press("Logo")
    assert 'name="picture" accept=".png,.svg,.jpg,.jpeg"' in desk.page.text
    for name, content, told in (
        ("logo.png", b"GIF89a", "Ini bukan PNG, JPEG, atau SVG."),
        ("logo.svg", LOGO, "Logo: gambar yang baru Anda kirim."),
    ):
        data = {"csrftoken": browser.token, "state": fields_of(desk.page.text)["state"]}
        sent = {"picture": (name, content)}
        desk.page = await browser.client.post(HERE, data=data, files=sent)
        assert desk.told.startswith(told)
    await desk.press("Simpan")
    with browser.engine.connect() as connection:
        assert paper_details.of_scope(connection, scoped("SMST-BTM")).logo
