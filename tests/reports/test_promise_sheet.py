"""A sheet marks the elements whose promise changed within its period."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reports.sheets.publish import publish
from reports.stored.verify import verify
from storage import standards
from storage.database.connect import open_engine
from storage.periods import parse
from storage.standards import Promise
from tests.support.command_line import clean_desk, in_indonesian, with_units
from tests.support.offices import unit_of
from tests.support.publishing import answered

SAID = (
    Promise("", "cost", "Gratis", date(2026, 1, 5)),
    Promise("", "cost", "Rp 50.000", date(2026, 8, 3)),
    Promise("pajak-tahunan", "cost", "Rp 60.000", date(2026, 9, 1)),
    Promise("", "procedure", "Satu loket", date(2026, 7, 1)),
    Promise("", "product", "STNK", date(2026, 2, 2)),
    Promise("", "product", "STNK", date(2026, 8, 8)),
    Promise("", "requirements", "KTP", date(2026, 10, 1)),
)


def test_not_one_that_began_with_it_nor_one_renewed_in_the_same_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str
):
    clean_desk(monkeypatch, tmp_path)
    engine = open_engine(with_units(monkeypatch, sqlite_url))
    with engine.begin() as connection:
        unit = unit_of(connection, "SAMSAT-BC")
        standards.keep(connection, unit.id, SAID)
        at = int(datetime(2026, 10, 20, tzinfo=UTC).timestamp())
        answered(connection, "SAMSAT-BC", 1, at=at - 40 * 86_400)
        made = publish(connection, unit, parse("2026-Q3"), at)
    assert made["promised"] == [
        {"element": "cost", "service": "", "since": "2026-08-03"},
        {"element": "cost", "service": "pajak-tahunan", "since": "2026-09-01"},
    ]
    shown = in_indonesian("sheet", "SAMSAT-BC").stdout.splitlines()
    marked = [line.strip() for line in shown if "yang dijanjikan berubah" in line]
    assert marked == ["Biaya/Tarif: – · 1 jawaban · yang dijanjikan berubah 2026-08-03"]
    assert verify(engine) == []
    engine.dispose()
