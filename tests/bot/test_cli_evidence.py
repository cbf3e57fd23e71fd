"""`skm evidence`: levels and records as a table, as JSON, and as a workbook that is only text."""

from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from flows.office.proof import File
from storage.database.connect import open_engine
from storage.office import follow_ups, result_publications
from storage.office.follow_ups import Plan
from storage.office.result_publications import ResultPublication
from tests.support.command_line import clean_desk, data, refusal, skm, with_units
from tests.support.offices import unit_of

NOW = 1_795_000_000  # 18 November 2026


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> str:
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setattr("time.time", lambda: NOW)
    with_units(monkeypatch, sqlite_url)
    engine = open_engine(sqlite_url)
    with engine.begin() as connection:
        unit = unit_of(connection, "SAMSAT-BC").id
        for number, programme in enumerate(("=HYPERLINK(1)", "Kursi", "[bold]Papan tarif"), 1):
            said = Plan("cost", programme, date(2026, 12, 31), "Kepala Seksi")
            follow_ups.keep(connection, unit, said, date(2026, 8, number), NOW, "abc")
        follow_ups.finish(
            connection, unit, 1, date(2026, 8, 20), "", "Beres", File("photo", "AgAC", "tg")
        )
        for medium in ("website", "board"):
            published = ResultPublication("2026-Q3", medium, date(2026, 10, 5))
            result_publications.keep(connection, unit, published, NOW, "abc")
    engine.dispose()
    return sqlite_url


def test_levels_by_the_records(url: str) -> None:
    found = data("evidence", "samsat-bc", "--year", "2026")
    assert found["levels"] == {
        "share": {"level": 3, "planned": 3, "finished": 1},  # a third
        "speed": {"level": 3},  # two open since August, more than three months
        "media": {"level": 2, "media": ["board", "website"]},
    }
    assert found["follow_ups"][0]["programme"] == "=HYPERLINK(1)"
    assert found["rules"] == "pekppp-29-2022"
    said = skm("evidence", "SAMSAT-BC", "--year", "2026").stdout
    assert "[bold]Papan" in said
    assert "PermenPANRB 29/2022" in said


def test_a_workbook_of_text(url: str, tmp_path: Path) -> None:
    done = skm("evidence", "SAMSAT-BC", "--year", "2026", "--out", "bukti.xlsx")
    assert (done.stdout, done.stderr.strip()) == ("", "Written to bukti.xlsx.")
    book = CalamineWorkbook.from_path(tmp_path / "bukti.xlsx")
    assert book.sheet_names == ["Tingkat", "Tindak lanjut", "Publikasi"]
    levels = book.get_sheet_by_name("Tingkat").to_python()
    assert levels[0][0] == "Bukti PEKPPP · Samsat Batam Centre · 2026"
    assert [row[2] for row in levels[3:6]] == ["3", "3", "2"]
    follow = book.get_sheet_by_name("Tindak lanjut").to_python()
    assert follow[1] == [
        "Biaya/Tarif", "=HYPERLINK(1)", "Kepala Seksi", "1 Agu 2026", "31 Des 2026", "selesai",
        "20 Agu 2026", "foto (AgAC)", "Beres",
    ]  # fmt: skip
    assert b"<f>" not in (tmp_path / "bukti.xlsx").read_bytes()


def test_a_year_without_records_supports_nothing(url: str) -> None:
    found = data("evidence", "RSUD-1", "--year", "2025")
    levels = {name: level["level"] for name, level in found["levels"].items()}
    assert levels == {"share": 0, "speed": 0, "media": 0}


def test_what_cannot_be_exported(url: str) -> None:
    assert "none of 2022 to 2026" in refusal("evidence", "SAMSAT-BC", "--year", "2027")
    assert "name it bukti.xlsx" in refusal(
        "evidence", "SAMSAT-BC", "--year", "2026", "--out", "bukti.csv"
    )
    assert "No such file" in refusal(
        "evidence", "SAMSAT-BC", "--year", "2026", "--out", "nowhere/bukti.xlsx"
    )
