"""The survey at a tablet on a counter: each opening is another person, of whom nothing stays."""

import json
import shutil
import subprocess
from importlib import resources

import pytest

from tests.support.offices import run
from tests.support.visiting import rows
from tests.support.web_pages import (
    WORDS,
    Page,
    cookies,
    kept_of,
    surfing,
    to_the_comment,
)

NODE = shutil.which("node")


def begins_anew(page: Page, seconds: int = 60) -> bool:
    """So long after the last touch; without a script after the page was loaded."""
    text = page.response.text
    return (
        f'<noscript><meta http-equiv="refresh" content="{seconds};url=/k/SMST-BTM"></noscript>'
        in text
        and f'<main data-restart="/k/SMST-BTM" data-seconds="{seconds}">' in text
        and [each for each in page.assets if "restart." in each] != []
        and not any("survey." in each and each.endswith(".js") for each in page.assets)
    )


async def test_a_tablet_begins_anew_as_somebody_new(sqlite_url):
    async with surfing(sqlite_url) as browser:
        page = await browser.get("/k/SMST-BTM")
        assert begins_anew(page)
        first = cookies(browser)
        assert list(first) == ["__Host-skm-kiosk"]
        assert next(iter(browser.client.cookies.jar)).expires is None  # gone with the browser
        await browser.tap("Setuju, mulai")
        assert (
            cookies(browser)["__Host-skm-kiosk"].split(".")[:2]
            == (first["__Host-skm-kiosk"].split(".")[:2])
        )
        assert browser.page.path == "/k/SMST-BTM/_/service"
        assert len(kept_of(browser)) == 1
        await browser.get("/k/SMST-BTM")  # who went away
        assert cookies(browser) != first
        assert kept_of(browser) == []
        for _ in range(2):  # two people, one after the other
            await to_the_comment(browser, "/k/SMST-BTM")
            assert begins_anew(browser.page, seconds=180)  # where somebody writes
            for words in ("Lewati", "Lewati semua", "Kirim"):
                await browser.tap(words)
            assert begins_anew(browser.page)
        assert rows(browser.engine, "source", "channel") == [("kiosk", "web")] * 2
        page = await browser.get("/k/SMST-BTM")
        for path in ("/k/SMST-BTM/_", "/k/SMST-BTM/_/comment", "/k/SMST-BTM/_/_ended", "/s/_"):
            left = await browser.client.get(path)
            assert "Terima kasih, suara" not in left.text
            assert left.status_code == 410


TABLET = """
const { runInThisContext } = require("node:vm"), { readFileSync } = require("node:fs");
const timers = new Map(), heard = {}, went = [];
let number = 0;
Object.assign(globalThis, {
  document: { querySelector: () => ({ dataset: { restart: "/k/A", seconds: "60" } }) },
  window: { addEventListener: (event, hears) => { heard[event] = hears; } },
  location: { replace: (to) => went.push(to) },
  setTimeout: (does, wait) => { timers.set(++number, [does, wait]); return number; },
  clearTimeout: (id) => timers.delete(id),
});
runInThisContext(readFileSync(0, "utf8"));
const seen = [[[...timers.keys()], Object.keys(heard)]];
for (const touch of ["pointerdown", "keydown"]) { heard[touch](); seen.push([...timers.keys()]); }
const [[does, wait]] = timers.values();
does();
console.log(JSON.stringify([...seen, wait, went]));
"""


@pytest.mark.skipif(NODE is None, reason="node is not installed: no script is run")
def test_a_tablets_time_runs_from_the_last_touch():
    script = resources.files("bot.channels.web") / "static" / "restart.js"
    done = subprocess.run(
        [str(NODE), "-e", TABLET], input=script.read_bytes(), capture_output=True, check=True
    )
    touches = ["pointerdown", "keydown", "input", "scroll"]
    assert json.loads(done.stdout) == [[[1], touches], [2], [3], 60_000, ["/k/A"]]


async def test_each_sentence_at_a_tablet_begins_anew_there(sqlite_url):
    """Else it stood there until the next person, whose answers would be the former's."""
    async with surfing(sqlite_url, hourly=1) as browser:
        await browser.get("/k/SMST-BTM/_")
        assert browser.page.response.status_code == 410
        assert begins_anew(browser.page)
        assert browser.page.links == [("Isi survei", "/k/SMST-BTM")]
        await browser.get("/k/SMST-BTM")
        question = await browser.tap("Setuju, mulai")
        for status, given in (
            (403, {"token": "x"}),
            (413, {"text": "x" * 70_000}),
            (429, None),
        ):
            if given is None:
                begun = await browser.get("/k/SMST-BTM")
                page = await browser.tap("Setuju, mulai", on=begun)
            else:
                page = await browser.send(question.form(**given), question)
            assert page.response.status_code == status
            assert begins_anew(page)
        run(browser.engine, "ALTER TABLE conversation RENAME TO gone")
        page = await browser.get("/k/SMST-BTM")
        assert page.response.status_code == 503
        assert begins_anew(page)
        assert not begins_anew(await browser.get("/s/SMST-BTM"))


async def test_a_tablets_page_leaves_a_persons_own_survey_alone(sqlite_url):
    async with surfing(sqlite_url) as browser:
        await browser.get("/s/SMST-BTM")
        for words in WORDS[:4]:
            await browser.tap(words)
        own = cookies(browser)
        await browser.get("/k/SMST-BTM")
        await browser.tap("Setuju, mulai")
        await browser.get("/k/SMST-BTM")
        assert cookies(browser).items() >= own.items()
        assert (await browser.get("/s/_")).lines[0] == "Pertanyaan 3 dari 9"
        assert len(kept_of(browser)) == 1


async def test_no_tablet_is_where_no_unit_is_meant(sqlite_url):
    async with surfing(sqlite_url) as browser:
        for code in ("i_" + "x" * 20, "%2Fperan", "a%20b"):
            for path in (f"/k/{code}", f"/k/{code}/_", f"/k/{code}/_/comment"):
                answer = await browser.client.get(path)
                assert answer.status_code == 404
                assert "refresh" not in answer.text
