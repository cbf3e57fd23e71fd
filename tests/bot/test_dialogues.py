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
from tests.bot.test_shown_once import everything
from tests.support.dialogue import Dialogue, turns_of
from tests.support.offices import office, unit_row
from tests.support.paths import TESTS

FOLDER = TESTS / "dialogues"
FILES = sorted(FOLDER.glob("*.txt"))
SECRET = re.compile(r"(?:start=i_|token=)([\w-]{20,})")
RECEIPT = re.compile(r"\b(?:[A-Z2-7]{4}-){4}[A-Z2-7]{4}\b")
REGENERATE = "SKM_REGENERATE"


def unit(code: str, name: str, *services: str, **where: object) -> dict[str, object]:
    rows = [{"id": label.lower().replace(" ", "-"), "label": label} for label in services]
    return unit_row(
        code,
        name=name,
        folded_name=name.casefold(),
        agency="Bapenda Kepri" if name.startswith("Samsat") else "Pemko Batam",
        services=rows,
        **{"region": "Batam", **where},
    )


_CENTRE = ("Pajak tahunan", "Ganti STNK", "Mutasi", "Lainnya")
UNITS = (
    unit("SAMSAT-BC", "Samsat Batam Centre", *_CENTRE, latitude=1.13, longitude=104.05),
    unit(
        "SAMSAT-SK",
        "Samsat Sekupang",
        "Pajak tahunan",
        "Ganti STNK",
        latitude=1.11,
        longitude=103.95,
    ),
    unit("DUKCAPIL", "Disdukcapil Batam", "Pelayanan umum"),
    unit("ANEH-1", "Kantor {unit} 100% {0}", "Layanan {x} %s"),
)


_ELSEWHERE = (
    *("Kota Ambon", "Kota Cilegon", "Kota Denpasar", "Kota Makassar", "Kota Malang"),
    *("Kabupaten Pemalang", "Kota Semarang", "Kota Serang", "Kabupaten Sleman"),
)


def units_of(file: Path) -> tuple[dict[str, object], ...]:
    """Whoever looks for a unit by region has some regions to choose from."""
    if not file.stem.startswith("finding-by"):
        return UNITS
    named = [
        (f"DUKCAPIL-{n}", f"Disdukcapil {region}", region) for n, region in enumerate(_ELSEWHERE)
    ]
    return (*UNITS, *(unit(code, name, "KTP", region=region) for code, name, region in named))


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
