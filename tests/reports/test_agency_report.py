"""The report of an agency: by its units' sheets alone, with their ranking and a table of them."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from reports.official_report.agency import of_agency
from reports.official_report.formats import written
from reports.official_report.summed_sheets import longer
from reports.sheets.publish import publish
from storage.office import paper_details
from storage.periods import parse
from storage.scope import agency
from tests.support.libreoffice import converted, needs_libreoffice, without_values
from tests.support.offices import Chance, draft, office, respond, unit_of, unit_row
from tests.support.papers import calculated, docx_rows, pdf_text, texts, xlsx_rows
from tests.support.publishing import LATER, closed

HERE = "Pemprov Contoh"
Q4 = parse("2026-Q4")


@pytest.fixture
def engine(sqlite_url: str):
    rows = [
        unit_row("SMST-BTM", name="Samsat Batam", population=40),
        unit_row("SMST-SKP", name="Samsat Sekupang", population=1000),
        unit_row("RSUD-1", name="RSUD", population=40),
        unit_row("ELSE-1", name="Kantor Lain", agency="Pemprov Lain"),
    ]
    with office(sqlite_url, *rows) as engine:
        yield engine


def answered(engine: Engine, code: str, number: int, value: int) -> None:
    chance = Chance(code)
    with engine.begin() as connection:
        for _ in range(number):
            respond(connection, code, chance, draft(values=value))
        closed(connection, code)


def report(engine: Engine):
    with engine.begin() as connection:
        paper_details.keep(connection, agency(HERE), {"person": "Sekretaris Daerah A"})
        return of_agency(connection, HERE, Q4, LATER)


def test_its_index_counts_each_respondent_and_beside_it_each_unit(engine):
    """36 say 4 and 12 say 3: (36 · 4 + 12 · 3) / 48 · 25 = 93.75. Krejcie and Morgan ask 36 of 40,
    278 of 1,000: so of two units one is in the mean, 100. Whoever has no sheet is in neither."""
    answered(engine, "SMST-BTM", 36, 4)
    answered(engine, "SMST-SKP", 12, 3)
    answered(engine, "ELSE-1", 20, 1)
    with engine.begin() as connection:
        chance = Chance("x")
        for _ in range(20):
            respond(connection, "RSUD-1", chance, draft(values=1))
    made = report(engine)
    assert (made.figures.n, made.figures.headline.ikm) == (48, "93.75")
    assert (made.figures.headline.grade, made.mean_of_units.units) == ("A", 1)
    assert made.mean_of_units.ikm == 100
    lines = [(line.code, line.n, line.ranks) for line in made.units]
    assert lines == [
        ("SMST-BTM", 36, (1, 1, 1)),
        ("RSUD-1", None, None),
        ("SMST-SKP", 12, None),
    ]
    for format, rows in (("docx", docx_rows), ("xlsx", xlsx_rows)):
        read = rows(written(made, format))
        assert (1, "Samsat Batam", 36, 100, "A", "–", "1–1") in read
        assert ("–", "Samsat Sekupang", 12, 75, "C", "–", "–") in read
        assert (2, "RSUD", "–", "–", "–", "Belum diterbitkan") in read
        assert ("IKM instansi", 93.75) in read
    for format in ("pdf", "docx", "xlsx"):
        said = texts(written(made, format), format)
        assert "Sekretaris Daerah A" in said
        assert "Rata-rata 1 unit yang mencapai sampel minimum, setiap unit sekali: 100,00." in said
        assert "Kantor Lain" not in said


def test_without_a_sheet_there_is_none(engine):
    assert report(engine) is None


@needs_libreoffice
def test_its_formulas_give_the_index(engine, tmp_path):
    answered(engine, "SMST-BTM", 36, 4)
    answered(engine, "SMST-SKP", 12, 3)
    file = without_values(written(report(engine), "xlsx"))
    rows = calculated(converted(file, "xlsx", "xlsx", tmp_path))
    assert (rows[0][2:4], rows[10][7], rows[11][7]) == ([48, 180], 93.75, "A")


def test_the_trend_compares_the_same_units_alone(engine):
    """In the quarter before another unit published."""
    with engine.begin() as connection:
        chance = Chance("before")
        for _ in range(6):
            respond(connection, "RSUD-1", chance, draft(LATER - 150 * 86_400, 2))
        publish(connection, unit_of(connection, "RSUD-1"), parse("2026-Q3"), LATER)
    answered(engine, "SMST-BTM", 36, 4)
    (point,) = report(engine).trend
    assert (point.period, point.headline.ikm, point.comparable) == ("2026-Q3", "50.00", False)
    assert "Unit yang menerbitkan hasil tidak sama" in pdf_text(written(report(engine), "pdf"))


def published(engine: Engine, code: str, name: str, number: int, value: int) -> None:
    """So many who say that, in the middle of the period."""
    period = parse(name)
    at = int(datetime(period.first.year, period.first.month + 1, 15, 5, tzinfo=UTC).timestamp())
    chance = Chance(code + name)
    with engine.begin() as connection:
        for _ in range(number):
            respond(connection, code, chance, draft(at, value))
        publish(connection, unit_of(connection, code), period, LATER)


def test_a_semester_and_a_year_are_the_sums_of_the_sheets_in_them(engine):
    """A year of 36 fours and 12 twos, and of 40 threes: (144 + 24 + 120) / 88 · 25 = 81.82. Of two
    quarters, 36 · 4 and 12 · 2 make 168 / 48 · 25 = 87.50, and need 72 of 80."""
    published(engine, "SMST-BTM", "2026-Q1", 36, 4)
    published(engine, "SMST-BTM", "2026-Q3", 12, 2)
    published(engine, "RSUD-1", "2026-Q3", 40, 3)
    published(engine, "ELSE-1", "2026-Q3", 9, 1)
    with engine.begin() as connection:
        year, half, other = (
            of_agency(connection, HERE, parse(name), LATER) for name in ("2026", "2026-S2", "2025")
        )
    assert other is None
    assert (year.figures.n, year.figures.headline.ikm) == (88, "81.82")
    assert (half.figures.n, half.figures.headline.ikm) == (52, "69.23")  # (24 + 120) / 52 · 25
    batam, rsud = (next(x for x in year.units if x.code == c) for c in ("SMST-BTM", "RSUD-1"))
    assert (batam.n, batam.headline.ikm, batam.parts, batam.needed) == (48, "87.50", (2, 4), 72)
    assert (rsud.n, rsud.headline.ikm, rsud.parts, rsud.ranks) == (40, "75.00", (1, 4), (1, 1, 1))
    assert batam.ranks is None  # 48 of 72
    assert len(batam.sheets) == 2
    for format in ("pdf", "docx", "xlsx"):
        said = " ".join(texts(written(year, format), format).split())
        assert "Samsat Batam 2 dari 4" in said
        assert "RSUD 1 dari 4" in said


def test_a_sheet_of_the_period_itself_counts_alone_and_no_day_twice(engine):
    published(engine, "SMST-BTM", "2026-Q3", 20, 4)
    with engine.begin() as connection:
        assert of_agency(connection, HERE, Q4, LATER) is None
        once = of_agency(connection, HERE, parse("2026-Q3"), LATER)
        names = {"2026-Q3", "2026-Q4", "2026-07", "2025-Q1"}
        assert {each.name for each in longer(names)} == {"2026", "2026-S2"}
    assert (once.figures.n, once.units[0].parts) == (20, None)
