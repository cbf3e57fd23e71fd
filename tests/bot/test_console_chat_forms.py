"""What a role may do in the chat, done at the web console: one question a page."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date
from html import unescape

import pytest

from bot.dialogues import DIALOGUES
from bot.web.console.chat_forms import FILES
from flows.engine.capabilities import OPENS, button_data
from flows.engine.ended import GRACE
from flows.loader import desk_words, words
from flows.office.proof import File
from storage import units
from storage.office import audit, follow_ups, paper_details, public_files
from storage.office.follow_ups import Plan
from tests.support.browser import AGENCY, Browser, browsing, fields_of, text_of
from tests.support.desk import BUTTON, HERE, Desk
from tests.support.offices import NOON, count, scoped, unit_of, unit_row
from tests.support.pictures import LOGO, taken

LINK = re.compile(r'href="([^"]*/file\?of=[^"]*)"')


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        yield browser


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


async def test_two_pages_that_are_sent_at_once_do_it_once(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    desk = Desk(browser)
    await plan(desk)
    (save, *_) = (data for data, said in BUTTON.findall(desk.page.text) if "Simpan" in said)
    sent = {"state": fields_of(desk.page.text)["state"], "do": unescape(save)}
    told = await asyncio.gather(*(browser.send(HERE, **sent) for _ in range(4)))
    assert sorted(each.status_code for each in told) == [200, 422, 422, 422]
    assert count(browser.engine, "follow_up") == 1


async def test_whoever_goes_back_takes_another_file_or_unit(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    desk = Desk(browser)
    await desk.send(command="/poster")
    before = desk.page
    for paper in ("A4", "A5"):
        desk.page = before
        assert await desk.press(paper) == "Berkasnya siap diunduh.", paper
    browser.give("head", "DUKCAPIL")
    await desk.send(command="/penandatangan")
    before = desk.page
    for unit in ("DUKCAPIL", "SMST-BTM"):
        desk.page = before
        assert unit in await desk.press(unit)


async def test_a_command_is_for_the_unit_that_is_named_beside_it(browser: Browser):
    await browser.let_in()
    with browser.engine.begin() as connection:
        units.save(connection, [unit_row("U-2", agency=AGENCY)])
    page = (await browser.client.get(HERE)).text
    assert '<option value="U-2">Kantor U-2</option>' in page
    desk = Desk(browser)
    assert "Pilih /ringkasan" in await desk.send(command="/ringkasan")
    assert "Kantor U-2" in await desk.send(command="/ringkasan", unit="U-2")
    assert "wewenang" in await desk.send(command="/poster", unit="DUKCAPIL")


async def test_a_button_is_pressed_though_the_browser_sends_an_empty_file_along(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    desk = Desk(browser)
    await desk.send(command="/standar")
    await desk.press("Kirim sebagai tabel")
    assert 'type="file"' in desk.page.text
    (back,) = (data for data, said in BUTTON.findall(desk.page.text) if "Kembali" in said)
    state = fields_of(desk.page.text)["state"]
    fields = {"csrftoken": browser.token, "state": state, "do": unescape(back)}
    body = "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                   for name, value in fields.items())  # fmt: skip
    nothing = '--x\r\nContent-Disposition: form-data; name="table"; filename=""\r\n\r\n\r\n--x--'
    headers = {"content-type": "multipart/form-data; boundary=x"}
    desk.page = await browser.client.post(HERE, content=body + nothing, headers=headers)
    assert "Untuk layanan yang mana?" in desk.told


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


@pytest.mark.parametrize("said", ["DUKCAPIL", "samsat", "/cek", "/hapus", "hapus", "ulangi"])
async def test_nor_is_it_by_a_word_at_the_end_of_a_form(browser: Browser, said: str):
    await browser.let_in("head", "SMST-BTM")
    desk = Desk(browser)
    await desk.send(command="/poster")
    await desk.press("A4")
    state = fields_of(desk.page.text)["state"]
    told = await browser.send(HERE, state=state, text=said)
    assert (told.status_code, "sudah berakhir" in text_of(told.text)) == (422, True)


async def test_what_fails_in_the_middle_leaves_nothing_and_may_be_sent_again(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    await browser.let_in("head", "SMST-BTM")
    desk = Desk(browser)
    await plan(desk)
    before = desk.page
    with monkeypatch.context() as broken, pytest.raises(OSError, match="full"):
        broken.setattr(audit, "note", failing)
        await desk.press("Simpan")
    assert count(browser.engine, "follow_up") == 0
    desk.page = before
    assert "tersimpan" in await desk.press("Simpan")
    assert count(browser.engine, "follow_up") == 1


def failing(*_: object, **__: object) -> None:
    raise OSError("the disk is full")


async def test_what_was_written_for_too_long_is_not_lost(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    desk = Desk(browser)
    await desk.send(command="/tindaklanjut SMST-BTM")
    await desk.press("Waktu Penyelesaian")
    browser.clock.at += GRACE
    await desk.send(text="Loket <kedua> & antrean")
    assert desk.page.status_code == 422
    assert "readonly>Loket &lt;kedua&gt; &amp; antrean</textarea>" in desk.page.text


async def test_what_a_role_that_ended_had_open_is_done_no_more(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    browser.give("head", "DUKCAPIL")
    desk = Desk(browser)
    await plan(desk)
    with browser.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM role WHERE scope = 'SMST-BTM'")
    told = await desk.press("Simpan")
    assert count(browser.engine, "follow_up") == 0
    assert "tidak" in told.casefold(), told


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_desk_is_told_nothing_that_only_a_chat_has(language: str):
    """Of what a role's dialogues say: nothing is sent to "this chat", and no command is typed."""
    in_chat, at_desk = words(language).texts, desk_words(language).texts
    roles_own = tuple(
        f"{form}."
        for form, known in DIALOGUES.of_form.items()
        if known.needs or known.menu == "roles"
    )
    own = {key: text for key, text in at_desk.items() if key.startswith((*roles_own, "recap."))}
    assert len(own) > 400
    typed = re.compile(r"(ketik|type) /", re.IGNORECASE)
    assert {key for key, text in own.items() if typed.search(text)} == set()
    assert any(typed.search(in_chat[key]) for key in own)
    assert {key for key in at_desk if key.endswith(".desk") and key[:-5] not in at_desk} == set()


async def test_a_proof_at_a_desk_is_written(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    desk = Desk(browser)
    await plan(desk)
    await desk.press("Simpan")
    await desk.send(command="/tindaklanjut")
    await desk.press("Loket kedua")
    assert "Tulis tautan" in await desk.press("Selesai")
    await desk.send(text="https://contoh.go.id/loket")
    await desk.press("Jangan kabari")
    assert "Pilih /publikasi" in await desk.press("Simpan")


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
        await desk.attach("picture", name, content)
        assert desk.told.startswith(told)
    await desk.press("Simpan")
    with browser.engine.connect() as connection:
        assert paper_details.of_scope(connection, scoped("SMST-BTM")).logo


async def finished_at(browser: Browser, file: File | None = None) -> None:
    """A follow-up of SMST-BTM that is done."""
    with browser.engine.begin() as connection:
        unit = unit_of(connection, "SMST-BTM").id
        plan = Plan("cost", "Papan tarif", date(2026, 11, 19), "Kepala Seksi")
        id = follow_ups.keep(connection, unit, plan, date(2026, 11, 1), NOON, "uji")
        follow_ups.finish(connection, unit, id, date(2026, 11, 18), "", "", file)


async def test_a_photo_for_everybody_is_sent_at_the_desk_seen_there_and_taken_off(browser: Browser):
    await browser.let_in("head", "SMST-BTM")
    await finished_at(browser, File("photo", "AgAC", "tg"))
    desk = Desk(browser)

    async def looks() -> None:
        await desk.send(command="/tindaklanjut SMST-BTM")
        await desk.press("Yang sudah selesai")
        await desk.press("Papan tarif")

    await looks()
    assert "<img" not in desk.page.text
    await desk.press("Pasang foto di situs")
    assert 'name="public" accept=".png,.jpg,.jpeg"' in desk.page.text
    await desk.press("Pakai foto bukti")  # which the platform has, and nobody here asks it
    assert "ada di obrolan Anda" in text_of(desk.page.text)
    await looks()
    await desk.press("Pasang foto di situs")
    assert (await desk.attach("public", "a.gif", b"GIF89a")).startswith("Pilih salah satu tombol")
    assert (await desk.attach("public", "a.jpg", b"GIF89a")).startswith("Foto ini tidak dapat")
    told = await desk.attach("public", "papan.jpg", taken(64, 48))
    assert told.startswith("Foto akan tampil di situs publik Kantor SMST-BTM.")
    await looks()
    assert '<img class="public" src="data:image/jpeg;base64,/9j/' in desk.page.text
    assert "Foto diturunkan" in await desk.press("Turunkan foto")
    with browser.engine.connect() as connection:
        assert public_files.of_units(connection) == {}
