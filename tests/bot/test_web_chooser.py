"""The page behind a poster's code where there are several channels, and links that lead there."""

import pytest
from httpx import ASGITransport, AsyncClient

from bot.channels.telegram.platform import TelegramPlatform
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.terminal.platform import TerminalPlatform
from bot.channels.web.chooser import chooser
from bot.channels.web.platform import WebPlatform
from bot.channels.web.settings import WebSettings
from bot.core.setting import Part
from bot.settings import load
from bot.web.app import application
from tests.support.away import away
from tests.support.command_line import clean_desk, skm
from tests.support.offices import office, unit_row
from tests.support.visiting import visit
from tests.support.web_pages import HERE, Page

TELEGRAM = TelegramPlatform(TelegramSettings(telegram_bot="skm_kota_bot"), HERE)
WEB = WebPlatform(WebSettings(), HERE)
TERMINAL = TerminalPlatform(Part(), HERE)
TG = "https://t.me/skm_kota_bot?start="
WA = "https://wa.me/6281234567890?text=Survei%3A%20"


async def test_each_channel_that_a_browser_can_open_is_a_link(sqlite_url):
    with office(sqlite_url, unit_row("SMST-BTM")) as engine:
        routes = chooser(engine, (WEB, TERMINAL, TELEGRAM))
        async with AsyncClient(transport=ASGITransport(application(routes)), base_url=HERE) as web:
            page = Page(await web.get("/q/SMST-BTM"))
            assert page.lines == [
                "Kantor SMST-BTM",
                "Isi survei di mana?",
                "Pertanyaannya sama. Pilih yang paling mudah.",
            ]
            assert page.links == [
                ("Telegram", "https://t.me/skm_kota_bot?start=SMST-BTM"),
                ("Langsung di sini", "/s/SMST-BTM"),
            ]
            token = visit(engine, code="SMST-BTM")
            page = Page(await web.get(f"/q/{token}"))
            assert [to.endswith(token) for _, to in page.links] == [True, True]
            assert len(Page(await web.get("/q")).links) == 2
            assert (await web.get("/q/%2Fperan")).status_code == 404
            for wrong in ("NIHIL", f"i_{'x' * 20}", "a b"):
                answer = await web.get(f"/q/{wrong}")
                assert answer.status_code == 404
                assert Page(answer).links == [("Isi survei", "/s")]


async def test_a_database_that_is_away_is_said(database_url):
    with office(database_url, unit_row("SMST-BTM")) as engine:
        transport = ASGITransport(application(chooser(engine, (WEB, TELEGRAM))))
        async with AsyncClient(transport=transport, base_url=HERE) as web:
            with away(engine):
                answer = await web.get("/q/SMST-BTM")
            assert answer.status_code == 503
            assert Page(answer).heading.startswith("Survei sedang tidak dapat dibuka")
            assert (await web.get("/q/SMST-BTM")).status_code == 200


def test_without_the_web_there_is_no_such_page(sqlite_url):
    with office(sqlite_url) as engine:
        assert chooser(engine, (TELEGRAM, TERMINAL)) == ()


@pytest.fixture
def _desk(monkeypatch, tmp_path) -> None:
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("SKM_TELEGRAM_BOT", "skm_kota_bot")
    monkeypatch.setenv("SKM_WHATSAPP_NUMBER", "6281234567890")


@pytest.mark.usefixtures("_desk")
@pytest.mark.parametrize(("channels", "unit", "roles"), [
    ("telegram", f"{TG}SMST", (f"{TG}i_1234",)),
    ("web", f"{HERE}/s/SMST", (f"{HERE}/s/i_1234",)),
    ("telegram,web", f"{HERE}/q/SMST", (f"{TG}i_1234",)),
    ("web,telegram", f"{HERE}/q/SMST", (f"{TG}i_1234",)),
    ("telegram,whatsapp", f"{TG}SMST", (f"{TG}i_1234", f"{WA}i_1234")),
    ("web,whatsapp,telegram", f"{HERE}/q/SMST", (f"{WA}i_1234", f"{TG}i_1234")),
])  # fmt: skip
def test_what_is_printed_leads_where_people_may_choose(monkeypatch, channels, unit, roles):
    """An invitation always leads to a chat, if there is one: roles are for chats. To each of them:
    whoever is invited has one or the other."""
    monkeypatch.setenv("SKM_CHANNELS", channels)
    monkeypatch.setenv("SKM_PUBLIC_URL", HERE)
    settings = load()
    assert settings.links.unit("SMST") == unit
    assert settings.links.invitations("1234") == roles
    assert settings.links.fault == ""


@pytest.mark.usefixtures("_desk")
def test_answers_are_what_their_channel_makes_of_them(monkeypatch):
    monkeypatch.setenv("SKM_CHANNELS", "telegram,web")
    settings = load()
    said = [settings.source(each) for each in ("tg:1", "web:x", "web:kiosk.x", "wa:1")]
    assert said == ["chat", "web", "kiosk", "chat"]


@pytest.mark.usefixtures("_desk")
def test_a_link_says_all_ways_that_lead_to_a_unit(monkeypatch, tmp_path):
    monkeypatch.setenv("SKM_CHANNELS", "telegram,web")
    monkeypatch.setenv("SKM_PUBLIC_URL", HERE)
    url = f"sqlite:///{tmp_path / 'skm.db'}"
    monkeypatch.setenv("SKM_DATABASE_URL", url)
    skm("db", "upgrade")
    with office(url, unit_row("SMST")):
        pass
    said = skm("link", "SMST").output.split()
    assert said == [f"{HERE}/q/SMST", "https://t.me/skm_kota_bot?start=SMST", f"{HERE}/s/SMST"]
