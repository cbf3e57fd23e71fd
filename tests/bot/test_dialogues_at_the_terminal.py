"""The dialogues that can be had at a keyboard are had there word for word."""

import asyncio
from pathlib import Path

import pytest

from bot.core.sending.post import keep_for_later
from tests.support.conformance import of
from tests.support.dialogue import turns_of
from tests.support.dialogue_at_the_terminal import DialogueAtTheTerminal, Noting
from tests.support.dialogue_files import FILES, units_of
from tests.support.fake_channel import Clock
from tests.support.offices import office

HAD = [file for file in FILES if file.stem not in of("terminal").differs]


@pytest.mark.parametrize("file", HAD, ids=lambda file: file.stem)
async def test_dialogue(file: Path, sqlite_url: str):
    script = file.read_text(encoding="utf-8")  # noqa: ASYNC240
    with office(sqlite_url, *units_of(file)) as engine:
        turns, clock = turns_of(engine), Clock()
        turns.start()
        try:
            terminal = Noting(turns, keep_for_later(engine, clock), clock, lambda lines: None)
            dialogue = DialogueAtTheTerminal(
                engine, turns, terminal=terminal, loop=asyncio.get_running_loop(), clock=clock
            )
            now = await asyncio.to_thread(dialogue.replay, script)
        finally:
            turns.stop()
    assert now.splitlines() == script.splitlines()
