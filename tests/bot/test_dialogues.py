"""Every dialogue reads as it is written down: tests/dialogues/*.txt, one a feature.

After a change that was meant: SKM_REGENERATE=1 pytest tests/bot/test_dialogues.py, then read the
diff.
"""

import os
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from reports.jobs.due import expiries
from tests.support.dialogue import Dialogue, turns_of
from tests.support.dialogue_files import FILES, units_of
from tests.support.offices import everything, office

SECRET = re.compile(r"(?:start=i_|token=)([\w-]{20,})")
RECEIPT = re.compile(r"\b(?:[A-Z2-7]{4}-){4}[A-Z2-7]{4}\b")
REGENERATE = "SKM_REGENERATE"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_dialogue(file: Path, sqlite_url: str):
    script = file.read_text(encoding="utf-8")
    with office(sqlite_url, *units_of(file)) as engine:
        turns = turns_of(engine)
        turns.start()
        try:
            dialogue = Dialogue(engine, turns)
            now = dialogue.replay(script)
        finally:
            turns.stop()
        assert secrets_kept(engine, dialogue) == []
    if os.environ.get(REGENERATE):
        file.write_text(now, encoding="utf-8")
    assert now.splitlines() == script.splitlines()


def secrets_kept(engine: Engine, dialogue: Dialogue) -> list[str]:
    """Links that were shown once and lie in the database; and receipts, once grace times and what
    was left are over."""
    shown = "\n".join(said.text for phone in dialogue.phones.values() for said, _ in phone.shown)
    links = [each for each in SECRET.findall(shown) if each in everything(engine)]
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM outbox WHERE kind NOT IN ('screen', 'ending')")
    expiries(engine, dialogue.now + 8 * 86_400)
    return links + [each for each in RECEIPT.findall(shown) if each in everything(engine)]


def test_there_are_dialogues():
    assert len(FILES) > 20
