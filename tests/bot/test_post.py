"""The post sends what is due: in order, paced, again after passing faults, and not after others.

On SQLite alone: what the database does for it is proved on both in tests/storage/test_outbox.py.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.telegram.links import CAPABILITIES
from bot.core.channel import SendLater, SendNever
from bot.core.sending.post import SEND, TRIES
from storage.chat import outbox
from storage.chat.outbox import LEASE
from tests.support.fake_channel import Fake, Office
from tests.support.offices import NOON, office, unit_row

WEEK = 7 * 86_400


@pytest.fixture
def here(sqlite_url: str) -> Iterator[Office]:
    with office(sqlite_url, unit_row("SMST-BTM")) as engine:
        yield Office(engine)


async def test_what_is_due_is_sent_once_and_in_the_order_of_its_address(here):
    for number in range(5):
        here.put(f"{number}", address=f"tg:{number % 2}")
    assert await here.post().round() == 5
    assert await here.post().round() == 0
    assert [text for address, text in zip_texts(here) if address == "tg:0"] == ["0", "2", "4"]
    assert [text for address, text in zip_texts(here) if address == "tg:1"] == ["1", "3"]
    assert {(row.sent_at, row.body) for row in here.rows()} == {(NOON, "{}")}


def zip_texts(here: Office) -> list[tuple[str, str]]:
    return [(address, content.text) for address, content, _ in here.channel.got]


async def test_a_429_puts_it_back_for_its_time_and_what_follows_with_it(here):
    here.put("first")
    here.put("second")
    here.put("elsewhere", address="tg:2")
    here.channel.faults, here.channel.faulty = [SendLater(90, "429")], "tg:1"
    await here.post().round()
    assert here.channel.texts == ["elsewhere"]
    here.clock.at += 89
    assert await here.post().round() == 0
    here.clock.at += 1
    await here.post().round()
    assert here.channel.texts == ["elsewhere", "first", "second"]
    assert [row.resent for row in here.rows()] == [0, 0, 0]


@pytest.mark.parametrize("fault", [SendLater(0, "502"), RuntimeError("ours"), TimeoutError()])
async def test_passing_faults_and_our_own_are_tried_again_ever_more_slowly(here, fault):
    here.put("a")
    pauses = []
    for _ in range(4):
        here.channel.faults = [fault]
        await here.post().round()
        pauses.append(here.rows()[0].due_at - here.clock.at)
        here.clock.at = here.rows()[0].due_at
    assert pauses == [2, 4, 8, 16]
    await here.post().round()
    assert here.channel.texts == ["a"]


async def test_after_about_three_days_it_is_given_up(here):
    here.put("a")
    for _ in range(TRIES):
        here.channel.faults = [SendLater(0, "502")]
        await here.post().round()
        here.clock.at = max(here.clock.at, here.rows()[0].due_at)
    assert 2.5 < (here.clock.at - NOON) / 86_400 < 3.5
    (row,) = here.rows()
    assert row.failed_at is not None
    assert row.error == "given up after 80 tries: 502"
    assert await here.post().round() == 0


async def test_a_chat_that_blocked_the_bot_is_recorded_and_left(here):
    here.put("a")
    here.put("b")
    here.channel.faults = [SendNever("bot was blocked by the user")]
    await here.post().round()
    first, second = here.rows()
    assert (first.failed_at, first.error) == (NOON, "bot was blocked by the user")
    assert second.sent_at == NOON
    here.clock.at += WEEK
    assert await here.post().round() == 0


async def test_a_send_that_hangs_is_cut_off_well_before_its_lease_lapses(here, monkeypatch):
    class Hanging(Fake):
        async def send(self, *args: Any) -> None:
            await asyncio.Event().wait()

    assert 2 * SEND < LEASE
    monkeypatch.setattr("bot.core.sending.post.SEND", 0.01)
    here.channel = Hanging()
    here.put("a")
    await here.post().round()
    assert here.rows()[0].error == "no answer in time"


async def test_what_cannot_be_sent_within_its_lease_is_not_begun(here):
    class Slow(Fake):
        async def send(self, *args: Any) -> None:
            here.clock.at += SEND + 11
            await super().send(*args)

    here.channel = Slow()
    here.put("a")
    here.put("b")
    await here.post().round()
    assert here.channel.texts == ["a"]
    await here.post("another").round()
    assert here.channel.texts == ["a"]
    here.clock.at += LEASE
    await here.post("another").round()
    assert here.channel.texts == ["a", "b"]
    assert [row.resent for row in here.rows()] == [0, 0]


async def test_a_send_begun_by_a_process_that_died_is_sent_again_counted_and_said(here, caplog):
    here.put("a")
    with here.engine.begin() as connection:
        outbox.claim(connection, NOON, 1)
    here.clock.at += LEASE
    await here.post("another").round()
    assert here.channel.texts == ["a"]
    assert here.rows()[0].resent == 1
    assert "1 may be sent a second time" in caplog.text


async def test_nothing_is_pushed_where_only_answers_arrive(here):
    """A browser: what nobody there has just asked for is dropped, whatever it is."""
    here.channel.capabilities = replace(CAPABILITIES, only_answers=True)
    here.put("asked")
    for kind in ("notice", "news", "reminder", "alert", "digest"):
        here.put(kind, kind=kind, address="tg:2")
    await here.post().round()
    assert here.channel.texts == ["asked"]
    assert await here.post().round() == 0
    assert {(row.body, row.failed_at) for row in here.rows()} == {("{}", None)}


async def test_stopping_finishes_what_was_begun(here):
    begun, free = asyncio.Event(), asyncio.Event()

    class Waiting(Fake):
        async def send(self, *args: Any) -> None:
            begun.set()
            await free.wait()
            await super().send(*args)

    here.channel = Waiting()
    here.put("a")
    running = asyncio.create_task(here.post().run())
    await begun.wait()
    running.cancel()
    await asyncio.sleep(0)
    free.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert here.channel.texts == ["a"]
    assert here.rows()[0].sent_at == NOON


async def test_an_address_of_no_channel_here_waits(here):
    here.put("a", address="wa:1")
    await here.post().round()
    assert (here.rows()[0].sent_at, here.rows()[0].failed_at) == (None, None)


async def test_bulk_is_sent_by_one_process_and_so_many_a_round(here):
    for number in range(CAPABILITIES.pace + 5):
        here.put(f"digest {number}", address=f"tg:{number}", kind="digest")
    here.put("reply")
    assert await here.post("one").round() == CAPABILITIES.pace + 1
    assert await here.post("two").round() == 0
    assert await here.post("one").round() == 5
