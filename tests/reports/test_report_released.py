"""A report of what was released: as its sheet says, withheld, provisional, and beside others."""

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from reports.official_report.formats import written
from reports.official_report.gathered import of_period, of_sheet, of_weeks
from reports.official_report.outline import outline
from reports.stored.amending import erase
from storage.answers import responses
from storage.index import sheets
from tests.support.instruments import CURRENT
from tests.support.offices import NOON, unit_of
from tests.support.papers import docx_texts, pdf_text
from tests.support.publishing import DAY, LATER, WEEK, closed, show_week, whole_weeks
from tests.support.reported import Q4, all_of, answer, answer_on, engine, twenty

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


def test_a_withheld_index_is_a_sentence_to_the_operator_too(engine):
    """Six answered an item each: of none of the items there are five."""
    with engine.begin() as connection:
        for place in range(6):
            answer(connection, 1, [3 if place == item else None for item in range(9)])
        closed(connection, "SMST-BTM")
        unit = unit_of(connection, "SMST-BTM")
        made = of_sheet(connection, unit, Q4, LATER)
        operators = of_period(connection, unit, Q4, LATER)
    assert (made.figures.n, made.figures.headline, made.profile) == (6, None, ())
    assert "6 responden tercatat, tetapi IKM ditahan" in pdf_text(written(made, "pdf"))
    assert operators == made


def test_counts_hold_what_the_means_beside_them_count_and_no_more(engine):
    """Three come after the last digest: the sheet does not count them, so counts less its sums
    would be their answers."""
    with engine.begin() as connection:
        twenty(connection)
        show_week(connection, "SMST-BTM", "2026-W47")
        answer(connection, 3, [1, 4] * 4 + [1], NOON + WEEK)
        sheet = closed(connection, "SMST-BTM")
        made = of_sheet(connection, unit_of(connection, "SMST-BTM"), Q4, LATER)
    assert sheet["uncounted"]
    assert {counts.key for counts in made.answers} == set(sheet["sums"])
    for counts in made.answers:
        given = zip(counts.choices, counts.counts, strict=True)
        total = sum(int(value) * number for value, number in given)
        assert total == sheet["sums"][counts.key]["sum"]


@pytest.mark.parametrize("more", [1, 4, 5])
def test_a_report_made_around_a_visitor_does_not_tell_of_them(engine, more):
    with engine.begin() as connection:
        twenty(connection)
        unit = unit_of(connection, "SMST-BTM")
        before = of_period(connection, unit, Q4, NOON)
        answer(connection, more, 1, NOON + DAY, profile={"sex": "male"})
        after = of_period(connection, unit, Q4, NOON + DAY)
    assert before.figures.n == 20
    if more == 5:
        assert (after.figures.n, after.left) == (25, 0)
        return
    assert (after.figures, after.profile, after.answers, after.services) == (
        before.figures,
        before.profile,
        before.answers,
        before.services,
    )
    assert f"{more} perubahan belum dihitung" in outline(after).banner


def test_one_who_erases_between_two_reports_is_not_told_by_them(engine):
    with engine.begin() as connection:
        twenty(connection)
        unit = unit_of(connection, "SMST-BTM")
        of_period(connection, unit, Q4, NOON)
        row = sheets.responses(connection, unit.id, CURRENT, Q4.first, Q4.last)[0]
        erase(connection, responses.found(connection, (row.leaf, row.leaf), lock=True))
        after = of_period(connection, unit, Q4, NOON + DAY)
        assert (after.figures.headline, after.left) == (None, 1)
        answer(connection, 5, 3, NOON + DAY)
        assert of_period(connection, unit, Q4, NOON + DAY).figures.n == 24


@pytest.mark.parametrize("format", ["pdf", "docx", "xlsx"])
def test_what_may_not_be_passed_on_says_so_first(engine, format):
    with engine.begin() as connection:
        twenty(connection)
        made = of_period(connection, unit_of(connection, "SMST-BTM"), Q4, NOON)
    paper = written(made, format)
    if format == "pdf":
        assert pdf_text(paper).startswith("JANGAN DISEBARKAN")
    elif format == "docx":
        assert docx_texts(paper)[0].startswith("JANGAN DISEBARKAN")
    else:
        first = CalamineWorkbook.from_filelike(BytesIO(paper)).get_sheet_by_index(0).to_python()
        assert str(first[0][0]).startswith("JANGAN DISEBARKAN")


def test_the_index_of_each_service_tells_of_no_few_who_answered_an_item(engine):
    """Of the 8 for another service 2 said what they think of cost: their index leaves it out."""
    with engine.begin() as connection:
        answer(connection, 12, 3)
        answer(connection, 6, [4, 4, 4, None, 4, 4, 4, 4, 4], service="stnk")
        answer(connection, 2, [4, 4, 4, 1, 4, 4, 4, 4, 4], service="stnk")
        made = of_period(connection, unit_of(connection, "SMST-BTM"), Q4, NOON)
    assert [(p.name, p.headline.ikm) for p in made.services] == [
        ("pajak", "75.00"),
        ("stnk", "100.00"),
    ]


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


def test_the_trend_tells_which_periods_may_be_compared(engine):
    with engine.begin() as connection:
        twenty(connection)
        noon = date(2026, 8, 12)
        answer_on(connection, noon, 6, 3)
        answer_on(connection, date(2026, 5, 12), 6, [3, 3, 3, None, 3, 3, 3, 3, 3])
        answer_on(connection, date(2026, 2, 12), 3, 4)
        for period in ("2026-Q1", "2026-Q2", "2026-Q3"):
            closed(connection, "SMST-BTM", period)
    made = all_of(engine)
    found = [(p.period, p.n, p.comparable, p.headline is None) for p in made.trend]
    assert found == [
        ("2026-Q2", 6, False, False),
        ("2026-Q3", 6, True, False),
    ]
    said = pdf_text(written(made, "pdf"))
    assert "1 unsur hanya dijawab di salah satu periode" in said
    assert "Dibandingkan Triwulan III Tahun 2026 (75,00) IKM naik 8,33 poin" in said
