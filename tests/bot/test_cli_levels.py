"""`skm index` by level, and what stands beside the headline."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from bot.commands.figures.context_table import step_name
from flows.loader import instrument
from reports.radar import run as radar_run
from storage import units
from storage.answers import responses
from storage.answers.responses import Draft
from storage.database.connect import open_engine
from storage.database.upsert import table_of
from storage.periods import parse
from storage.tables import Dropout
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
from tests.support.instruments import CURRENT

AUTUMN = ("--period", "2026-Q4")


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[Engine]:
    """30 of SAMSAT-SK at 100, 30 of RSUD-1 at 50: both of unknown users. 15 of SAMSAT-BC at 25, of
    the 357 that its 5,000 users ask for."""
    with_units(monkeypatch, database_url)
    engine = open_engine(database_url)
    keep(engine, "SAMSAT-SK", "2026-11-16", 4, number=30)
    keep(engine, "RSUD-1", "2026-11-16", 2, number=30)
    keep(engine, "SAMSAT-BC", "2026-11-16", 1, number=15)
    yield engine
    engine.dispose()


def give(engine: Engine, code: str, service: str, value: int, number: int, **more: object) -> None:
    at = int(datetime(2026, 11, 17, 3, tzinfo=UTC).timestamp())
    with engine.begin() as connection:
        unit = units.by_code(connection, code)
        assert unit is not None
        answers = dict.fromkeys(KEYS, value)
        draft = Draft(service, CURRENT, unit.questionnaire, "tg", at, answers, **more)  # type: ignore[arg-type]
        for _ in range(number):
            responses.keep(connection, unit, draft, os.urandom)


@pytest.mark.usefixtures("engine")
def test_an_agency_a_region_and_the_nation_in_two_ways_by_name() -> None:
    batam = data("index", "--region", "batam", *AUTUMN)
    # 30 × 100 and 15 × 25 of 45: 75.00; of the units only SAMSAT-SK has enough.
    assert (batam["n"], batam["ikm"]) == (45, "75.00")
    level = batam["level"]
    assert isinstance(level, dict)
    assert (level["name"], level["mean_of_units"]) == (
        "region",
        {"ikm": "100.00", "standard_error": 0.0, "units": 1, "left_out": 1},
    )
    # s² = (30 × 25² + 15 × 50²) / 44 = 1278.41, so SE = √(1278.41 / 45) = 5.33
    pooled = {"ikm": "75.00", "standard_error": 5.33, "n": 45}
    assert level["pooled_respondents"] == pooled
    nation = data("index", *AUTUMN)["level"]
    assert isinstance(nation, dict)
    assert nation["name"] == "nation"
    assert nation["mean_of_units"]["ikm"] == "75.00"  # (100 + 50) / 2
    assert nation["pooled_respondents"]["ikm"] == "65.00"  # (3000 + 1500 + 375) / 75
    said = in_indonesian("index", "--agency", "Bapenda Kepri", *AUTUMN).stdout
    assert "Rata-rata unit: 100,00 · galat baku 0,00 (1 unit yang cukup jawabannya, 1" in said
    assert "Seluruh responden digabung: 75,00 · galat baku 5,33 (45 responden)" in said


def test_a_unit_by_its_services_and_a_service_of_many_units(engine: Engine) -> None:
    give(engine, "SAMSAT-BC", "pajak-tahunan", 4, 30)
    give(engine, "SAMSAT-BC", "balik-nama", 2, 10)
    level = data("index", "--unit", "SAMSAT-BC", *AUTUMN)["level"]
    assert isinstance(level, dict)
    # 15 of SAMSAT-BC chose a service that is not on its list.
    mean = {"ikm": "100.00", "standard_error": 0.0, "services": 1, "left_out": 2}
    assert (level["name"], level["mean_of_services"]) == ("unit", mean)
    assert level["pooled_respondents"]["ikm"] == "70.45"  # (120 + 20 + 15) / 55 × 25
    taxes = data("index", "--unit", "SAMSAT-BC", "--service", "pajak tahunan", *AUTUMN)
    assert (taxes["n"], taxes["ikm"], taxes["sample"]) == (30, "100.00", None)
    assert taxes["level"] == data("index", "--service", "Pajak tahunan")["level"]
    assert taxes["level"] == {"name": "service"}  # of one unit: nothing to take a mean of
    general = data("index", "--service", "umum", *AUTUMN)
    assert (general["n"], general["ikm"]) == (60, "75.00")
    assert isinstance(general["level"], dict)
    assert general["level"]["mean_of_units"]["units"] == 2
    # Of 20 users 19 are enough, but nobody knows how many of them came for their taxes.
    columns = "code,name,agency,region,timezone,services,population"
    Path("more.csv").write_text(
        f"{columns}\nSMST-2,Samsat Dua,Bapenda Kepri,Batam,WIB,Pajak tahunan,20"
    )
    skm("import", "units", "more.csv")
    give(engine, "SMST-2", "pajak-tahunan", 2, 25)
    level = data("index", "--service", "pajak-tahunan", *AUTUMN)["level"]
    assert isinstance(level, dict)
    assert level["mean_of_units"] == {
        "ikm": "100.00",
        "standard_error": 0.0,
        "units": 1,
        "left_out": 1,
    }
    said = refusal("index", "--service", "Paspor")
    assert said.startswith("None of these 4 units has a service “Paspor”.")
    assert refusal("index", "--unit", "RSUD-1", "--service", "Paspor").startswith("RSUD-1 has no")


def test_sources_stand_beside_the_headline_that_counts_all(engine: Engine) -> None:
    give(engine, "RSUD-1", "umum", 4, 10, source="imported")
    give(engine, "RSUD-1", "umum", 4, 5, source="assisted", verified=True)
    found = data("index", "--unit", "RSUD-1", *AUTUMN)
    assert (found["n"], found["ikm"]) == (45, "66.67")  # (30 × 2 + 15 × 4) / 45
    assert found["sources"] == {
        "assisted": {"n": 5, "ikm": "100.00"},
        "chat": {"n": 30, "ikm": "50.00"},
        "imported": {"n": 10, "ikm": "100.00"},
        "verified": {"n": 5, "ikm": "100.00"},
    }
    said = in_indonesian("index", "--unit", "RSUD-1", *AUTUMN).stdout
    assert "  kertas atau formulir: 100,00 · 10 responden" in said
    assert "  kunjungan terverifikasi: 100,00 · 5 responden" in said


def test_without_the_marked_where_the_radar_has_looked(engine: Engine) -> None:
    assert data("index", "--unit", "RSUD-1", *AUTUMN)["without_marked"] is None
    give(engine, "RSUD-1", "umum", 4, 5, duration=5)  # speeding and straight-lined
    with engine.begin() as connection:
        unit = units.by_code(connection, "RSUD-1")
        assert unit is not None
        found = radar_run.run(connection, unit, parse("2026-Q4"), 0)[CURRENT]
        left = found.without_left_out().n
    read = data("index", "--unit", "RSUD-1", *AUTUMN)
    assert read["without_marked"] == {"n": left, "ikm": None if not left else "50.00"}
    assert (read["n"], read["ikm"]) == (35, "57.14")  # (30 × 2 + 5 × 4) / 35
    assert data("index", "--unit", "RSUD-1", "--period", "2026-11")["without_marked"] is None


def test_completion_and_where_others_stopped(engine: Engine) -> None:
    steps = ("consent", "cost-2", "cost", "comment")
    rows = [(3, CURRENT, step, "2026-11") for step in steps]
    rows += [(3, f"{CURRENT}+0123456789ab", "age", "2026-12"), (3, "spkp", "service", "2026-11")]
    rows += [(1, CURRENT, "service", "2026-11"), (3, CURRENT, "service", "2026-09")]
    names = ("unit_id", "questionnaire", "step", "month")
    with engine.begin() as connection:
        values = [dict(zip(names, row, strict=True)) | {"service": "umum"} for row in rows]
        connection.execute(insert(table_of(Dropout)), values)
    give(engine, "RSUD-1", "umum", 4, 9, source="imported")  # on paper nobody stops
    found = data("index", "--unit", "RSUD-1", *AUTUMN)["completion"]
    stopped = {"consent": 1, "cost": 2, "comment": 1, "age": 1}
    assert found == {"finished": 30, "share": 0.8571, "stopped_after": stopped}
    said = in_indonesian("index", "--unit", "RSUD-1", *AUTUMN).stdout
    assert "Selesai di obrolan: 30 dari 35 yang setuju menjawab (86 %)" in said
    at = [
        said.index(f"  berhenti setelah {name}: ")
        for name in ("Persetujuan", "Biaya/tarif", "Saran")
    ]
    assert at == sorted(at)
    assert data("index", "--unit", "RSUD-1", "--period", "2026-W47")["completion"] is None


def test_every_step_of_the_survey_has_a_name() -> None:
    asked = instrument(CURRENT)
    for step in ("consent", "service", *KEYS, "x_a1", "comment", "sex", "occupation", "review"):
        assert step_name(step, asked) != step


@pytest.mark.usefixtures("engine")
def test_levels_that_do_not_go_together_and_are_not_there() -> None:
    assert skm("index", "--unit", "RSUD-1", "--agency", "Dinkes Sorong").exit_code == 2
    assert skm("index", "--answers", "a.csv", "--service", "umum").exit_code == 2
    assert refusal("index", "--region", "Batum") == "There is no region “Batum”. Near it: Batam."
