"""Every dialogue reads the same, word for word, on WhatsApp: brought by a signed webhook, sent to a
Graph API that refuses what Meta refuses. Some are brought twice, or in another order.

What differs is what the channel cannot: `docs/channels.md` says which and why.
"""

import asyncio
import re
from pathlib import Path
from zlib import crc32

import pytest

from tests.support.conformance import of
from tests.support.dialogue_files import FILES, units_of
from tests.support.dialogue_over_whatsapp import DialogueOverWhatsApp
from tests.support.talking_whatsapp import talking_whatsapp

FAULTS = ("", "twice", "reordered")
# By its name, so that one more dialogue changes no other's fault.
WAYS = [(file, FAULTS[crc32(file.stem.encode()) % len(FAULTS)]) for file in FILES]


@pytest.mark.parametrize(("file", "faults"), WAYS, ids=lambda each: getattr(each, "stem", each))
async def test_dialogue(file: Path, faults: str, sqlite_url: str):
    script = file.read_text(encoding="utf-8")  # noqa: ASYNC240
    async with talking_whatsapp(sqlite_url, *units_of(file), seed=0) as bot:
        loop = asyncio.get_running_loop()
        dialogue = DialogueOverWhatsApp(bot.engine, bot.turns, bot=bot, loop=loop, faults=faults)
        now = await asyncio.to_thread(dialogue.replay, script)
    # What is said to differ does, or its note is out of date.
    assert (flat(now) == flat(script)) is (file.stem not in of("whatsapp").differs)
    if file.stem not in of("whatsapp").differs:
        assert flat(now) == flat(script)


def flat(script: str) -> list[str]:
    """Without how buttons stand beside each other: a list has one a line."""
    lines: list[str] = []
    for line in script.splitlines():
        if line.startswith("  [") and lines and lines[-1].startswith("└"):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    # "2 · Apa?": a row's title, and what stands below it.
    return [re.sub(r"\[(\d+) · ", r"[\1 ", line) for line in lines]
