"""The survey in a browser, from the link to the thanks: pages, the way back, resuming."""

import json

from bot.channels.web.platform import WebPlatform
from bot.channels.web.settings import WebSettings
from flows.engine.ended import GRACE
from storage import units
from storage.office import roles
from storage.scope import EVERYTHING
from tests.support.offices import NOON, Chance, count, everything, run, unit_row
from tests.support.visiting import rows, visit
from tests.support.web_pages import (
    HERE,
    WORDS,
    Page,
    WebBrowser,
    cookies,
    kept_of,
    surfing,
    to_the_comment,
)


async def to_the_end(browser: WebBrowser, link: str = "/s/SMST-BTM") -> None:
    await to_the_comment(browser, link)
    for words in ("Lewati", "Lewati semua", "Kirim"):
        await browser.tap(words)


async def test_a_survey_is_kept_as_of_the_web_and_shown_with_its_receipt(database_url):
    async with surfing(database_url) as browser:
        await to_the_comment(browser)
        page = await browser.type("Antre <b>lama</b> & panas\n{x} %s")
        page = await browser.tap("Lewati semua")
        assert "Saran: *Antre <b>lama</b> & panas {x} %s*" in page.text
        page = await browser.tap("Kirim")
        assert page.text.startswith("Terima kasih, suara Anda tercatat.")
        assert [words for _, _, words in page.buttons] == [
            "Ubah", "Hapus jawaban", "Cek jawaban saya",
        ]  # fmt: skip  # and no news, which would reach nobody
        assert "/hapus" in page.response.text
        assert "/berhenti" not in page.response.text  # nor their end, in the menu
        assert rows(browser.engine, "source", "verified", "channel") == [("web", False, "web")]
        assert rows(browser.engine, "comment") == [("Antre <b>lama</b> & panas\n{x} %s",)]
        page = await browser.tap("Cek jawaban saya")
        assert page.text.startswith("Jawaban ini ikut dihitung"), page.text


async def test_looking_at_a_link_writes_nothing_and_leaves_no_cookie(sqlite_url):
    async with surfing(sqlite_url) as browser:
        before = everything(browser.engine)
        for link in ("/s", "/s/SMST-BTM", "/s/NIHIL", "/s/SMST-BTM_pajak", f"/s/v_{'x' * 52}"):
            assert (await browser.get(link)).response.status_code == 200
        assert everything(browser.engine) == before
        assert not browser.client.cookies


async def test_each_question_has_an_address_and_the_browsers_way_back_corrects(sqlite_url):
    async with surfing(sqlite_url) as browser:
        await browser.get("/s/SMST-BTM")
        for words in WORDS[:4]:
            await browser.tap(words)
        assert browser.page.path == "/s/_/completion_time"
        earlier = await browser.get("/s/_/procedure")  # as the way back asks for it
        assert earlier.lines[0] == "Pertanyaan 2 dari 9"
        assert earlier.now == ["3 Mudah"]
        page = await browser.tap("Sangat mudah")
        assert page.lines[:2] == ["2 Prosedur diubah: Sangat mudah", "Pertanyaan 3 dari 9"]
        page = await browser.get(page.path)  # loaded again: what was said once is not repeated
        assert page.lines[0] == "Pertanyaan 3 dari 9"
        for _ in range(2):  # an old page that the browser shows again means what it says, each time
            await browser.tap("Kurang mudah", on=earlier)
            await browser.tap("Sangat mudah", on=earlier)
        answers = next(iter(kept_of(browser))).answers
        assert (answers["procedure"], "completion_time" in answers) == ("4", False)


async def test_a_text_written_on_an_earlier_page_changes_that_one(sqlite_url):
    async with surfing(sqlite_url) as browser:
        await to_the_comment(browser)
        before = browser.page
        await browser.type("Kurang kursi")
        await browser.type("Kurang bangku", on=await browser.get("/s/_/comment"))
        await browser.type("Kurang bangku", on=before)
        (conversation,) = kept_of(browser)
        assert conversation.answers["comment"] == {"text": "Kurang bangku"}
        assert "gender" not in conversation.answers
        page = await browser.tap("Lewati semua", on=await browser.get("/s/_"))
        assert "Saran: *Kurang bangku*" in page.text


async def test_a_text_written_on_a_page_that_was_passed_over_is_kept(sqlite_url):
    async with surfing(sqlite_url) as browser:
        await to_the_comment(browser)
        await browser.tap("Lewati")
        page = await browser.type("Kurang kursi", on=await browser.get("/s/_/comment"))
        assert page.lines[0] == "Saran diubah: Kurang kursi"
        (conversation,) = kept_of(browser)
        assert conversation.answers["comment"] == {"text": "Kurang kursi"}
        await browser.type("lewati", on=await browser.get("/s/_/comment"))
        (conversation,) = kept_of(browser)
        assert conversation.answers["comment"] == "-skipped"


async def test_a_text_that_no_step_takes_any_more_is_said_not_to_count(sqlite_url):
    async with surfing(sqlite_url) as browser:
        await to_the_comment(browser)
        written = browser.page
        await browser.tap("2 Prosedur", on=await browser.tap("Ubah", on=await at_review(browser)))
        forged = written.form(step="consent", text="x")
        assert (await browser.send(forged)).lines[0].startswith("Jawaban Anda tidak berubah")
        await browser.get("/s/_")
        for words in ("Mudah", "Kirim"):
            await browser.tap(words)
        page = await browser.send(written.form(text="Terlambat"), written)
        assert page.lines[0].startswith("Jawaban ini sudah dikirim"), page.text
        assert rows(browser.engine, "comment") == [(None,)]


async def at_review(browser: WebBrowser) -> Page:
    for words in ("Lewati", "Lewati semua"):
        page = await browser.tap(words)
    return page


async def test_a_text_of_another_survey_is_no_answer_in_this_one(sqlite_url):
    async with surfing(sqlite_url, unit_row("SMST-BTM"), unit_row("SMST-SK")) as browser:
        await to_the_comment(browser)
        old = browser.page
        await at_review(browser)
        await browser.tap("Kirim")
        await to_the_comment(browser, "/s/SMST-SK")
        before = everything(browser.engine)
        page = await browser.send(old.form(text="Kurang kursi"), old)
        assert page.response.status_code == 409
        assert everything(browser.engine) == before
        assert (await browser.get(page.links[0][1])).path == "/s/_/comment"


async def test_enter_in_a_field_sends_the_text(sqlite_url):
    """A browser then presses the form's first button, also where what was said before has one."""
    async with surfing(sqlite_url) as browser:
        page = await browser.get("/s")
        page = await browser.type("zzzz")
        assert page.pressed_by_enter == ("", "")
        page = await browser.send(page.form(say="/bantuan"))
        assert page.writes
        assert 'class="command"' in page.response.text.partition('name="text"')[0]
        assert browser.page.pressed_by_enter == ("", "")


async def test_a_first_form_sent_twice_begins_one_survey(sqlite_url):
    """Before the browser has a cookie; what comes later is somebody else."""
    async with surfing(sqlite_url) as browser:
        page = await browser.get("/s/SMST-BTM")
        form = page.form(do=page.button("Setuju, mulai")[1])
        second, third = browser.other(), browser.other()
        for each in (browser, second):
            assert (await each.send(form)).path == "/s/_/service"
        assert cookies(browser) == cookies(second)
        assert count(browser.engine, "conversation") == 1
        await browser.tap("Pajak tahunan")
        assert (await third.send(form)).path == "/s/_/service"
        assert count(browser.engine, "conversation") == 2
        fourth = browser.other()
        browser.clock.at += 60
        await fourth.send(form)
        assert count(browser.engine, "conversation") == 3
        nobody = [browser.other() for _ in range(2)]
        for each in nobody:
            await each.send({**form, "page": ""})
        assert count(browser.engine, "conversation") == 5


async def test_a_form_sent_twice_is_one_answer(sqlite_url):
    async with surfing(sqlite_url) as browser:
        await to_the_comment(browser)
        form = browser.page.form(text="Baik")
        first, second = await browser.send(form), await browser.send(form)
        assert first.lines == second.lines
        for words in ("Lewati semua", "Kirim"):
            form = browser.page.form(**dict([browser.page.button(words)]))
            await browser.send(form)
            await browser.send(form)
        assert count(browser.engine, "response") == 1
        assert browser.page.text.startswith("Terima kasih")


async def test_who_closed_the_browser_goes_on_where_they_were(sqlite_url):
    async with surfing(sqlite_url) as browser:
        await browser.get("/s/SMST-BTM")
        for words in WORDS[:5]:
            await browser.tap(words)
        cookie = next(each for each in browser.client.cookies.jar)
        assert cookie.expires is not None  # kept when the browser is closed
        browser.clock.at += 86_400
        page = await browser.get("/s/SMST-BTM")
        assert page.lines[:2] == ["Anda sampai di pertanyaan 4 dari 9.", "Pertanyaan 4 dari 9"]
        page = await browser.get("/s")
        assert page.lines[0] == "Pertanyaan 4 dari 9"


async def test_an_answer_is_changed_within_its_grace_time_and_not_after_it(sqlite_url):
    async with surfing(sqlite_url) as browser:
        await to_the_end(browser)
        await browser.tap("Ubah")
        for words in ("1 Persyaratan", "Sangat sesuai", "Kirim"):
            page = await browser.tap(words)
        assert page.text.startswith("Terima kasih")
        ((answers,),) = rows(browser.engine, "answers")
        assert json.loads(answers)["requirements"] == 4
        assert rows(browser.engine, "source") == [("web",)]
        browser.clock.at += GRACE
        page = await browser.tap("Ubah")
        assert "Ubah" not in [words for _, _, words in page.buttons]


async def test_a_visits_link_counts_once_and_as_a_persons_own(sqlite_url):
    async with surfing(sqlite_url) as browser:
        token = visit(browser.engine, code="SMST-BTM")
        await to_the_end(browser, f"/s/{token}")
        assert rows(browser.engine, "source", "verified") == [("chat", True)]
        page = await browser.other().get(f"/s/{token.removeprefix('v_')}")  # bare, too
        assert page.text.startswith("Tautan kunjungan ini sudah dipakai"), page.text
        assert count(browser.engine, "response") == 1


async def test_a_unit_may_want_a_visits_link_in_the_web(sqlite_url):
    async with surfing(sqlite_url, unit_row("SMST-BTM", web="visit")) as browser:
        for link in ("/s/SMST-BTM", "/k/SMST-BTM"):
            page = await browser.get(link)
            assert "hanya menerima jawaban lewat tautan kunjungan" in page.text
        await to_the_end(browser, f"/s/{visit(browser.engine, code='SMST-BTM')}")
        assert rows(browser.engine, "source", "verified") == [("chat", True)]


async def test_a_wish_that_came_meanwhile_holds_when_it_is_sent(sqlite_url):
    async with surfing(sqlite_url) as browser:
        await to_the_comment(browser)
        run(browser.engine, "UPDATE unit SET web = 'visit'")
        for words in ("Lewati", "Lewati semua", "Kirim"):
            page = await browser.tap(words)
        assert "hanya menerima jawaban lewat tautan kunjungan" in page.text
        assert count(browser.engine, "response") == count(browser.engine, "voice") == 0


async def test_a_closed_unit_and_an_unknown_one_are_said(sqlite_url):
    async with surfing(sqlite_url, unit_row("SMST-BTM"), unit_row("TUTUP")) as browser:
        run(browser.engine, "UPDATE unit SET closed_until = '9999-12-31' WHERE code = 'TUTUP'")
        assert (await browser.get("/s/TUTUP")).text == "Survei Kantor TUTUP sedang ditutup."
        page = await browser.get("/s/NIHIL")
        assert page.writes
        assert page.lines[0].startswith("Unit")
        page = await browser.type("smst")
        page = await browser.tap("Kantor SMST-BTM · Contoh")
        assert page.lines[0] == "Survei kepuasan · Kantor SMST-BTM"


async def test_roles_are_for_chats(sqlite_url):
    async with surfing(sqlite_url) as browser:
        with browser.engine.begin() as connection:
            token = roles.invite(connection, "admin", EVERYTHING, NOON, Chance(3))
        assert (await browser.get(f"/s/i_{token}")).response.status_code == 404
        await browser.get("/s")
        for text in (f"/start i_{token}", f"https://skm.contoh.go.id/s/i_{token}"):
            await browser.type(text, on=await browser.get("/s"))
        await browser.send((await browser.get("/s")).form(do=f":>:i_{token}"))
        assert browser.page.text.startswith("Undangan dibuka di obrolan"), browser.page.text
        assert count(browser.engine, "role") == 0


async def test_a_first_page_and_a_whole_survey_are_small(sqlite_url):
    """Heads included, as they go over the wire; nothing is compressed here."""
    async with surfing(sqlite_url) as browser:
        page = await browser.get("/s/SMST-BTM")
        for address in page.assets:
            browser.add(await browser.client.get(address))
        assert browser.bytes <= 30_000
        assert len(page.assets) == 2
        for words in WORDS:
            await browser.tap(words)
        await browser.type("Antre cek fisik hampir dua jam.")
        for words in ("Perempuan", "26–35", "S1", "Swasta", "Kirim"):
            await browser.tap(words)
        assert browser.page.text.startswith("Terima kasih")
        assert browser.bytes <= 100_000


async def test_scripts_and_styles_are_kept_for_good_and_pages_never(sqlite_url):
    async with surfing(sqlite_url) as browser:
        page = await browser.get("/s/SMST-BTM")
        assert page.response.headers["cache-control"] == "no-store"
        for address in page.assets:
            asset = await browser.client.get(address)
            assert "immutable" in asset.headers["cache-control"]
            assert asset.headers["content-type"].startswith(("text/css", "text/javascript"))
        assert "style=" not in page.response.text
        assert "'unsafe-inline'" not in page.response.headers["content-security-policy"]


async def test_a_page_can_be_read_aloud(sqlite_url):
    """A heading that is the question, a label for what is written, a language."""
    async with surfing(sqlite_url) as browser:
        page = await browser.get("/s/SMST-BTM")
        assert '<html lang="id">' in page.response.text
        page = await browser.tap("English")
        assert '<html lang="en">' in page.response.text
        for words in ("Agree, start", "Pajak tahunan"):
            page = await browser.tap(words)
        assert page.response.text.count("<h1") == 1
        assert page.title.endswith(f"{page.heading} · SKM")
        assert "<fieldset" in page.response.text
        assert "Unofficial translation." in page.text
        await browser.get("/s")
        run(browser.engine, "DELETE FROM conversation")
        page = await browser.get("/s")
        assert '<label for="text">' in page.response.text


async def test_what_happened_is_said_in_the_title_too(sqlite_url):
    async with surfing(sqlite_url) as browser:
        await to_the_comment(browser)
        page = await browser.type("")
        assert page.title.startswith(page.lines[0])
        assert page.lines[0] != page.heading


def test_its_links_lead_to_pages_and_nowhere_without_an_address():
    platform = WebPlatform(WebSettings(), HERE)
    assert platform.links.unit("SMST-BTM", "pajak") == f"{HERE}/s/SMST-BTM_pajak"
    assert platform.choosing.unit("SMST-BTM") == f"{HERE}/q/SMST-BTM"
    assert [each.is_right for each in platform.findings(False)] == [True]
    assert platform.links.fault == ""
    alone = WebPlatform(WebSettings(), "")
    assert alone.links.fault
    assert [each.is_right for each in alone.findings(False)] == [False]


async def test_units_are_known_by_their_column(sqlite_url):
    async with surfing(sqlite_url, unit_row("SMST-BTM", web="visit")) as browser:
        with browser.engine.connect() as connection:
            unit = units.by_code(connection, "SMST-BTM")
        assert unit is not None
        assert unit.web == units.VISITS_ONLY


async def test_a_unit_is_found_by_where_one_is(sqlite_url):
    """The field is filled by the page's script alone; whoever writes it by hand is a place, too."""
    here = unit_row("SMST-BTM", latitude=1.13, longitude=104.05)
    there = unit_row("SMST-SK", latitude=-6.2, longitude=106.8)
    async with surfing(sqlite_url, here, there) as browser:
        page = await browser.get("/s")
        assert "lampiran" not in page.text  # which is for chats
        page = await browser.send(page.form(place="1.12 104.04"))
        assert page.buttons[0][2].startswith("Kantor SMST-BTM")
        assert "104.04" not in everything(browser.engine)
        for wrong in ("1.12", "x y", "1e5 2", "999 999", "1.12 104.04 5", "-0x1 2"):
            page = await browser.send((await browser.get("/s/_")).form(place=wrong))
            assert page.response.status_code == 200
