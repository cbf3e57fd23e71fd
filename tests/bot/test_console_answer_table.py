"""Answers at the web console: what the table does not say is asked, then shown, then done."""

from collections.abc import AsyncIterator

import pytest
from httpx import Response

from tests.support.browser import Browser, browsing, fields_of, text_of
from tests.support.offices import count

# starlette-admin's CSRF check reads the form, too, and leaves its file to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

PAGE, HERE = "/console/answer-table", "SMST-BTM"
HEAD = "Timestamp,Skor layanan,U2,U3,U4,U5,U6,U7,U8,U9"
ROWS = ("3/4/2026 9:05:11,3,3,3,3,3,3,3,1,-", "3/5/2026 9:05:11,4,4,4,4,4,4,4,4,4")


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        await browser.let_in()
        yield browser


async def upload(browser: Browser, *rows: str, unit: str = HERE) -> Response:
    data = {"csrftoken": browser.token, "unit": unit}
    content = "\n".join(rows).encode()
    return await browser.client.post(PAGE, data=data, files={"table": ("isi.csv", content)})


async def chosen(browser: Browser, shown: Response, choice: str) -> Response:
    fields = {**fields_of(shown.text), "choice": choice}
    return await browser.send(PAGE, **fields)


async def test_what_is_asked_is_said_and_then_it_is_imported_and_undone(browser: Browser):
    assert "Kirim tabel jawaban" in text_of(await browser.page("answer-table"))
    shown = await upload(browser, HEAD, *ROWS)
    assert "Kolom mana yang berisi jawaban tentang Persyaratan?" in text_of(shown.text)
    shown = await chosen(browser, shown, "column_0")
    assert "2026-03-04 bila bulan di depan" in text_of(shown.text)
    shown = await chosen(browser, shown, "month")
    assert "Apakah artinya tidak dijawab?" in text_of(shown.text)
    shown = await chosen(browser, shown, "blank")
    assert "2 jawaban baru, 4 Mar 2026 – 5 Mar 2026." in text_of(shown.text)
    assert count(browser.engine, "response") == 0
    done = await chosen(browser, shown, "import")
    assert "2 jawaban masuk ke" in text_of(done.text)
    assert count(browser.engine, "response", "source = 'imported'") == 2
    assert [entry.action for entry in browser.logged(HERE)] == ["import_responses"]
    # The same header needs no word any more, and rows that are known are left out.
    grown = await upload(browser, HEAD, *ROWS[::-1], "3/9/2026 9:05:11,2,2,2,2,2,2,2,2,2")
    assert "2 dari 3 baris sama dengan yang diimpor" in text_of(grown.text)
    listed = await browser.send(PAGE, unit=HERE)
    assert "2 jawaban" in text_of(listed.text)
    id = listed.text.partition('name="which" value="')[2][:16]
    assert "dihapus" in text_of((await browser.send(PAGE, unit=HERE, which=id)).text)
    assert count(browser.engine, "response") == 0


async def test_what_is_wrong_or_not_theirs_is_refused(browser: Browser):
    bad = await upload(browser, "date,U1,U2,U3,U4,U5,U6,U7,U8,U9", "2026-03-04,5,x,3,3,3,3,3,3,3")
    assert (bad.status_code, "“5” bukan 1, 2, 3, 4" in text_of(bad.text)) == (422, True)
    other = await upload(browser, HEAD, *ROWS, unit="TIDAK-ADA")
    assert other.status_code == 422
    stale = await upload(browser, HEAD, *ROWS)
    fields = {**fields_of(stale.text), "chosen": "{]", "choice": "import", "state": "x"}
    assert "Kolom mana" in text_of((await browser.send(PAGE, **fields)).text)
    assert count(browser.engine, "response") == 0
