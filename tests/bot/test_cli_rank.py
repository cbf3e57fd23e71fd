"""`skm rank` and `skm radar`."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from storage.database.connect import open_engine
from tests.support.command_line import (
    KEYS,
    clean_desk,
    data,
    in_indonesian,
    keep,
    refusal,
    skm,
    with_units,
)

HEADER = "code,name,agency,region,timezone,services,population"
SMALL = f"""{HEADER}
DUKCAPIL,Disdukcapil Batam,Pemko Batam,Batam,WIB,KTP-el,10
RSUD-2,RSUD Melati,Dinkes Sorong,Sorong,WIT,,50
SAMSAT-BC,Samsat Batam Centre,Bapenda Kepri,Batam,WIB,Pajak tahunan;Balik nama,10
"""


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[Engine]:
    """SAMSAT-BC and DUKCAPIL reach the 10 of their 10 users, RSUD-2 not the 44 of its 50."""
    with_units(monkeypatch, database_url)
    Path("more.csv").write_text(SMALL)
    skm("import", "units", "more.csv")
    engine = open_engine(database_url)
    for code, values in (("SAMSAT-BC", (4, 3)), ("DUKCAPIL", (3, 2)), ("RSUD-2", (4, 4))):
        for value in values:
            keep(engine, code, "2026-08-05", value, number=5)
    yield engine
    engine.dispose()


@pytest.mark.usefixtures("engine")
def test_the_ranking_as_json() -> None:
    found = data("rank", "--period", "2026-Q3")
    assert (found["period"], found["agency"]) == ("2026-Q3", None)
    ranking, left_out = found["ranking"], found["left_out"]
    assert isinstance(ranking, list)
    assert [(r["unit"], r["rank"], r["ikm"], r["grade"]) for r in ranking] == [
        ("SAMSAT-BC", 1, "87.50", "B"),
        ("DUKCAPIL", 2, "62.50", "D"),
    ]
    assert ranking[0] == {
        "rank": 1,
        "best": 1,
        "worst": 1,
        "own": [1, 1],
        "half": "above",
        "unit": "SAMSAT-BC",
        "name": "Samsat Batam Centre",
        "agency": "Bapenda Kepri",
        "kind": "",
        "n": 10,
        "needed": 10,
        "ikm": "87.50",
        "grade": "B",
        "ci95": [87.5, 87.5],  # all ten users answered: nothing is left to chance
        "comparable": None,
    }
    assert left_out == [
        {"unit": unit, "name": name, "n": n, "needed": needed, "population": of, "reason": why}
        for unit, name, n, needed, of, why in (
            ("SAMSAT-SK", "Samsat Sekupang", 0, 30, None, "nobody"),
            ("RSUD-1", "RSUD Harapan", 0, 30, None, "nobody"),
            ("RSUD-2", "RSUD Melati", 10, 44, 50, "sample"),
        )
    ]


@pytest.mark.usefixtures("engine")
def test_the_ranking_for_people_and_of_an_agency() -> None:
    said = in_indonesian("rank", "--period", "2026-Q3").stdout
    assert "Peringkat IKM · semua unit · 2026-Q3" in said
    assert "    1         1–1         1–1 ↑  87,50 B     10" in said
    assert "  RSUD-2 RSUD Melati: 10 dari 44 yang perlu (populasi 50)" in said
    assert "  RSUD-1 RSUD Harapan: belum ada jawaban" in said
    found = data("rank", "--agency", "pemko batam", "--period", "2026-Q3")
    assert found["agency"] == "Pemko Batam"
    assert isinstance(found["ranking"], list)
    assert [unit["unit"] for unit in found["ranking"]] == ["DUKCAPIL"]
    assert found["left_out"] == []
    # Half a year has other users than the quarter whose users are known.
    nobody = in_indonesian("rank", "--period", "2026-S2").stdout
    assert "Belum ada unit yang cukup jawabannya." in nobody
    assert "10, perlu 30 (populasi periode ini tidak diketahui)" in nobody


@pytest.mark.usefixtures("engine")
def test_what_a_ranking_cannot_be_asked() -> None:
    said = refusal("rank", "--agency", "Bapenda")
    assert said == "There is no agency “Bapenda”. Near it: Bapenda Kepri."
    assert refusal("rank", "--period", "2026-Q5").startswith("There is no period “2026-Q5”.")


@pytest.mark.usefixtures("engine")
def test_the_last_full_quarter_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    october = datetime(2026, 10, 1, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp()
    for at, quarter in ((october - 1, "2026-Q2"), (october, "2026-Q3")):
        monkeypatch.setattr("bot.commands.figures.rank.time.time", lambda at=at: at)
        assert data("rank")["period"] == quarter


def test_the_radar_of_a_unit(engine: Engine) -> None:
    keep(engine, "SAMSAT-BC", "2026-08-06", *(4, 3, 4, 3, 4, 3, 4, 3, 4), number=2)
    found = data("radar", "samsat-bc", "--period", "2026-Q3")
    # 10 straight-lined: 5 × 36 + 5 × 27 = 315; with 2 × 32 = 379 of 108 answers: 87.73.
    assert (found["unit"], found["period"], found["n"], found["ikm"]) == (
        *("SAMSAT-BC", "2026-Q3", 12),
        "87.73",
    )
    marks = {mark["name"]: mark for mark in found["marks"]}  # type: ignore[attr-defined]
    assert marks["straight_lined"]["n"] == 10
    assert marks["straight_lined"]["without"] == {"n": 2, "ikm": "88.89"}  # 32 / 9 × 25
    assert marks["straight_lined"]["reason"][0] == (
        "Jawaban yang sama di semua pertanyaan: 10 dari 12 (83 %)."
    )
    assert [mark for mark in marks if marks[mark]["checked"] == 0] == ["speeding", "outside_hours"]
    # Ten at one moment are a burst, and so are left out.
    assert found["without_all_marks"] == {"n": 2, "ikm": "88.89"}
    said = in_indonesian("radar", "SAMSAT-BC", "--period", "2026-Q3").stdout
    assert "Angka utama menghitung semua 12 jawaban." in said
    assert "IKM semua jawaban 87,73; tanpa yang ditandai 88,89 (2 jawaban)." in said


@pytest.mark.usefixtures("engine")
def test_the_radar_of_nothing_and_what_it_cannot_be_asked() -> None:
    assert "Belum ada jawaban." in in_indonesian("radar", "RSUD-1", "--period", "2026-Q3").stdout
    assert data("radar", "RSUD-1", "--period", "2026-Q3")["ikm"] is None
    assert refusal("radar", "RSUD-9").startswith("There is no unit “RSUD-9”.")
    for args in ((), ("RSUD-1", "--answers", "a.csv"), ("RSUD-1", "--order", "list")):
        assert skm("radar", *args).exit_code == 2


def test_the_radar_of_a_table() -> None:
    rows = ["4,4,4,4,4,4,4,4,4"] * 3 + ["1,2,3,4,1,2,3,4,1"]
    Path("answers.csv").write_text("\n".join([",".join(KEYS), *rows]) + "\n")
    found = data("radar", "--answers", "answers.csv")
    assert (found["n"], found["untimed"], found["unit"]) == (4, 4, None)
    marks = {mark["name"]: mark for mark in found["marks"]}  # type: ignore[attr-defined]
    assert (marks["straight_lined"]["n"], marks["all_fours"]["n"]) == (3, 3)
    assert marks["all_fours"]["without"] == {"n": 1, "ikm": "58.33"}  # 21 / 9 × 25


def test_the_radar_finds_what_is_known_of_real_tables(published: Path) -> None:
    for entry in json.loads((published / "index.json").read_text())["respondents"]:
        found = data("radar", "--answers", str(published / entry["file"]))
        marks = {mark["name"]: mark["n"] for mark in found["marks"]}  # type: ignore[attr-defined]
        assert found["n"] == entry["n"]
        assert marks["straight_lined"] == entry["straight_lined"]
        assert marks["all_fours"] == entry["all_fours"]
