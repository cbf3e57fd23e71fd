"""What goes wrong between a browser and the survey, over TCP: nothing is lost, nothing twice."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from httpx import TransportError

from bot.web.serving import Limits
from tests.support.away import away
from tests.support.offices import count, everything
from tests.support.visiting import rows
from tests.support.waiting import until
from tests.support.web_pages import FORM, WORDS, Page, WebBrowser, kept_of, surfing

ALL = (*WORDS, "Lewati", "Lewati semua", "Kirim")
SCORES = [3, 3, 3, 3, 3, 3, 3, 3, 3]


@pytest.fixture
async def browser(sqlite_url: str) -> AsyncIterator[WebBrowser]:
    async with surfing(sqlite_url, wire=True) as browser:
        yield browser


def pressed(page: Page, words: str) -> dict[str, str]:
    return page.form(**dict([page.button(words)]))


async def at_a_question(browser: WebBrowser) -> Page:
    await browser.get("/s/SMST-BTM")
    await browser.tap("Setuju, mulai")
    return await browser.tap("Pajak tahunan")


async def hang_up(browser: WebBrowser, form: dict[str, str], cut: int = 0) -> None:
    """The form is sent, but for so many of its last bytes, and no answer is waited for."""
    sent = browser.client.build_request("POST", "/s/_", data=form, headers=FORM)
    head = b"".join(b"%s: %s\r\n" % each for each in sent.headers.raw)
    whole = b"POST /s/_ HTTP/1.1\r\n" + head + b"\r\n" + sent.read()
    port = browser.client.base_url.port
    _, to = await asyncio.open_connection("localhost", port)
    to.write(whole[: len(whole) - cut])
    await to.drain()
    to.close()
    await to.wait_closed()


async def test_each_form_twice_at_once_and_once_more_is_one_survey(browser):
    page = await browser.get("/s/SMST-BTM")
    for words in ALL:
        form = pressed(page, words)
        other = browser.other()
        other.client.cookies = browser.client.cookies
        first, second = await asyncio.gather(browser.send(form), other.send(form))
        page = await browser.send(form)
        # Of a first form one may still show where it began; the survey is one, and goes on.
        assert page.heading in {first.heading, second.heading}, words
        assert words == ALL[0] or first.heading == second.heading, words
    assert page.text.startswith("Terima kasih")
    ((answers,),) = rows(browser.engine, "answers")
    assert [json.loads(answers)[each] for each in list(json.loads(answers))[:9]] == SCORES
    assert count(browser.engine, "voice") == count(browser.engine, "conversation") == 1


async def test_an_older_page_that_comes_after_a_newer_one_says_what_it_says(browser):
    first = await at_a_question(browser)
    second = await browser.tap("Sesuai")
    await browser.tap("Mudah")
    page = await browser.send(pressed(first, "Sesuai"))  # late, once more
    assert page.lines[0] == "Pertanyaan 3 dari 9"
    page = await browser.send(pressed(first, "Sangat sesuai"))
    assert page.lines[:2] == ["1 Persyaratan diubah: Sangat sesuai", "Pertanyaan 3 dari 9"]
    await browser.send(pressed(second, "Mudah"))
    (conversation,) = kept_of(browser)
    given = conversation.answers
    assert (given["requirements"], given["procedure"], "completion_time" in given) == (
        "4",
        "3",
        False,
    )


@pytest.mark.parametrize("at", [0, 1, 3, len(ALL) - 1], ids=lambda at: ALL[at])
async def test_an_answer_that_was_lost_on_its_way_is_asked_for_again(browser, at):
    """The form was taken, and whoever hears nothing sends it again; the first time that lost the
    cookie too."""
    page = await browser.get("/s/SMST-BTM")
    for words in ALL[:at]:
        page = await browser.tap(words)
    before = everything(browser.engine)
    form = pressed(page, ALL[at])
    await hang_up(browser, form)
    done = {0: {"consent"}, 1: {"service"}, 3: {"procedure"}}.get(at)
    await until(lambda: _has(browser, done))
    assert everything(browser.engine) != before
    page = await browser.send(form)
    for words in ALL[at + 1 :]:
        page = await browser.tap(words)
    assert page.text.startswith("Terima kasih, suara Anda tercatat."), page.text
    assert count(browser.engine, "response") == count(browser.engine, "conversation") == 1


def _has(browser: WebBrowser, steps: set[str] | None) -> bool:
    """Those answered; None: the survey is sent."""
    if steps is None:
        return count(browser.engine, "response") == 1
    return any(steps <= {*each.answers} for each in kept_of(browser))


async def test_a_form_that_is_cut_off_is_no_answer(browser):
    page = await at_a_question(browser)
    before = everything(browser.engine)
    for cut in (1, 20):
        await hang_up(browser, pressed(page, "Sesuai"), cut)
    assert (await browser.get("/s/_")).lines[0] == "Pertanyaan 1 dari 9"
    assert everything(browser.engine) == before
    assert (await browser.tap("Sesuai")).lines[0] == "Pertanyaan 2 dari 9"


async def test_a_database_that_is_away_is_said_and_then_it_goes_on(database_url):
    async with surfing(database_url, wire=True) as browser:
        start = await browser.get("/s/SMST-BTM")
        with away(browser.engine):
            page = await browser.send(pressed(start, "Setuju, mulai"))
            assert page.response.status_code == 503
            assert not browser.client.cookies
        await browser.send(pressed(start, "Setuju, mulai"))
        page = await browser.tap("Pajak tahunan")
        with away(browser.engine):
            assert (await browser.send(pressed(page, "Sesuai"))).response.status_code == 503
            assert (await browser.get("/s/_")).response.status_code == 503
        page = await browser.send(pressed(page, "Sesuai"))
        assert page.lines[0] == "Pertanyaan 2 dari 9"
        assert count(browser.engine, "conversation") == 1


async def test_a_body_that_is_too_long_is_refused_before_it_is_read_whole(sqlite_url):
    """The rest is thrown away until its time is over: 10 seconds, here 2."""

    async def endless() -> AsyncIterator[bytes]:
        yield b"text="
        while True:
            yield b"x" * 100_000

    async with surfing(sqlite_url, wire=True, limits=Limits(10, whole=2)) as browser:
        page = await at_a_question(browser)
        before = everything(browser.engine)
        long = b"text=" + b"x" * 70_000
        answer = await browser.client.post("/s/_", content=long, headers=FORM)
        assert answer.status_code == 413
        assert Page(answer).heading
        with suppress(TransportError):  # hung up on, before or after the 413 was read
            answer = await browser.client.post("/s/_", content=endless(), headers=FORM)
        assert answer.status_code == 413
        assert everything(browser.engine) == before
        assert (await browser.send(pressed(page, "Sesuai"))).lines[0] == "Pertanyaan 2 dari 9"


async def test_too_many_surveys_of_a_network_are_refused_for_the_hour(sqlite_url):
    async with surfing(sqlite_url, hourly=1, wire=True) as browser:
        await at_a_question(browser)
        late = browser.other()
        start = await late.get("/s/SMST-BTM")
        assert (await late.send(pressed(start, "Setuju, mulai"))).response.status_code == 429
        assert (await browser.tap("Sesuai")).lines[0] == "Pertanyaan 2 dari 9"
        browser.clock.at += 3_600
        assert (await late.send(pressed(start, "Setuju, mulai"))).path == "/s/_/service"
