"""What `skm doctor` says of WhatsApp, asked of the Graph API itself."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.channels.whatsapp.platform import WhatsAppPlatform
from bot.channels.whatsapp.settings import WhatsAppSettings
from tests.support.fake_channel import Clock
from tests.support.whatsapp_events import APP_SECRET
from tests.support.whatsapp_server import (
    ACCOUNT,
    NUMBER,
    PHONE,
    TEMPLATE,
    TOKEN,
    Graph,
    graph_server,
)

SKM = "https://skm.example.go.id"


@dataclass
class Asked:
    graph: Graph

    async def says(self, public_url: str = SKM, **given: str) -> list[str]:
        """Faults begin with "!"."""
        own = {
            "whatsapp_token": TOKEN,
            "whatsapp_phone_id": PHONE,
            "whatsapp_number": NUMBER,
            "whatsapp_account": ACCOUNT,
            "whatsapp_template": TEMPLATE,
            "whatsapp_app_secret": APP_SECRET,
            "whatsapp_api_url": self.graph.url,
            **given,
        }
        settings = WhatsAppSettings(**own)
        platform = WhatsAppPlatform(settings, public_url)
        found = await asyncio.to_thread(lambda: [*platform.findings(True)])
        said = [each.says if each.is_right else f"! {each.says}" for each in found]
        assert TOKEN not in " ".join(said)
        assert APP_SECRET not in " ".join(said)
        return said


@pytest.fixture
async def asked(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    async with graph_server(Clock()) as graph:
        yield Asked(graph)


async def test_all_is_well(asked):
    said = await asked.says()
    assert said[1:] == [
        f"WhatsApp: the token is accepted, as +{NUMBER}.",
        f"Webhook: an app is subscribed; Meta should bring to {SKM}/whatsapp.",
        f"Template: {TEMPLATE} is approved.",
    ]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"whatsapp_token": "E" * 20}, "! Meta refuses SKM_WHATSAPP_TOKEN."),
        ({"whatsapp_phone_id": "99999"}, "! Meta refuses SKM_WHATSAPP_PHONE_ID (100)."),
        ({"whatsapp_number": "6289999999999"}, "! SKM_WHATSAPP_NUMBER is 6289999999999"),
        ({"whatsapp_template": "lain"}, "! Meta has no template lain"),
        ({"whatsapp_template": ""}, "SKM_WHATSAPP_TEMPLATE is not set: digests and news wait"),
        ({"whatsapp_account": ""}, "SKM_WHATSAPP_ACCOUNT is not set"),
        ({"whatsapp_api_url": "http://127.0.0.1:9"}, "! No Graph API is reached at"),
    ],
)
async def test_what_is_wrong_in_the_settings(asked, given, fault):
    assert any(each.startswith(fault) for each in await asked.says(**given))


async def test_without_a_public_address_nothing_is_brought(asked):
    assert any("SKM_PUBLIC_URL is not set" in each for each in await asked.says(""))


@pytest.mark.parametrize(
    ("breaks", "fault"),
    [
        (lambda graph: graph.template.update(status="PAUSED"), f"{TEMPLATE} is PAUSED"),
        (lambda graph: graph.template["components"].pop(), "must have no variables and exactly"),
        (lambda graph: graph.apps.clear(), "! No app is subscribed"),
        (
            lambda graph: graph.apps[0].update(override_callback_uri="https://lain.example"),
            "! Meta brings events to https://lain.example, not to",
        ),
    ],
)  # fmt: skip
async def test_what_is_wrong_at_meta(asked, breaks: Callable[[Graph], None], fault):
    breaks(asked.graph)
    assert any(fault in each for each in await asked.says())
