"""`skm run` with the web alone: a survey, a choice and a counter's link over real HTTP."""

import json
from pathlib import Path

import httpx
import pytest

from storage.database.connect import migrate
from storage.office import counter_keys
from tests.support.end_to_end import free_port
from tests.support.offices import NOON, Chance, office, unit_of, unit_row
from tests.support.skm_process import READY, environment, forked
from tests.support.visiting import rows
from tests.support.waiting import PATIENCE, until
from tests.support.web_pages import Page

QUICKEST = ("Setuju", "Kirim", "Lewati semua", "Lewati", "3 ", "")


@pytest.mark.e2e
async def test_the_web_alone_is_enough(sqlite_url: str, tmp_path: Path):
    migrate(sqlite_url)
    port = free_port()
    env = environment(sqlite_url, channels="web", http_port=str(port))
    with office(sqlite_url, unit_row("SMST-BTM")) as engine:
        with engine.begin() as connection:
            unit = unit_of(connection, "SMST-BTM")
            key, _ = counter_keys.make(connection, unit.id, "", "Loket 1", NOON, Chance(1))
        with forked("run", env=env, folder=tmp_path) as running:
            await until(lambda: READY in running.said)
            async with httpx.AsyncClient(
                base_url=f"http://localhost:{port}", follow_redirects=True, timeout=PATIENCE
            ) as web:
                page = Page(await web.get("/s/SMST-BTM"))
                while "Terima kasih" not in page.text:
                    name, value, _ = next(
                        each
                        for words in QUICKEST
                        for each in page.buttons
                        if each[2].startswith(words)
                    )
                    page = Page(await web.post("/s/_", data=page.form(**{name: value})))
                page = Page(await web.get("/q/SMST-BTM"))
                assert page.links == [("Langsung di sini", "/s/SMST-BTM")]
                given = await web.post("/visits", headers={"Authorization": f"Bearer {key}"})
                assert given.status_code == 201
                link = json.loads(given.content)["link"]
                page = Page(await web.get(link.removeprefix("http://localhost:8080")))
                assert page.lines[0].startswith("Kunjungan Anda terbukti oleh tautan ini")
            assert running.stop() == 0
        assert rows(engine, "source", "channel") == [("web", "web")]
        assert not any(each in running.said for each in (key, link.rpartition("/")[2]))
