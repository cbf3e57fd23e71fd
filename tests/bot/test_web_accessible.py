"""Whoever reads by ear, by keyboard or enlarged can answer: each page of the survey, in its HTML
and its colours (`tests.support.accessible`)."""

import re
from importlib import resources

import pytest
from httpx import ASGITransport, AsyncClient

from bot.channels.web.chooser import chooser
from bot.web.app import application
from tests.support.accessible import contrast, faint, faults, themes
from tests.support.away import away
from tests.support.offices import unit_row
from tests.support.web_pages import HERE, PLATFORM, WORDS, Page, WebBrowser, surfing

CSS = (resources.files("bot.channels.web") / "static" / "survey.css").read_text("utf-8")


def right(page: Page) -> Page:
    assert faults(page.response.text) == [], page.text
    return page


async def through(browser: WebBrowser, start: str) -> list[str]:
    """A whole survey; the heads of its pages."""
    heads = [right(await browser.get(start)).heading]
    for words in WORDS:
        heads.append(right(await browser.tap(words)).heading)
    right(await browser.type(""))  # with a line above it that says what is wrong
    heads.append(right(await browser.type("Kurang kursi")).heading)
    for words in ("Lewati semua", "Ubah", "2 Prosedur"):
        heads.append(right(await browser.tap(words)).heading)
    right(await browser.tap("Sangat mudah"))
    heads.append(right(await browser.tap("Kirim")).heading)
    return heads


async def test_every_page_of_a_survey(sqlite_url):
    async with surfing(sqlite_url, unit_row("SMST-BTM"), unit_row("SMST-SK")) as browser:
        assert len({*await through(browser, "/s/SMST-BTM")}) > 14
        for words in ("Cek jawaban saya", "Hapus jawaban"):
            right(await browser.tap(words, on=await browser.get("/s/_")))
        other = browser.other()
        page = right(await other.get("/s"))
        right(await other.type("zzzz"))
        page = right(await other.type("kantor"))
        for command in ("/bantuan", "/tampilan", "/bahasa"):
            right(await other.send(page.form(say=command), page))
        right(await other.tap("English"))


async def test_every_sentence(sqlite_url):
    async with surfing(sqlite_url, hourly=1) as browser:
        for path in ("/s/_", f"/s/i_{'x' * 20}", "/k/a%20b"):
            right(await browser.get(path))
        await browser.get("/s/SMST-BTM")
        await browser.tap("Setuju, mulai")
        right(await browser.send({"token": "x"}))
        late = browser.other()
        await late.get("/s/SMST-BTM")
        assert right(await late.tap("Setuju, mulai")).response.status_code == 429
        with away(browser.engine):
            assert right(await browser.get("/s/_")).response.status_code == 503
        routes = chooser(browser.engine, (PLATFORM,))
        transport = ASGITransport(application(routes))
        async with AsyncClient(transport=transport, base_url=HERE) as web:
            for path in ("/q", "/q/SMST-BTM", "/q/NIHIL"):
                right(Page(await web.get(path)))


async def test_a_tablets_pages_only_change_by_themselves(sqlite_url):
    """As they must, for the next person (WCAG 2.2.1 leaves that out where it is essential)."""
    async with surfing(sqlite_url) as browser:
        for path in ("/k/SMST-BTM", "/k/SMST-BTM/_"):
            page = await browser.get(path)
            assert {*faults(page.response.text)} == {"it changes by itself"}


def test_colours_are_told_apart_in_both_themes():
    on_sheet = "ink/sheet soft/sheet mark/sheet"
    texts = f"{on_sheet} ink/ground marked/mark ink/note mark/note"
    assert faint(CSS, texts, "line/sheet mark/sheet mark/ground mark/note") == []
    named = {*re.findall(r"var\(--([\w-]+)\)", CSS)}
    assert named == {*themes(CSS)["light"]} == {*themes(CSS)["dark"]}
    rules = re.sub(r":root\{[^}]*\}", "", CSS)
    assert re.findall(r"#[0-9a-f]{3,8}\b", rules) == [], "a colour that no theme names"


@pytest.mark.parametrize(("one", "other", "ratio"), [
    ("#000", "#fff", 21), ("#fff", "#ffffff", 1), ("#777", "#fff", 4.48), ("#767676", "#fff", 4.54),
    ("#f00", "#fff", 4.00), ("#00f", "#fff", 8.59),
])  # fmt: skip
def test_a_contrast_is_as_others_compute_it(one, other, ratio):
    """As WebAIM's contrast checker says (webaim.org/resources/contrastchecker)."""
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.006)


WHOLE = """<!doctype html><html lang="id"><head><title>Survei</title></head><body>
<main><h1>Satu</h1><form><fieldset><legend>Mudah?</legend><button>Ya</button></fieldset>
<label for="a">Saran</label><input id="a"></form></main></body></html>"""


@pytest.mark.parametrize(("part", "instead", "fault"), [
    (' lang="id"', "", "the page has no language"),
    ("Survei", " ", "the page has no title"),
    ("<title>", '<meta name="viewport" content="maximum-scale=1"><title>', "it cannot be enlarged"),
    ("<h1>Satu</h1>", "", "it has not one h1"),
    ("</form>", "<h1>Dua</h1></form>", "it has not one h1"),
    ("</form>", "<h3>Dua</h3></form>", "h3 follows h1"),
    ("<legend>Mudah?</legend>", "<p>Mudah?</p>", "a fieldset does not begin with its legend"),
    ("Mudah?", "", "a legend says nothing"),
    ("Ya", "", "a button says nothing: <button >"),
    ('for="a"', 'for="b"', "there is no id “b”"),
    ('<label for="a">Saran</label>', "", 'a field has no label: <input id="a">'),
    ("</form>", '<p id="a"></p></form>', "the id “a” is there twice"),
    ("</form>", '<input type="radio" title="x"></form>', "a choice is in no fieldset: <input"),
    ("</form>", '<a href="/s"></a></form>', 'a link says nothing: <a href="/s">'),
    ("</form>", '<img src="x"></form>', 'a picture has no words: <img src="x">'),
    ("</form>", "<li>x</form>", "an item is in no list"),
    ("</form>", "<table><tr><td>1</table></form>", "a table has no headings"),
    ("</form>", '<p tabindex="2">x</p></form>', "it is reached out of order: <p tabindex="),
    ("<button>", '<button aria-hidden="true">', "it can be reached and is not heard: <button "),
    ("Ya", '<a href="/">Ya</a>', "it is to be pressed within another: <a href="),
    ("</form>", "</p></form>", "</p> closes nothing"),
    ("<form>", "<b><form>", "</main> closes nothing"),
    ("<form>", '<form action="a" action="b">', "<form> says an attribute twice"),
    ("<title>", '<meta http-equiv="refresh" content="1"><title>', "it changes by itself"),
])  # fmt: skip
def test_what_keeps_somebody_out_is_found(part, instead, fault):
    assert faults(WHOLE) == []
    assert part in WHOLE
    found = faults(WHOLE.replace(part, instead, 1))
    assert any(each.startswith(fault) for each in found), found
