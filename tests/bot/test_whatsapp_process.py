"""`skm run` with WhatsApp alone, as a process: from Meta's signed request to the answer at Meta."""

import asyncio
import time
from collections.abc import Callable

import httpx
import pytest

from bot.channels.whatsapp.links import PATH
from storage.database.connect import migrate
from tests.support import whatsapp_events as events
from tests.support.command_line import clean_desk, refusal, skm
from tests.support.end_to_end import free_port
from tests.support.offices import office
from tests.support.skm_process import READY, environment
from tests.support.skm_process import skm as process
from tests.support.talking_bot import UNIT
from tests.support.waiting import PATIENCE
from tests.support.whatsapp_events import APP_SECRET, VERIFY, Who
from tests.support.whatsapp_server import NUMBER, PHONE, TOKEN, Graph, graph_server

RINI = Who()


def settings(graph: Graph, **more: str) -> dict[str, str]:
    return {
        "channels": "whatsapp",
        "whatsapp_token": TOKEN,
        "whatsapp_phone_id": PHONE,
        "whatsapp_number": NUMBER,
        "whatsapp_app_secret": APP_SECRET,
        "whatsapp_verify_token": VERIFY,
        "whatsapp_api_url": graph.url,
        **more,
    }


async def until(holds: Callable[[], bool]) -> None:
    """What a process writes wakes nobody."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.e2e
async def test_a_request_of_meta_is_answered(sqlite_url, tmp_path):
    with office(sqlite_url, UNIT):
        pass
    migrate(sqlite_url)
    async with graph_server(lambda: int(time.time())) as graph:
        port = free_port()
        env = environment(sqlite_url, http_port=str(port), **settings(graph))
        with process("run", env=env, folder=tmp_path) as running:
            await until(lambda: READY in running.said)
            now = int(time.time())
            graph.heard[RINI.id] = now
            raw = events.body(
                events.value(events.message(RINI, now, text="Survei: SMST-BTM"), contacts=(RINI,))
            )
            url = f"http://127.0.0.1:{port}{PATH}"
            async with httpx.AsyncClient() as meta:
                challenge = {"hub.mode": "subscribe", "hub.verify_token": VERIFY}
                asked = await meta.get(url, params={**challenge, "hub.challenge": "42"})
                assert asked.text == "42"
                assert (await meta.post(url, content=raw)).status_code == 403
                taken = await meta.post(url, content=raw, headers=events.signed(raw))
                assert taken.status_code == 200
            await until(lambda: graph.shown[RINI.id] != [])
            assert await asyncio.to_thread(running.stop) == 0
            for secret in (TOKEN, APP_SECRET, VERIFY, RINI.number, RINI.id):
                assert secret not in running.said
        assert graph.refusals == []


async def test_a_refused_token_is_said_before_anything_begins(monkeypatch, tmp_path, sqlite_url):
    clean_desk(monkeypatch, tmp_path)
    async with graph_server(lambda: 0) as graph:
        given = settings(graph, whatsapp_token="E" * 20, secret_key="0123456789abcdef" * 2)
        for name, value in {**given, "http_port": str(free_port()), "watch_port": "0"}.items():
            monkeypatch.setenv(f"SKM_{name.upper()}", value)
        said = await asyncio.to_thread(refusal, "run")
        assert said.startswith("Meta refuses SKM_WHATSAPP_TOKEN")


def test_links_are_printed_without_network(monkeypatch, tmp_path, sqlite_url):
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SKM_CHANNELS", "whatsapp")
    monkeypatch.setenv("SKM_WHATSAPP_NUMBER", NUMBER)
    with office(sqlite_url, UNIT):
        pass
    migrate(sqlite_url)
    said = skm("link", "SMST-BTM").stdout
    assert said == f"https://wa.me/{NUMBER}?text=Survei%3A%20SMST-BTM\n"
