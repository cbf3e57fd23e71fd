"""`skm report`: three papers of any period, and what is refused."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.support.command_line import clean_desk, data, keep, refusal, skm, with_units
from tests.support.papers import docx_rows, pdf_text, xlsx_rows
from tests.support.published import published_folder

PUBLISHED = published_folder()
READ = {"docx": docx_rows, "xlsx": xlsx_rows}


@pytest.fixture(autouse=True)
def url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> str:
    clean_desk(monkeypatch, tmp_path)
    return with_units(monkeypatch, sqlite_url)


def report(format: str, *args: str) -> bytes:
    done = skm("report", *args, "--format", format, "--out", f"r.{format}")
    assert done.exit_code == 0, done.output
    return Path(f"r.{format}").read_bytes()


def test_every_paper_has_the_figures_of_the_index(url: str):
    """6 of all 4s and 4 of all 2s: (6 · 4 + 4 · 2) / 10 · 25 = 80.00."""
    engine = create_engine(url)
    keep(engine, "SAMSAT-BC", "2026-08-12", 4, number=6)
    keep(engine, "SAMSAT-BC", "2026-09-12", 2, number=4)
    engine.dispose()
    asked = ("samsat-bc", "--period", "2026-q3")
    assert data("index", "--unit", "SAMSAT-BC", "--period", "2026-Q3")["ikm"] == "80.00"
    for format, rows in READ.items():
        read = rows(report(format, *asked))
        assert ("IKM unit pelayanan", 80) in read
        assert (9, "Penanganan Pengaduan, Saran dan Masukan", 3.2, 0.3556, 80, "B", "Baik") in read
    said = pdf_text(report("pdf", *asked))
    assert "Nilai rata-rata tertimbang (1–4) 3,2000" in said
    assert "Bobot 1/9 tepat" in said


@pytest.mark.skipif(PUBLISHED is None, reason="no published answers here (set SKM_PUBLISHED)")
def test_a_published_table_of_answers():
    """DPMPTSP Pulang Pisau, 2019-Q4: 145 responses, 81.88 B (its public survey database)."""
    assert PUBLISHED is not None
    file = str(PUBLISHED / "dpmptsp-pulang-pisau-2019-q4.csv")
    skm("import", "responses", file, "--unit", "SAMSAT-SK", "--date", "2019-11-04")
    said = pdf_text(report("pdf", "SAMSAT-SK", "--period", "2019-Q4"))
    assert "adalah 81,88, mutu B (Baik), dari 145 responden" in said
    assert ("IKM unit pelayanan", 81.88) in xlsx_rows(
        report("xlsx", "SAMSAT-SK", "--period", "2019-Q4")
    )


def test_a_unit_without_any_answer_has_a_report():
    assert "Belum ada jawaban pada periode ini" in pdf_text(
        report("pdf", "RSUD-1", "--period", "2026-11")
    )


def test_what_is_refused():
    args = ("--period", "2026-Q3", "--format", "pdf", "--out")
    assert refusal("report", "RSUD-1", *args, "r.xlsx").endswith("name the file r.pdf.")
    assert "no unit “X-9”" in refusal("report", "X-9", *args, "r.pdf")
    assert "no period “2026-Q9”" in refusal(
        "report", "RSUD-1", "--period", "2026-Q9", "--format", "pdf", "--out", "r.pdf"
    )
    assert "cannot be written" in refusal("report", "RSUD-1", *args, "nowhere/r.pdf")
    assert not list(Path().glob("r.*"))


def test_whose_report_is_said_once(url: str):
    asked = ("report", "--period", "2026-Q3", "--format", "pdf", "--out", "r.pdf")
    assert "UNIT or --agency A" in refusal(*asked)
    assert "UNIT or --agency A" in refusal(*asked, "SAMSAT-BC", "--agency", "Bapenda Kepri")
    assert "No unit of Bapenda Kepri has published 2026-Q3" in refusal(
        *asked, "--agency", "bapenda kepri"
    )
