"""What the web console shows and changes: in one's own scope alone."""

import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from storage import audit, standards
from tests.browser import Browser, browsing
from tests.offices import NOON, VAULT, unit_of


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        yield browser


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
        "seen": hidden(page.text),
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


async def test_of_two_who_change_a_unit_the_second_has_to_look_again(browser: Browser):
    await browser.let_in()
    path = "/console/units/edit?pk=SMST-BTM"
    given = {"name": "Satu", "timezone": "Asia/Jakarta", "services": "Pajak; STNK"}
    seen = hidden((await browser.client.get(path)).text)
    for name, status in (("Satu", 303), ("Dua", 422)):
        told = await browser.send(path, **{**given, "name": name, "seen": seen})
        assert told.status_code == status
    assert "diubah orang lain" in told.text
    with browser.engine.connect() as connection:
        assert unit_of(connection, "SMST-BTM").name == "Satu"


def hidden(page: str) -> str:
    return re.findall(r'type="hidden" name="seen" value="(\w+)"', page)[0]


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
