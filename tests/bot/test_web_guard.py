"""Bad input at the web survey: refused with a status and a sentence, counted, nothing kept."""

import re
import secrets
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.exc import TimeoutError as NoneFree
from starlette.requests import Request

from bot.channels.web.hourly_limit import HourlyLimit
from bot.channels.web.visitor import Visitors
from bot.core.watch import metrics
from tests.support.away import away
from tests.support.offices import NOON, VAULT, count, everything
from tests.support.paths import ROOT
from tests.support.web_pages import FORM, HERE, Page, WebBrowser, surfing

HTML = "<script>alert(1)</script><b>\"'&"


def counted(outcome: str = "unreadable") -> float:
    return metrics.update("web", outcome)._value.get()


async def at_a_question(browser: WebBrowser) -> Page:
    await browser.get("/s/SMST-BTM")
    await browser.tap("Setuju, mulai")
    return await browser.tap("Pajak tahunan")


async def test_what_is_no_form_of_ours_is_refused_before_anything_is_kept(sqlite_url):
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"text=" + b"x" * 100_000

    async with surfing(sqlite_url) as browser:
        page = await at_a_question(browser)
        before, seen = everything(browser.engine), counted()
        good = page.form(do=page.buttons[0][1])
        bad = [
            (413, {"content": b"text=" + b"x" * 10_000_000}),
            (413, {"content": endless()}),
            (415, {"json": good}),
            (415, {"files": {"text": b"x"}}),
            (400, {"content": b"\xff\xfe=\xff"}),
            (400, {"content": b"do"}),
            (400, {"content": "&".join(f"f{n}=1" for n in range(40)).encode()}),
            (403, {"data": {**good, "token": ""}}),
            (403, {"data": {**good, "token": "é" * 22}}),
            (403, {"data": {**good, "token": secrets.token_urlsafe(16)}}),
            (403, {"data": good, "headers": {"Sec-Fetch-Site": "cross-site"}}),
            (403, {"data": good, "headers": {"Sec-Fetch-Site": "same-site"}}),
            (403, {"data": good, "headers": {"Origin": "https://elsewhere.example"}}),
            (403, {"data": good, "headers": {"Origin": "null"}}),
            (403, {"data": good, "headers": {"Origin": "https://["}}),
            (404, {"data": {**good, "open": "i_" + "x" * 20}}),
            (404, {"data": {**good, "open": "/peran"}}),
        ]
        for status, sent in bad:
            headers = {**({} if "json" in sent or "files" in sent else FORM),
                       **sent.pop("headers", {})}  # fmt: skip
            answer = await browser.client.post("/s/_", headers=headers, **sent)
            assert answer.status_code == status, (status, sent.keys())
            assert Page(answer).heading
        assert counted() - seen == len(bad)
        assert everything(browser.engine) == before
        assert (await browser.send(good)).lines[0] == "Pertanyaan 2 dari 9"


@pytest.mark.parametrize("forged", [
    "", "x", "A" * 22, "A" * 22 + "..", "A" * 22 + ".SMST-BTM.", "A" * 22 + ".." + "B" * 40,
    "A" * 22 + "../../etc/passwd", "A" * 5_000, "%00" * 30,
])  # fmt: skip
async def test_a_forged_cookie_opens_nobodys_survey(sqlite_url, forged):
    async with surfing(sqlite_url) as browser:
        page = await at_a_question(browser)
        before = everything(browser.engine)
        thief = browser.other(headers={"Cookie": f"__Host-skm={forged}"})
        for path in ("/s/_", "/s/_/requirements", "/s/_/%3Cscript%3E"):
            answer = await thief.client.get(path)
            assert answer.status_code == 410
            assert "Pertanyaan" not in answer.text
        answer = await thief.client.post("/s/_", data=page.form(do=page.buttons[0][1]))
        assert answer.status_code in (400, 403)
        assert everything(browser.engine) == before


async def test_the_database_tells_no_cookie(sqlite_url):
    async with surfing(sqlite_url) as browser:
        await at_a_question(browser)
        key = browser.client.cookies["__Host-skm"].partition(".")[0]
        assert len(key) == 22
        assert key not in everything(browser.engine)


@pytest.mark.parametrize("do", [
    "", ":", "::", "x:y:z", ":consent:agreed", ":>:/hapus " + "A" * 24, ":>:/peran",
    "{id}:requirements:9", "{id}:requirements:" + HTML, "{id}:comment:-skipped", "{id}:review:send",
    "{id}:officer_conduct:1", "{id}:_ended:edit", "{id}:nothing:1", "{id}:requirements:1\0",
    "{other}:requirements:1",
])  # fmt: skip
async def test_a_forged_button_answers_nothing(sqlite_url, do):
    async with surfing(sqlite_url) as browser:
        other = browser.other()
        theirs = (await at_a_question(other)).buttons[0][1].partition(":")[0]
        page = await at_a_question(browser)
        mine = page.buttons[0][1].partition(":")[0]
        assert mine != theirs
        answer = await browser.send(
            page.form(do=do.replace("{id}", mine).replace("{other}", theirs))
        )
        assert answer.response.status_code in (200, 404)
        assert "<script>alert" not in answer.response.text
        page = await browser.get("/s/_")
        assert "Pertanyaan 1 dari 9" in page.text
        assert (await other.get("/s/_")).lines[0] == "Pertanyaan 1 dari 9"
        assert count(browser.engine, "response") == 0


async def test_html_in_every_field_is_text(sqlite_url):
    async with surfing(sqlite_url) as browser:
        page = await browser.get("/s")
        for name in ("text", "step", "page", "do", "say", "open", "kiosk"):
            answer = await browser.send((await browser.get("/s")).form(**{name: HTML}))
            assert "<script>alert" not in answer.response.text, name
            assert answer.response.status_code in (200, 404)
        for path in ("/s/", "/q/", "/k/", "/s/_/"):
            answer = await browser.client.get(path + "%3Cscript%3Ealert(1)%3C%2Fscript%3E")
            assert "<script>alert" not in answer.text
        assert page.writes


async def test_a_note_that_somebody_made_up_is_not_shown(sqlite_url):
    async with surfing(sqlite_url) as browser:
        await at_a_question(browser)
        key = browser.client.cookies["__Host-skm"].partition(".")[0]
        forger = browser.other(headers={"Cookie": f"__Host-skm={key}..U2VuZCBtb25leQ=="})
        page = await forger.get("/s/_/requirements")
        assert page.lines[0] == "Pertanyaan 1 dari 9"


async def test_one_network_begins_so_many_surveys_an_hour(sqlite_url):
    async with surfing(sqlite_url, hourly=3) as browser:
        seen = counted("limited")
        for status in (200, 200, 200, 429):
            visitor = browser.other()
            await visitor.get("/s/SMST-BTM")
            page = await visitor.tap("Setuju, mulai")
            assert page.response.status_code == status
        assert "Coba lagi satu jam lagi" in page.text
        assert not visitor.client.cookies
        assert count(browser.engine, "conversation") == 3
        assert counted("limited") == seen + 1
        browser.clock.at += 3_600
        await visitor.get("/s/SMST-BTM")
        assert (await visitor.tap("Setuju, mulai")).response.status_code == 200


async def test_no_way_to_begin_is_beside_the_limit(sqlite_url):
    """With a cookie of one's own making a page gives a token for it."""
    async with surfing(sqlite_url, hourly=1) as browser:
        await at_a_question(browser)
        forger = browser.other(headers={"Cookie": f"__Host-skm={'A' * 22}.."})
        page = await forger.get("/s/SMST-BTM")
        token = page.fields["token"]
        for given in ({"text": "/start SMST-BTM"}, {"say": "/start"}, {"do": ":>:SMST-BTM"},
                      {"place": "1.1 104.0"}, {"open": "SMST-BTM"}):  # fmt: skip
            answer = await forger.client.post("/s/_", data={"token": token, "page": "x", **given})
            assert answer.status_code == 429, given
        assert count(browser.engine, "conversation") == 1


async def test_no_cookie_that_lives_hides_who_begins_from_the_limit(sqlite_url):
    """A tablet's pages begin as somebody new each time, whoever holds which cookie."""
    async with surfing(sqlite_url, hourly=2) as browser:
        await at_a_question(browser)
        await browser.get("/k/SMST-BTM")
        await browser.tap("Setuju, mulai")
        page = await browser.get("/k/SMST-BTM")
        answer = await browser.send(page.form(do=page.button("Setuju, mulai")[1], kiosk="1"))
        assert answer.response.status_code == 429
        start = await browser.other().get("/s/SMST-BTM")
        form = start.form(do=start.button("Setuju, mulai")[1], kiosk="1")
        for to in ("/s/_", "/k/SMST-BTM/_", "/k/SMST-SK/_"):
            assert (await browser.other().client.post(to, data=form)).status_code == 429
        assert count(browser.engine, "conversation") == 1


async def test_no_connection_that_is_free_is_said_like_a_database_that_is_away(
    sqlite_url, monkeypatch
):
    def none_free(*_: object, **__: object) -> None:
        raise NoneFree("QueuePool limit")

    async with surfing(sqlite_url) as browser:
        page = await at_a_question(browser)
        with monkeypatch.context() as patch:
            patch.setattr(type(browser.engine), "connect", none_free)
            for path in ("/s/SMST-BTM", "/s/_", "/s/_/requirements", "/k/SMST-BTM"):
                assert (await browser.client.get(path)).status_code == 503, path
            sent = await browser.client.post("/s/_", data=page.form(do=page.buttons[0][1]))
            assert sent.status_code == 503
        assert (await browser.tap("Sesuai", on=page)).lines[0] == "Pertanyaan 2 dari 9"


async def test_a_database_that_is_away_is_said(sqlite_url):
    async with surfing(sqlite_url) as browser:
        page = await at_a_question(browser)
        with away(browser.engine):
            for path in ("/s/_/requirements", "/s/SMST-BTM", "/k/SMST-BTM"):
                answer = await browser.client.get(path)
                assert answer.status_code == 503, path
                assert Page(answer).heading.startswith("Survei sedang tidak dapat dibuka")
            answer = await browser.client.post("/s/_", data=page.form(do=page.buttons[0][1]))
            assert answer.status_code == 503
            assert "belum tersimpan" in answer.text
        assert (await browser.tap("Sesuai")).lines[0] == "Pertanyaan 2 dari 9"


def from_(peer: str, *added: str) -> Request:
    headers = [(b"x-forwarded-for", each.encode()) for each in added]
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(("proxies", "first", "second", "one"), [
    (0, from_("10.0.0.1", "1.1.1.1"), from_("10.0.0.1", "2.2.2.2"), True),
    (1, from_("10.0.0.1", "1.1.1.1"), from_("10.0.0.1", "2.2.2.2"), False),
    (1, from_("10.0.0.1", "9.9.9.9, 1.1.1.1"), from_("10.0.0.2", "8.8.8.8, 1.1.1.1"), True),
    (1, from_("10.0.0.1", "9.9.9.9", "1.1.1.1"), from_("10.0.0.1", "8.8.8.8", "1.1.1.1"), True),
    (2, from_("10.0.0.1", "9.9.9.9, 3.3.3.3, 1.1.1.1"), from_("x", "3.3.3.3, 2.2.2.2"), True),
    (1, from_("10.0.0.1"), from_("10.0.0.2"), False),
    (0, from_("2001:db8:1:2::1"), from_("2001:db8:1:2:ffff::9"), True),
    (0, from_("2001:db8:1:2::1"), from_("2001:db8:1:3::1"), False),
])  # fmt: skip
def test_a_network_is_told_by_what_our_proxies_saw(proxies, first, second, one):
    """Whatever a client writes into the header itself stands before that."""
    limit = HourlyLimit(1, proxies)
    assert limit.admits(first, NOON)
    assert limit.admits(second, NOON) is not one


def test_no_network_is_kept_in_clear():
    limit = HourlyLimit(1, 0)
    limit.admits(from_("203.0.113.7"), NOON)
    assert "203.0.113.7" not in repr(limit)
    assert all(b"203.0.113.7" not in each for each in limit.begun)


async def test_without_https_and_address_only_this_machine_is_let_in(sqlite_url):
    async with surfing(sqlite_url, secure=False) as browser:
        answer = await browser.client.get("/s/SMST-BTM")
        assert answer.status_code == 403


async def test_the_cookie_is_this_hosts_alone_and_no_script_reads_it(sqlite_url):
    async with surfing(sqlite_url) as browser:
        page = await browser.get("/s/SMST-BTM")
        sent = await browser.client.post("/s/_", data=page.form(do=page.buttons[0][1]))
        said = sent.headers["set-cookie"].lower()
        assert all(each in said for each in ("httponly", "secure", "samesite=lax", "path=/"))
        assert "domain" not in said
        assert said.startswith("__host-skm=")
        assert HERE.startswith("https:")


def test_a_cookie_of_another_secret_holds_no_note():
    visitors = Visitors(VAULT, bytes, secure=True)
    asked = type("Asked", (), {"cookies": {"__Host-skm": "A" * 22 + "..AAAA"}})()
    visitor = visitors.read(asked)
    assert visitor is not None
    assert visitors.note(visitor) == ""


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "same-origin", "Origin": HERE, "Host": "127.0.0.1:8080"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": HERE},
    {"Origin": f"{HERE}:8443"},
    {},
])  # fmt: skip
async def test_an_own_page_is_known_whatever_a_proxy_makes_of_the_host(sqlite_url, headers):
    async with surfing(sqlite_url) as browser:
        page = await at_a_question(browser)
        sent = await browser.client.post(
            "/s/_", data=page.form(do=page.buttons[0][1]), headers=headers
        )
        assert sent.status_code == 303


def test_the_example_for_nginx_keeps_no_log_of_the_surveys_pages():
    said = (ROOT / "docs/deploy/nginx.conf").read_text("utf-8")
    ((where, what),) = re.findall(r"location ~ (\S+) \{([^}]*access_log off[^}]*)\}", said)
    assert "limit_req" in what
    pages = ("/s", "/s/A", "/s/_/comment", "/k/A", "/k/A/_/comment", "/q", "/q/A", "/k")
    others = ("/", "/site.css", "/konsol", "/kota/s/", "/skm", "/query/")
    assert [each for each in (*pages, *others) if re.search(where, each)] == [*pages]
