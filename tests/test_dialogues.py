"""Every dialogue reads as it is written down: tests/dialogues/*.txt, one a feature.

After a change that was meant: SKM_REGENERATE=1 pytest tests/test_dialogues.py, then read the diff.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.dialogue import Dialogue, turns_of
from tests.offices import office, unit_row

FOLDER = Path(__file__).parent / "dialogues"
FILES = sorted(FOLDER.glob("*.txt"))
REGENERATE = "SKM_REGENERATE"


def unit(code: str, name: str, *services: str) -> dict[str, object]:
    rows = [{"id": label.lower().replace(" ", "-"), "label": label} for label in services]
    return unit_row(
        code,
        name=name,
        folded_name=name.casefold(),
        agency="Bapenda Kepri" if name.startswith("Samsat") else "Pemko Batam",
        region="Batam",
        services=rows,
    )


UNITS = (
    unit("SAMSAT-BC", "Samsat Batam Centre", "Pajak tahunan", "Ganti STNK", "Mutasi", "Lainnya"),
    unit("SAMSAT-SK", "Samsat Sekupang", "Pajak tahunan", "Ganti STNK"),
    unit("DUKCAPIL", "Disdukcapil Batam", "Pelayanan umum"),
    unit("ANEH-1", "Kantor {unit} 100% {0}", "Layanan {x} %s"),
)


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with office(sqlite_url, *UNITS) as engine:
        yield engine


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_dialogue(file: Path, engine: Engine):
    turns = turns_of(engine)
    turns.start()
    try:
        script = file.read_text(encoding="utf-8")
        now = Dialogue(engine, turns).replay(script)
    finally:
        turns.stop()
    if os.environ.get(REGENERATE):
        file.write_text(now, encoding="utf-8")
    assert now.splitlines() == script.splitlines()


def test_there_are_dialogues():
    assert len(FILES) > 20
