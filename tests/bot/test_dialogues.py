"""Every dialogue reads as it is written down: tests/dialogues/*.txt, one a feature."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.dialogues import DIALOGUES
from flows.engine.form import Line
from flows.loader import words
from flows.survey.kinds import KINDS
from reports.jobs.due import expiries
from tests.support.dialogue import Dialogue, turns_of
from tests.support.dialogue_files import FILES, units_of
from tests.support.offices import everything, office
from tests.support.shown_files import ON_PURPOSE, stood_in

SECRET = re.compile(r"(?:start=i_|token=)([\w-]{20,})")
RECEIPT = re.compile(r"\b(?:[A-Z2-7]{4}-){4}[A-Z2-7]{4}\b")


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
    assert now.splitlines() == stood_in(file, now).splitlines(), ON_PURPOSE


def secrets_kept(engine: Engine, dialogue: Dialogue) -> list[str]:
    """Links that were shown once and lie in the database; and receipts, once grace times and what
    was left are over."""
    shown = "\n".join(said.text for phone in dialogue.phones.values() for said, _ in phone.shown)
    links = [each for each in SECRET.findall(shown) if each in everything(engine)]
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM outbox WHERE kind NOT IN ('screen', 'ending')")
    expiries(engine, dialogue.now + 8 * 86_400)
    return links + [each for each in RECEIPT.findall(shown) if each in everything(engine)]


def test_each_command_of_the_menus_and_each_kind_of_question_is_in_a_dialogue():
    scripts = (file.read_text(encoding="utf-8").splitlines() for file in FILES)
    said = [line[2:] for script in scripts for line in script if line.startswith("> ")]
    commands = {line.split()[0] for line in said if line.startswith("/")}
    listed = [each for each in DIALOGUES.all if each.menu]
    silent = [each.command for each in listed if commands.isdisjoint((each.command, *each.aliases))]
    assert not silent, f"no dialogue of tests/dialogues in which somebody types {silent}"
    chosen, spoken = {line.strip("[]").casefold() for line in said}, words("id")
    kinds = {kind: spoken.line(Line(f"question.kind.{kind}")) for kind in KINDS}
    silent = [kind for kind, label in kinds.items() if label.casefold() not in chosen]
    assert not silent, f"no dialogue of tests/dialogues in which an admin chooses {silent}"
