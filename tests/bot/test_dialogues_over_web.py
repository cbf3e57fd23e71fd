"""The citizens' dialogues read the same, word for word, in a browser: as far as one can follow.

Left out is what the web's capabilities leave out: words are typed where they are asked for
(`only_asked`), news reach nobody (`only_answers`), and roles are for chats, whose dialogues are
not replayed. A start page is looked at without a trace, so a link that nobody answers leaves none.

How far each is followed stands in docs/dialogues.md, which SKM_REGENERATE=1 writes anew.
"""

import asyncio
import os
import re
from pathlib import Path

import pytest

from tests.support.dialogue_files import FILES, units_of
from tests.support.dialogue_over_web import NEWS, Beyond, DialogueOverWeb
from tests.support.paths import ROOT
from tests.support.shown_files import ON_PURPOSE
from tests.support.web_pages import surfing

ROLES = re.compile(r"^~ an invitation|^> \(file|^> /(?:pertanyaan|unit|peran)", re.MULTILINE)
TABLE = ROOT / "docs/dialogues.md"
OFFICE = {file.stem for file in FILES if ROLES.search(file.read_text(encoding="utf-8"))}
CITIZENS = [file for file in FILES if file.stem not in OFFICE]


# A start page is looked at without a trace: it has begun nothing that could be gone on with, kept
# or cancelled, what is declined on it twice was begun twice, and a sentence is looked for that a
# chat would only greet. Up to that line they are compared.
SHORTER = {
    "in-full-sentences": 3,
    "visit-link": 177,
    "visit-link-on-other-days": 41,
    "twice-in-a-period": 308,
    "declining": 33,
}
RECEIPT = re.compile(r"\b(?:[A-Z2-7]{4}-){4}[A-Z2-7]{4}\b")  # commits to the source, too
ELSEWHERE = (  # said on each page alike, or of what is not there
    "│ Unofficial translation.",
    "│ Terjemahan boten resmi.",
    "│ Tarjamahan teu resmi.",
    "│ Atau kirim lokasi Anda sebagai lampiran.",
    "│ Or send your location as an attachment.",
)


def flat(lines: list[str]) -> list[str]:
    """Buttons one below the other, as every browser shows them; without what is not there."""
    found: list[str] = []
    for line in lines:
        if line.startswith(("└ [", "  [")):
            found += [f"  [{each}]" for each in re.findall(r"\[([^]]*)\]", line)]
        else:
            found.append(RECEIPT.sub("RECEIPT", line))
    return [line for line in found if line.strip() != f"[{NEWS}]" and line not in ELSEWHERE]


async def replayed(file: Path, url: str) -> tuple[int, int, str]:
    """How many lines of input were followed, of how many, and what ended it."""
    script = file.read_text(encoding="utf-8")  # noqa: ASYNC240
    async with surfing(url, *units_of(file), seed=0) as browser:
        loop = asyncio.get_running_loop()
        dialogue = DialogueOverWeb(browser.engine, browser.turns, web=browser, loop=loop)
        try:
            now, why = await asyncio.to_thread(dialogue.replay, script), ""
        except AssertionError as fault:
            if not isinstance(fault.__cause__, Beyond):
                raise
            now, why = str(fault).rpartition("\nline ")[0], str(fault.__cause__)
            now = now.rpartition("\n")[0] + "\n"  # the line that could not be sent
    shown = flat(now.splitlines())[: SHORTER.get(file.stem)]
    assert shown == flat(script.splitlines())[: len(shown)]
    done, of = (sum(line.startswith("> ") for line in each) for each in (shown, script.split("\n")))
    return done, of, "" if file.stem in SHORTER else why


def row(done: int, of: int, why: str) -> str:
    return f"all {of}" if done == of else f"{done} of {of}, then {why or 'another beginning'}"


def table() -> dict[str, str]:
    rows = re.findall(r"^\| ([a-z-]+) \| (.+) \|$", TABLE.read_text("utf-8"), re.MULTILINE)
    return {name: said for name, said in rows if name != "dialogue"}


def write(name: str, said: str) -> None:
    head = TABLE.read_text("utf-8").partition("| dialogue |")[0]
    rows = sorted({**table(), name: said}.items())
    lines = ["| dialogue | lines sent in a browser |", "|---|---|"]
    lines += [f"| {name} | {said} |" for name, said in rows]
    TABLE.write_text(head + "\n".join(lines) + "\n", "utf-8")


@pytest.mark.parametrize("file", CITIZENS, ids=lambda file: file.stem)
async def test_dialogue(file: Path, sqlite_url: str):
    said = row(*await replayed(file, sqlite_url))
    stood = table().get(file.stem)
    if os.environ.get("SKM_REGENERATE"):
        write(file.stem, said)
    assert stood == said, ON_PURPOSE


def test_the_table_names_each_of_them():
    assert table().keys() == {file.stem for file in CITIZENS}
