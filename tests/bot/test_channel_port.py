"""What every channel is given: delivery is the same on one that can little; the rest is data."""

import re
import socket
import subprocess
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from threading import Timer
from typing import Any

import pytest

from bot.channels.registry import CHANNELS
from bot.channels.telegram.links import CAPABILITIES
from bot.core.channel import (
    CommandList,
    Document,
    Heard,
    NotEditable,
    Picture,
    Quiet,
    SendLater,
    SendNever,
)
from bot.core.sending.delivery import Delivery
from bot.core.setting import SettingsUnfit
from bot.core.written import written
from bot.settings import load
from flows.engine.capabilities import Capabilities, length
from flows.engine.events import Opened, Tapped
from flows.engine.say import Label, Message
from storage.database.connect import migrate
from tests.support.command_line import clean_desk
from tests.support.offices import NOON, kept, office, unit_row, working
from tests.support.paths import ROOT
from tests.support.skm_process import SKM, environment
from tests.support.waiting import PATIENCE

POOR = replace(CAPABILITIES, edits=False, pictures=False, files=False, menu=False)
RINI = "post:rini"


@dataclass
class Calls:
    """What a channel is asked to do, in order."""

    did: list[tuple[str, Any]] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    later: list[tuple[str, int]] = field(default_factory=list)
    now: int = NOON


class Postcards(Delivery):
    """A channel of nobody's platform."""

    def __init__(self, turns: Any, calls: Calls, can: Capabilities) -> None:
        async def later(address: str, screen: Any, event: str, seconds: int) -> None:
            calls.later.append((event, seconds))

        super().__init__(turns, later, lambda: calls.now)
        self.capabilities, self.calls, self.turns = can, calls, turns

    async def render(self, address: str, content: Any, conversation: str) -> None:
        self._do("render", content)

    async def edit(self, heard: Heard, message: Message, conversation: str) -> None:
        self._do("edit", heard.message)

    async def acknowledge(self, tap: str) -> None:
        self.calls.did.append(("acknowledge", tap))

    async def fetch(self, file: str) -> bytes:
        raise SendNever("no files")

    def _do(self, what: str, with_: Any) -> None:
        self.calls.did.append((what, with_))
        if self.calls.faults:
            raise self.calls.faults.pop(0)


@asynccontextmanager
async def postcards(url: str, can: Capabilities = CAPABILITIES):
    with office(url, unit_row("SMST-BTM")) as engine, working(engine) as turns:
        calls = Calls()
        channel = Postcards(turns, calls, can)
        await channel.hear(Heard(RINI, Opened("1", NOON, "SMST-BTM")))
        await channel.drain(60)
        calls.did.clear()
        yield channel, calls, kept(engine, RINI).id


async def tap(channel: Postcards, id: str, conversation: str) -> None:
    event = Tapped(id, NOON, conversation, "consent", "agreed")
    await channel.hear(Heard(RINI, event, "card-1", f"tap-{id}"))
    await channel.drain(60)


@pytest.mark.parametrize(("can", "did"), [(CAPABILITIES, "edit"), (POOR, "render")])
async def test_a_tap_edits_where_the_channel_can_and_is_acknowledged_after_it(sqlite_url, can, did):
    async with postcards(sqlite_url, can) as (channel, calls, conversation):
        await tap(channel, "2", conversation)
        assert [what for what, _ in calls.did] == [did, "acknowledge"]


async def test_what_cannot_be_edited_is_sent_anew(sqlite_url):
    async with postcards(sqlite_url) as (channel, calls, conversation):
        calls.faults = [NotEditable("gone")]
        await tap(channel, "2", conversation)
        assert [what for what, _ in calls.did] == ["edit", "render", "acknowledge"]
        assert calls.later == []


async def test_who_is_to_be_left_alone_is_sent_nothing_until_then(sqlite_url):
    async with postcards(sqlite_url) as (channel, calls, conversation):
        calls.faults = [Quiet(60, "429")]
        await tap(channel, "2", conversation)
        calls.now += 20
        await tap(channel, "3", conversation)
        with pytest.raises(SendLater):
            await channel.send(RINI, Message("news", ()), "")
        assert calls.later == [("2", 60), ("3", 40)]
        assert [what for what, _ in calls.did] == ["edit", "acknowledge", "acknowledge"]
        calls.now += 40
        await channel.send(RINI, Message("news", ()), "")
        assert calls.did[-1] == ("render", Message("news", ()))


async def test_words_stand_in_for_what_a_channel_cannot_show(sqlite_url):
    async with postcards(sqlite_url, POOR) as (channel, calls, _):
        await channel.send(RINI, Picture(b"jpeg", "IKM 84,72"), "")
        await channel.send(RINI, Document("a.pdf", b"pdf", "Laporan"), "")
        assert calls.did == [("render", Message(t, ())) for t in ("IKM 84,72", "Laporan")]
        with pytest.raises(SendNever):
            await channel.send(RINI, CommandList(()), "")


@pytest.fixture
def _clean(monkeypatch, tmp_path) -> None:
    clean_desk(monkeypatch, tmp_path)


@pytest.mark.usefixtures("_clean")
def test_no_setting_of_a_channel_that_is_not_named_is_needed(monkeypatch):
    monkeypatch.setenv("SKM_CHANNELS", " Terminal, terminal ")
    monkeypatch.setenv("SKM_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    settings = load().for_talking()
    assert settings.channels == ("terminal",)
    assert settings.links.unit("SMST-BTM") == "/start SMST-BTM"


@pytest.mark.usefixtures("_clean")
@pytest.mark.parametrize("given", ["fax", "telegram,fax", ","])
def test_a_channel_that_there_is_not_is_named(monkeypatch, given):
    monkeypatch.setenv("SKM_CHANNELS", given)
    with pytest.raises(SettingsUnfit, match=f"SKM_CHANNELS is “.*: {', '.join(CHANNELS)}; "):
        load()


@pytest.mark.usefixtures("_clean")
@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_is_known_before_any_of_its_variables_is_set(name):
    platform = CHANNELS[name](CHANNELS[name].settings(), "")
    assert platform.capabilities.pace > 0
    assert platform.links.unit("SMST-BTM").endswith("SMST-BTM")


def test_each_folder_of_a_channel_is_in_the_registry():
    there = {path.parent.name for path in (ROOT / "bot/channels").glob("*/__init__.py")}
    listed = {each.__module__.split(".")[2] for each in CHANNELS.values()}
    assert not there - listed, f"no line in bot/channels/registry.py for {sorted(there - listed)}"


def test_no_two_channels_have_addresses_that_begin_alike():
    names = [each.channel for each in CHANNELS.values()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z]+", name) for name in names)


def test_skm_runs_with_the_terminal_alone(sqlite_url, tmp_path):
    """One types at the running system itself; no token, no network."""
    with office(sqlite_url, unit_row("SMST-BTM")):
        pass
    migrate(sqlite_url)
    env = environment(sqlite_url, channels="terminal", http_port=str(_port()))
    running = subprocess.Popen(
        [SKM, "run"], env=env, cwd=tmp_path, stdin=-1, stdout=-1, stderr=-1, text=True
    )
    stuck = Timer(PATIENCE, running.kill)
    stuck.start()
    try:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write("/start SMST-BTM\n1\n1\n")  # agreed; the first of two services
        running.stdin.flush()
        said = ""
        while "1 dari 9" not in said:
            line = running.stdout.readline()
            assert line, said
            said += line
        assert "[1 Setuju, mulai]" in said
        running.terminate()
        assert running.wait() == 0, "the keyboard holds up no stop"
    finally:
        stuck.cancel()
        running.kill()
        running.communicate()


def _port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
        return number


async def typed(channel: Postcards, *texts: str) -> None:
    for number, text in enumerate(texts, 10):
        await (await channel.hear(Heard(RINI, written(str(number), NOON, text))))


NARROW = Capabilities(text=70, asking=50, caption=20, label=6, row=2, buttons=4)


async def test_what_is_pushed_is_cut_to_what_the_channel_carries(sqlite_url):
    async with postcards(sqlite_url, replace(NARROW, pictures=True)) as (channel, calls, _):
        labels = tuple(Label(f"Rincian {n}", ">", f"/rincian {n}") for n in range(5))
        await channel.send(RINI, Picture(b"jpeg", "IKM 84,72 · B (Baik) 👍👍", (labels,)), "")
        ((_, sent),) = calls.did
        assert sent.caption == "IKM 84,72 · B (Baik…"  # no word more, no sign cut in two
        assert [[label.text for label in row] for row in sent.rows] == [["Rinci…"] * 2] * 2


@pytest.mark.parametrize("can", [NARROW, Capabilities(buttons=0)], ids=["narrow", "no buttons"])
async def test_a_whole_survey_is_answered_by_typing_what_is_shown(sqlite_url, can):
    """Nothing that is sent is longer than the channel carries."""
    async with postcards(sqlite_url, can) as (channel, calls, _):
        await typed(channel, "setuju", "2", *"333333333", "Lewati", "Lewati semua", "Kirim")
        assert kept(channel.turns.engine, RINI).status == "finished"
        for _, sent in calls.did:
            rows = sent.rows
            assert length(sent.text) <= (can.asking if rows else can.text)
            assert sum(map(len, rows)) <= can.buttons
            assert all(len(row) <= can.row for row in rows)
            assert all(length(label.text) <= can.label for row in rows for label in row)
