"""Extra questions at the web console: published by the chat's own editor, a version each."""

import re
from collections.abc import AsyncIterator

import pytest

from flows.extra_question import Extra
from storage import questionnaires
from tests.support.browser import Browser, browsing, fault_at, text_of
from tests.support.offices import unit_of

HERE, THERE = "SMST-BTM", "DUKCAPIL"
QUESTION = {
    "for_units": HERE,
    "text": "Apakah loket mudah ditemukan?",
    "kind": "yes_no",
    "when": "always",
    "required": "no",
    "note": "Usulan rapat",
}


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        yield browser


async def test_a_question_is_published_changed_moved_and_ended(browser: Browser):
    await browser.let_in()
    path = "/console/questions/create"
    for text in ("Apakah loket mudah ditemukan?", "Berapa menit Anda menunggu?"):
        assert (await browser.send(path, **{**QUESTION, "text": text})).status_code == 303
    twice = await browser.send(path, **QUESTION)
    assert "sudah ada" in text_of(twice.text)
    first, second = asked(browser)
    edit = f"/console/questions/edit?pk={HERE}~"
    told = await browser.change(edit + second.key, kind="number", limits="0-240", place="1")
    assert told.status_code == 303
    other = await browser.change(edit + first.key, text="Apakah loket mudah dicari?")
    assert other.status_code == 303
    now = asked(browser)
    assert [(each.text, each.kind, each.limits) for each in now] == [
        ("Berapa menit Anda menunggu?", "number", (0, 240)),
        ("Apakah loket mudah dicari?", "yes_no", None),
    ]
    assert now[1].key == first.key  # the same meaning: counted on
    assert now[0].key != second.key  # other answers: another question
    assert (await browser.end("questions", f"{HERE}~{first.key}")).status_code == 200
    assert [each.key for each in asked(browser)] == [now[0].key]
    entries = browser.logged(HERE)
    # Two were added, one was changed in two ways at once and the other in one, one was ended.
    assert [entry.action for entry in entries] == 5 * ["edit_questions"]
    assert entries[-1].after is not None
    assert entries[-1].after["note"] == "Usulan rapat"


async def test_of_two_who_change_questions_the_second_has_to_look_again(browser: Browser):
    await browser.let_in()
    await browser.send("/console/questions/create", **QUESTION)
    (extra,) = asked(browser)
    edit = f"/console/questions/edit?pk={HERE}~{extra.key}"
    page = (await browser.client.get(edit)).text
    seen = re.findall(r'name="seen" value="(\w+)"', page)[0]
    await browser.send("/console/questions/create", **{**QUESTION, "text": "Lain?"})
    told = await browser.change(edit, text="Diubah?", seen=seen)
    assert (told.status_code, "diubah orang lain" in told.text) == (422, True)
    assert [each.text for each in asked(browser)] == [QUESTION["text"], "Lain?"]


async def test_a_bad_question_is_none(browser: Browser):
    await browser.let_in()
    choices = {**QUESTION, "kind": "choice", "choices": "Satu\nDua"}
    for field, written, said in (
        ("text", "x" * 5000, "Terlalu panjang: 5000"),
        ("choices", "Satu", "Perlu 2 sampai 10"),
        ("choices", "\n".join(map(str, range(30))), "Ada 30 pilihan"),
        ("note", "x" * 201, "Terlalu panjang: 201"),
        ("for_units", THERE, "tidak dapat mengubah pertanyaan di sana"),
        ("when", "other", "diatur lewat Kerjakan"),
    ):
        told = await browser.send("/console/questions/create", **{**choices, field: written})
        assert (told.status_code, said in fault_at(field, told)) == (422, True), field
    assert (asked(browser), browser.logged(HERE)) == ((), [])


def asked(browser: Browser) -> tuple[Extra, ...]:
    with browser.engine.connect() as connection:
        return questionnaires.get(connection, unit_of(connection, HERE).questionnaire).extras
