"""What is written at the web console: by the chat's own forms, so with its rules and its log."""

import re
from collections.abc import AsyncIterator
from datetime import date

import pytest

from storage import standards
from storage.answers import votes
from storage.office import follow_ups, holders, public_files, roles
from storage.office.follow_ups import Plan
from tests.support.browser import AGENCY, Browser, browsing, fault_at, fields_of, text_of
from tests.support.offices import NOON, VAULT, Chance, scoped, unit_of

HERE, THERE = "SMST-BTM", "DUKCAPIL"
UNIT = f"/console/units/edit?pk={HERE}"
PLAN = {
    "unit": HERE,
    "element": "cost",
    "programme": "Antrean daring",
    "person": "Kepala seksi",
    "due": "31/12/2026",
}


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        yield browser


async def test_a_time_zone_stays_once_somebody_answered(browser: Browser):
    await browser.let_in()
    with browser.engine.begin() as connection:
        unit = unit_of(connection, HERE)
        voter, period = votes.Person("tg:9", unit.id, "stnk"), unit.period_at(NOON)
        votes.count(votes.Keys(connection, VAULT), voter, period, Chance(7), period.first)
    told = await browser.change(UNIT, timezone="Asia/Makassar")
    assert "Zona waktu tetap WIB" in fault_at("timezone", told)
    with browser.engine.connect() as connection:
        assert unit_of(connection, HERE).timezone == "Asia/Jakarta"
    assert (await browser.change(UNIT, opening_hours="08.00")).status_code == 303


async def test_a_unit_is_changed_and_logged(browser: Browser):
    await browser.let_in()
    told = await browser.change(
        UNIT,
        name="Samsat <b>Batam</b>",
        timezone="Asia/Makassar",
        opening_hours="08.00–15.00",
        population="5000",
        services="Pajak\r\nMutasi",
        open="until",
        closed_until="30/11/2026",
    )
    assert told.status_code == 303
    with browser.engine.connect() as connection:
        unit = unit_of(connection, HERE)
    assert (unit.name, unit.timezone, unit.population) == (
        "Samsat <b>Batam</b>",
        "Asia/Makassar",
        5000,
    )
    assert [s["id"] for s in unit.services] == ["pajak", "mutasi"]
    assert [s["id"] for s in unit.retired] == ["stnk"]
    assert unit.closed_until == date(2026, 11, 30)
    (entry,) = browser.logged(HERE)
    assert (entry.action, entry.by) == ("edit_units", VAULT.pseudonym("tg:1"))
    assert entry.after is not None
    assert entry.after["opening_hours"] == "08.00–15.00"
    page = await browser.client.get("/console/units/list")
    assert "<b>Batam</b>" not in page.text
    assert "ditutup sampai 30/11/2026" in text_of(page.text)


async def test_a_bad_value_is_told_at_its_field_and_changes_nothing(browser: Browser):
    await browser.let_in()
    for field, written, said in (
        ("population", "x", "bilangan bulat"),
        ("closed_until", "1/11/2026", "bukan tanggal sesudah hari ini"),
        ("name", "", "Wajib diisi"),
        ("services", "Pajak\r\npajak", "lebih dari sekali"),
    ):
        told = await browser.change(UNIT, **{"open": "until", "population": "7", field: written})
        assert (told.status_code, said in fault_at(field, told)) == (422, True), written
        assert "SMST-BTM" in fields_of(told.text)["code"]  # what may only be read is there still
    with browser.engine.connect() as connection:
        assert unit_of(connection, HERE).population == 1000
    assert browser.logged(HERE) == []


async def test_of_two_who_change_a_unit_the_second_has_to_look_again(browser: Browser):
    await browser.let_in()
    seen = re.findall(r'name="seen" value="(\w+)"', (await browser.client.get(UNIT)).text)[0]
    for name, status in (("Satu", 303), ("Dua", 422)):
        told = await browser.change(UNIT, name=name, seen=seen)
        assert told.status_code == status
    assert "diubah orang lain" in told.text
    with browser.engine.connect() as connection:
        assert unit_of(connection, HERE).name == "Satu"


async def test_a_promise_is_written_for_ones_own_unit_alone(browser: Browser):
    await browser.let_in("head", HERE)
    given = {"service": "Pajak", "element": "cost", "text": "Gratis", "since": "1/12/2026"}
    path = "/console/standards/create"
    for unit, status in ((THERE, 422), (HERE, 303)):
        assert (await browser.send(path, unit=unit, **given)).status_code == status
    wrong = await browser.send(path, unit=HERE, **{**given, "service": "Paspor"})
    assert "Yang dapat dipilih: Pajak, STNK" in text_of(wrong.text)
    assert "Wajib diisi" in text_of((await browser.send(path, unit=HERE)).text)
    with browser.engine.connect() as connection:
        kept = [standards.of_unit(connection, unit_of(connection, code).id)
                for code in (THERE, HERE)]  # fmt: skip
    assert [[(p.text, p.service, p.valid_from) for p in found] for found in kept] == [
        [],
        [("Gratis", "pajak", date(2026, 12, 1))],
    ]
    assert [entry.action for entry in browser.logged(HERE)] == ["edit_standards"]
    assert "1 Des 2026" in await browser.page("standards/list")


async def test_a_plan_is_made_begun_and_finished_with_its_proof(browser: Browser):
    await browser.let_in("head", HERE)
    assert (await browser.send("/console/follow_ups/create", **PLAN)).status_code == 303
    edit = f"/console/follow_ups/edit?pk={HERE}~1"
    assert (await browser.change(edit, do="begin")).status_code == 303
    stale = await browser.change(edit, do="finish", seen="0")
    assert "diubah orang lain" in stale.text
    proof = "https://contoh.go.id/antrean"
    assert (await browser.change(edit, do="finish", proof=proof)).status_code == 303
    again = await browser.change(edit, do="drop")
    assert "sudah ditutup" in again.text
    with browser.engine.connect() as connection:
        kept = follow_ups.one(connection, unit_of(connection, HERE).id, 1)
    assert kept is not None
    assert (kept.status, kept.proof, kept.told) == ("done", proof, "")
    assert [entry.action for entry in browser.logged(HERE)] == 3 * ["plan_follow_up"]
    assert proof in await browser.page(f"follow_ups/detail?pk={HERE}~1")


async def test_a_plan_that_a_chat_has_no_room_to_list_is_changed(browser: Browser):
    await browser.let_in("head", HERE)
    for number in range(1, 11):
        given = {**PLAN, "programme": f"Rencana {number}"}
        await browser.send("/console/follow_ups/create", **given)
    told = await browser.change(f"/console/follow_ups/edit?pk={HERE}~10", do="begin")
    assert told.status_code == 303
    assert (await browser.page("follow_ups/list")).count("berjalan") == 1


async def test_a_bad_plan_is_none(browser: Browser):
    await browser.let_in("head", HERE)
    for field, written, said in (
        ("due", "1/1/2026", "sudah lewat"),
        ("due", "", "perlu diisi"),
        ("programme", "x" * 301, "Terlalu panjang: 301"),
        ("unit", THERE, "di luar wewenang"),
    ):
        told = await browser.send("/console/follow_ups/create", **{**PLAN, field: written})
        assert (told.status_code, said in fault_at(field, told)) == (422, True), written
    assert (browser.logged(HERE), browser.logged(THERE)) == ([], [])


async def test_an_invitation_is_shown_once_and_withdrawn(browser: Browser):
    await browser.let_in("head", HERE)
    path = "/console/invitations/create"
    for scope, role in ((THERE, "head"), (HERE, "evaluator"), (AGENCY, "admin"), ("*", "admin")):
        assert (await browser.send(path, invite_to=scope, role=role)).status_code == 422
    assert (await browser.send(path, invite_to=HERE, role="officer")).status_code == 303
    first, second = [await browser.page("invitations/list") for _ in range(2)]
    token = re.findall(r"https://t\.me/skm_bot\?start=i_(\S+)", first)[0]
    assert "start=" not in second
    with browser.engine.begin() as connection:
        (out,) = holders.invitations(connection, scoped(HERE), NOON)
        assert holders.invitation(connection, token=token) == out
    assert (await browser.end("invitations", f"unit:{HERE}~{out.id}")).status_code == 200
    with browser.engine.begin() as connection, pytest.raises(roles.InviteRefused):
        roles.join(connection, token, "tg:5", NOON)
    assert [entry.action for entry in browser.logged(HERE)] == ["withdraw_invitation", "invite"]


async def test_a_role_is_ended_by_whoever_may_give_it_and_never_ones_own(browser: Browser):
    browser.give("head", HERE, "tg:2")
    browser.give("head", THERE, "tg:3")
    await browser.let_in("head", HERE)
    for scope, address, status in ((THERE, "tg:3", 400), (HERE, "tg:1", 400), (HERE, "tg:2", 200)):
        told = await browser.end("roles", f"unit:{scope}~head_{VAULT.pseudonym(address)}")
        assert told.status_code == status
    with browser.engine.connect() as connection:
        assert [held.address for held in holders.held_in(connection, scoped(HERE))] == ["tg:1"]
        assert [held.address for held in holders.held_in(connection, scoped(THERE))] == ["tg:3"]


async def test_a_photo_that_everybody_sees_is_shown_and_taken_off(browser: Browser):
    await browser.let_in("head", HERE)
    with browser.engine.begin() as connection:
        plan, day = (
            Plan("cost", "Papan tarif", date(2026, 11, 19), "Kepala Seksi"),
            date(2026, 11, 1),
        )
        for code in (HERE, THERE):
            unit = unit_of(connection, code).id
            id = follow_ups.keep(connection, unit, plan, day, NOON, "uji")
            follow_ups.finish(connection, unit, id, day, "", "")
            public_files.keep(connection, unit, "follow_up", str(id), b"photo", NOON, (8, 6))
    (listed,) = re.findall(r'data-sa-pk="([^"]+)"', (await browser.client.get(LIST)).text)
    page = (await browser.client.get(f"/console/follow_ups/detail?pk={listed}")).text
    assert '<img class="public" src="data:image/jpeg;base64,cGhvdG8="' in page
    assert "Turunkan foto" in text_of(page)
    assert (await browser.end("follow_ups", f"{THERE}~2")).status_code != 200
    assert (await browser.end("follow_ups", listed)).status_code == 200
    with browser.engine.connect() as connection:
        assert public_files.of_units(connection).keys() == {unit_of(connection, THERE).id}
    (entry,) = browser.logged(HERE)
    assert entry.after == {"element": "cost", "name": "Papan tarif", "photo": "withdrawn"}
    page = (await browser.client.get(f"/console/follow_ups/detail?pk={listed}")).text
    assert "Turunkan foto" not in text_of(page)
    assert (await browser.end("follow_ups", listed)).status_code != 200


LIST = "/console/follow_ups/list"
