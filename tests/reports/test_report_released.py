"""A report of what was released: as its sheet says, withheld, provisional, and beside others."""

from datetime import date

from sqlalchemy import Connection

from reports.official_report.gathered import of_period, of_sheet, of_weeks
from reports.official_report.outline import outline
from reports.official_report.papers import written
from storage.index import sheets
from tests.support.instruments import CURRENT
from tests.support.offices import NOON, Chance, draft, respond, unit_of
from tests.support.papers import pdf_text
from tests.support.publishing import LATER, WEEK, closed, show_week, whole_weeks
from tests.support.reported import Q4, all_of, answer, engine, twenty

__all__ = ["engine"]


def test_a_published_report_says_what_its_sheet_says(engine):
    with engine.begin() as connection:
        twenty(connection)
        sheet = closed(connection, "SMST-BTM")
        made = of_sheet(connection, unit_of(connection, "SMST-BTM"), Q4, LATER)
    assert made.state == "published"
    assert made.figures.headline.ikm == sheet["index"]["ikm"] == "83.33"
    assert (made.proof.number, made.proof.root) == (1, sheet["leaves"]["root"])
    said = pdf_text(written(made, "pdf"))
    assert sheet["leaves"]["root"] in said
    assert "BELUM DITERBITKAN" not in said
    assert {counts.key: counts.counts for counts in made.profile}["sex"] == (12, 8, 0)
    assert made.services == ()  # its sheet tells none


def test_counts_are_told_no_more_once_a_response_is_erased(engine):
    with engine.begin() as connection:
        twenty(connection)
        closed(connection, "SMST-BTM")
        unit = unit_of(connection, "SMST-BTM")
        (row, *_) = sheets.responses(connection, unit.id, CURRENT, Q4.first, Q4.last)
        sheets.mark_erased(connection, row.leaf)
        connection.exec_driver_sql(f"DELETE FROM response WHERE id = '{row.id}'")
        made = of_sheet(connection, unit, Q4, LATER)
    assert (made.figures.n, made.figures.headline.ikm) == (20, "83.33")
    assert (made.profile, made.answers) == ((), ())
    assert "dihapus atas permintaan warga" in pdf_text(written(made, "pdf"))


def test_a_withheld_index_is_a_sentence(engine):
    """A week of 20 was shown; the period has 3 more, who would be told by the difference."""
    with engine.begin() as connection:
        twenty(connection)
        with whole_weeks():
            show_week(connection, "SMST-BTM", "2026-W47")
        answer(connection, 3, 1, NOON + 2 * WEEK)
        closed(connection, "SMST-BTM")
        unit = unit_of(connection, "SMST-BTM")
        made = of_sheet(connection, unit, Q4, LATER)
        operators = of_period(connection, unit, Q4, LATER)
    assert (made.figures.n, made.figures.headline, made.profile) == (23, None, ())
    assert "23 responden tercatat, tetapi IKM ditahan" in pdf_text(written(made, "pdf"))
    assert operators.figures.headline is not None
    assert "Jangan disebarkan" in outline(operators).banner


def test_a_provisional_report_adds_up_shown_weeks_and_tells_no_counts(engine):
    with engine.begin() as connection:
        twenty(connection)
        answer(connection, 4, 1, NOON - 2 * WEEK)
        unit = unit_of(connection, "SMST-BTM")
        assert of_weeks(connection, unit, Q4, NOON) is None
        with whole_weeks():
            for week in ("2026-W45", "2026-W47"):
                show_week(connection, "SMST-BTM", week)
        answer(connection, 30, 1)  # who came after the week was shown
        made = of_weeks(connection, unit, Q4, LATER)
    assert (made.weeks, made.figures.n, made.figures.headline.ikm) == (("2026-W47",), 20, "83.33")
    said = pdf_text(written(made, "pdf"))
    assert "SEMENTARA" in said
    for hidden in ("Laki-laki 12", "Responden menurut sumber", "Budi", "Kunjungan terverifikasi"):
        assert hidden not in said
    assert outline(made).card is None


def test_the_trend_tells_which_periods_may_be_compared(engine):
    with engine.begin() as connection:
        twenty(connection)
        noon = date(2026, 8, 12)
        answer_on(connection, noon, 6, 3)
        answer_on(connection, date(2026, 5, 12), 6, [3, 3, 3, None, 3, 3, 3, 3, 3])
        answer_on(connection, date(2026, 2, 12), 3, 4)
    made = all_of(engine)
    found = [(p.period, p.n, p.comparable, p.headline is None) for p in made.trend]
    assert found == [
        ("2026-Q1", 3, False, True),
        ("2026-Q2", 6, False, False),
        ("2026-Q3", 6, True, False),
    ]
    said = pdf_text(written(made, "pdf"))
    assert "1 unsur hanya dijawab di salah satu periode" in said
    assert "Dibandingkan Triwulan III Tahun 2026 (75,00) IKM naik 8,33 poin" in said
    assert "Triwulan I 2026 3 n < 5" in said


def answer_on(connection: Connection, day: date, number: int, values: object) -> None:
    chance = Chance(str(day))
    for _ in range(number):
        respond(connection, "SMST-BTM", chance, draft(day, values))  # type: ignore[arg-type]
