"""The web console: who gets in, once; what it shows, and changes, in one's own scope alone."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import Engine, text

from bot.console import mount
from bot.console_door import COOKIE
from bot.desk import Desk, Forms
from bot.openings import resolve
from flows.events import Opened
from flows.form import Line
from storage import audit, console_keys, roles, standards
from storage.roles import RoleName
from tests.fake_channel import Clock
from tests.offices import NOON, VAULT, Chance, office, unit_of, unit_row

HERE = "https://skm.contoh.go.id"
AGENCY = "Pemprov Contoh"
SERVICES = [{"id": "pajak", "label": "Pajak"}, {"id": "stnk", "label": "STNK"}]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    here = unit_row("SMST-BTM", services=SERVICES)
    with office(database_url, here, unit_row("DUKCAPIL", agency="Kota Lain")) as engine:
        yield engine


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


@pytest.fixture
async def browser(engine: Engine) -> AsyncIterator[Browser]:
    app, clock = FastAPI(), Clock()
    mount(app, engine, VAULT, clock, Chance(7), secure=True)
    async with AsyncClient(transport=ASGITransport(app), base_url=HERE) as client:
        yield Browser(engine, client, clock)


async def test_a_link_lets_in_once_and_only_by_its_button(browser: Browser):
    browser.give("admin", AGENCY)
    url = str(browser.link().params["url"])
    for _ in range(3):  # a preview of the link uses nothing up
        assert "Masuk" in (await browser.client.get(url)).text
    entered = await browser.enter(url)
    assert entered.status_code == 303
    cookie = next(c for c in entered.headers.get_list("set-cookie") if COOKIE in c).lower()
    for said in ("httponly", "samesite=strict", "secure", "path=/console"):
        assert said in cookie
    assert (await browser.client.get("/console/units/list")).status_code == 200
    again = await browser.enter(url)
    assert again.status_code == 400
    assert "sudah dipakai" in again.text


async def test_a_link_that_is_over_or_forged_or_without_a_token_of_the_page(browser: Browser):
    browser.give("admin", AGENCY)
    url = str(browser.link().params["url"])
    token = url.partition("token=")[2]
    refused = await browser.client.post("/console/login", data={"token": token})
    assert (refused.status_code, COOKIE in browser.client.cookies) == (403, False)
    browser.clock.at += console_keys.LINK
    assert (await browser.enter(url)).status_code == 400
    assert (await browser.enter(f"{HERE}/console/login?token=%22%3E%3Cb%3E")).status_code == 400
    with browser.engine.connect() as connection:
        kept = connection.execute(text("SELECT hash FROM console_key")).scalars().all()
    assert token.encode() not in b"".join(map(bytes, kept))


async def test_nobody_gets_in_without_a_role_or_after_it_ended(browser: Browser):
    assert browser.link("tg:9").key == "role.none"
    page = await browser.client.get("/console/units/list")
    assert (page.status_code, page.headers["location"].partition("?")[0]) == (
        303,
        f"{HERE}/console/login",
    )
    await browser.let_in()
    with browser.engine.begin() as connection:
        connection.execute(text("DELETE FROM role"))
    assert (await browser.client.get("/console/units/list")).status_code == 303
    browser.give("admin", AGENCY)
    assert (await browser.client.get("/console/units/list")).status_code == 200
    browser.clock.at += console_keys.SESSION
    assert (await browser.client.get("/console/units/list")).status_code == 303


async def test_whoever_leaves_is_out(browser: Browser):
    await browser.let_in()
    session = browser.client.cookies[COOKIE]
    assert "Anda sudah keluar" in (await browser.send("/console/logout")).text
    browser.client.cookies.set(COOKIE, session, "skm.contoh.go.id", "/console")
    assert (await browser.client.get("/console/units/list")).status_code == 303


async def test_lists_hold_ones_own_scope(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    with browser.engine.begin() as connection:
        unit = unit_of(connection, "DUKCAPIL")
        day = NOON // 86_400
        assert day
        secret = standards.Promise("", "cost", "Rahasia Lain", unit.period_at(NOON).first)
        standards.keep(connection, unit.id, [secret])
        audit.note(connection, NOON, "abc", "edit_units", "DUKCAPIL", after={"name": "Lain"})
    for table in ("standards", "roles", "follow_ups", "log"):
        page = await browser.client.get(f"/console/{table}/list")
        assert page.status_code == 200, table
        assert "Lain" not in page.text, table
    for table in ("units", "questions"):  # an admin's
        assert (await browser.client.get(f"/console/{table}/list")).status_code == 403
    assert (await browser.client.get("/console/")).status_code == 200


@pytest.mark.parametrize("id", ["DUKCAPIL", "NOWHERE", "dukcapil", "%2e%2e"])
async def test_an_id_of_anothers_is_none(browser: Browser, id: str):
    await browser.let_in()
    for page in ("detail", "edit"):
        assert (await browser.client.get(f"/console/units/{page}?pk={id}")).status_code == 404
    told = await browser.send(
        f"/console/units/edit?pk={id}", name="Diambil", timezone="Asia/Jakarta"
    )
    assert told.status_code in (404, 422)
    with browser.engine.connect() as connection:
        assert unit_of(connection, "DUKCAPIL").name == "Kantor DUKCAPIL"


async def test_a_unit_is_changed_and_logged_and_a_fault_changes_nothing(browser: Browser):
    await browser.let_in()
    page = await browser.client.get("/console/units/edit?pk=SMST-BTM")
    assert page.status_code == 200
    given = {
        "code": "SMST-BTM",
        "name": "Samsat <b>Batam</b>",
        "timezone": "Asia/Makassar",
        "opening_hours": "08.00–15.00",
        "population": "5000",
        "services": "Pajak; Mutasi",
        "closed_until": "",
    }
    bad = await browser.send("/console/units/edit?pk=SMST-BTM", **{**given, "population": "x"})
    assert bad.status_code == 422
    assert "tulis bilangan bulat" in bad.text
    refused = await browser.client.post("/console/units/edit?pk=SMST-BTM", data=given)
    assert refused.status_code == 403  # without the page's CSRF token
    with browser.engine.connect() as connection:
        assert unit_of(connection, "SMST-BTM").name == "Kantor SMST-BTM"
    assert (await browser.send("/console/units/edit?pk=SMST-BTM", **given)).status_code == 303
    with browser.engine.connect() as connection:
        unit = unit_of(connection, "SMST-BTM")
        last = audit.latest(connection, ["SMST-BTM"], 1)[0]
    assert (unit.name, unit.timezone, unit.population) == (given["name"], "Asia/Makassar", 5000)
    assert [s["id"] for s in unit.services] == ["pajak", "mutasi"]
    assert [s["id"] for s in unit.retired] == ["stnk"]
    assert (last.action, last.by) == ("edit_units", VAULT.pseudonym("tg:1"))
    assert last.after is not None
    assert last.after["opening_hours"] == "08.00–15.00"
    shown = (await browser.client.get("/console/units/list")).text
    assert "<b>Batam</b>" not in shown


async def test_a_promise_is_written_for_ones_own_unit_alone(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    assert (await browser.client.get("/console/standards/create")).status_code == 200
    given = {"service": "Pajak", "element": "cost", "text": "Gratis", "valid_from": "2026-12-01"}
    for unit, status in (("DUKCAPIL", 422), ("SMST-BTM", 303)):
        told = await browser.send("/console/standards/create", unit=unit, **given)
        assert told.status_code == status
    with browser.engine.connect() as connection:
        kept = [standards.of_unit(connection, unit_of(connection, code).id)
                for code in ("DUKCAPIL", "SMST-BTM")]  # fmt: skip
        assert [[each.text for each in found] for found in kept] == [[], ["Gratis"]]
        assert audit.latest(connection, ["SMST-BTM"], 1)[0].action == "edit_standards"


async def test_a_role_is_ended_by_whoever_may_give_it(browser: Browser):
    browser.give("head", "SMST-BTM", "tg:2")
    browser.give("head", "DUKCAPIL", "tg:3")
    await browser.let_in()
    ids = [
        f"{scope}~head~{VAULT.pseudonym(address)}"
        for scope, address in (("DUKCAPIL", "tg:3"), ("SMST-BTM", "tg:2"))
    ]
    unsent = await browser.client.post(f"/console/_api/roles/row-action?name=delete&pk={ids[1]}")
    assert unsent.status_code == 403
    for id, status in zip(ids, (400, 200), strict=True):
        told = await browser.send(f"/console/_api/roles/row-action?name=delete&pk={id}")
        assert told.status_code == status
    with browser.engine.connect() as connection:
        left = connection.execute(text("SELECT address FROM role ORDER BY address")).scalars()
        assert list(left) == ["tg:1", "tg:3"]


async def test_its_own_words_are_indonesian(browser: Browser):
    await browser.let_in()
    page = (await browser.client.get("/console/units/edit?pk=SMST-BTM")).text
    for said in ("Ubah Unit", "Simpan", "Batal", "Jam layanan", "Keluar"):
        assert said in page
    assert "Akhiri" in (await browser.client.get("/console/roles/list")).text


async def test_no_page_loads_from_elsewhere_or_is_kept_or_framed(browser: Browser):
    await browser.let_in()
    for path in ("/console/units/list", "/console/login"):
        headers = (await browser.client.get(path)).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"


async def test_without_an_address_of_the_web_the_chat_says_so(browser: Browser):
    browser.give("admin", AGENCY)
    with browser.engine.begin() as connection:
        desk = Desk(connection, VAULT, Forms(), Chance())
        assert resolve(desk, "tg:1", Opened(1, NOON, "/konsol")) == Line("console.unreachable")
