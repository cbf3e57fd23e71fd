"""The official report: what it says, what it hides, and that its three papers say the same."""

from datetime import date
from fractions import Fraction

import pytest

from reports.official_report.counts import shown_of
from reports.official_report.document import Table
from reports.official_report.outline import outline
from reports.official_report.papers import written
from storage.office import follow_ups, result_publications
from storage.office.follow_ups import Plan
from storage.office.result_publications import ResultPublication
from tests.support.offices import NOON, unit_of
from tests.support.papers import docx_cells, docx_rows, docx_texts, pdf_text, spaced, xlsx_rows
from tests.support.reported import (
    WHY,
    all_of,
    answer,
    engine,  # noqa: F401  (a fixture)
    twenty,
)

PROFILE = "Profil responden"


def test_the_figures(engine):
    with engine.begin() as connection:
        twenty(connection)
    made = all_of(engine)
    found = made.figures
    assert (found.n, found.headline.ikm, found.headline.grade) == (20, "83.33", "B")
    # Krejcie and Morgan's table: 278 of 1,000.
    assert (found.population, found.needed, found.enough) == (1000, 278, False)
    means = {each.key: each.mean for each in found.elements}
    assert means.pop("completion_time") == Fraction(28, 10)
    assert set(means.values()) == {Fraction(34, 10)}
    assert made.weakest[0] == "completion_time"
    # 12 · 75 − the time's 25/9 each: (8 · 3 + 2) · 25/9 = 72.22; 8 of all 4s: 100.
    assert [(p.name, p.n, p.headline.ikm) for p in made.services] == [
        ("pajak", 12, "72.22"),
        ("stnk", 8, "100.00"),
    ]


def test_a_band_of_which_nobody_said_anything_is_in_no_table(engine):
    with engine.begin() as connection:
        twenty(connection)
    chapters = outline(all_of(engine)).chapters
    (told,) = [
        block
        for chapter in chapters
        for block in chapter.blocks
        if isinstance(block, Table) and block.name == PROFILE
    ]
    said = [tuple(getattr(cell, "said", cell) for cell in row) for row in told.rows]
    assert said[:3] == [
        ("Jenis kelamin", "Laki-laki", "12", "60,0"),
        ("", "Perempuan", "8", "40,0"),
        ("Pendidikan", "SD", "0", "0,0"),
    ]
    assert "Tidak diisi" not in [row[1] for row in said]
    unsaid = "Tidak ditanyakan, atau tidak diisi oleh siapa pun: usia dan pekerjaan."
    assert unsaid in pdf_text(written(all_of(engine), "pdf"))


def test_what_few_said_is_hidden(engine):
    with engine.begin() as connection:
        twenty(connection)
        answer(connection, 1, [3, 1, *[3] * 7], profile={"sex": "male", "education": "sma"})
    made = all_of(engine)
    tables = {counts.key: counts.counts for counts in made.profile}
    assert tables["sex"] == (13, 8, 0)
    # 3 of S3; the 18 of SMA would give them back.
    assert tables["education"] == (0, 0, None, 0, 0, 0, None, 0, 0)
    rows = {counts.key: counts.counts for counts in made.answers}
    assert rows["requirements"] == (0, 0, 13, 8)
    # One said 1: beside the mean, two hidden counts could be solved for.
    assert rows["procedure"] == (None,) * 4
    assert rows["completion_time"] == (None,) * 4  # one 3


def test_whoever_keyed_in_the_others_learns_no_more():
    """10 men of whom 7 were keyed in: the other 3 are few to whom those 7 are known."""
    assert shown_of([10, 12], [3, 6]) == (None, None)
    assert shown_of([10, 12], [5, 6]) == (10, 12)
    assert shown_of([10, 12], [0, 0]) == (10, 12)


def test_why_the_weakest_is_weak_masked(engine):
    with engine.begin() as connection:
        twenty(connection)
    (said,) = all_of(engine).reasons["completion_time"]
    assert said.startswith("Antre lama")
    assert "Budi" not in said


@pytest.mark.parametrize("number", [0, 4])
def test_fewer_than_five(engine, number):
    with engine.begin() as connection:
        answer(connection, number, 4, profile={"sex": "male"}, extra=WHY)
    made = all_of(engine)
    assert made.figures.headline is None
    assert made.figures.n == number
    said = pdf_text(written(made, "pdf"))
    wanted = f"Baru {number} responden. IKM tidak dicetak" if number else "Belum ada jawaban"
    assert wanted in said
    for hidden in ("100,00", "4,0000", "Sangat baik 1", "Laki-laki", "Antre"):
        assert hidden not in said


def test_the_three_papers_say_the_same(engine):
    with engine.begin() as connection:
        twenty(connection)
        unit = unit_of(connection, "SMST-BTM").id
        plan = Plan("completion_time", "=1+1 loket #2", date(2027, 2, 1), "Kepala seksi")
        follow_ups.keep(connection, unit, plan, date(2026, 11, 1), NOON, "x")
        told = ResultPublication("2026-Q4", "board", date(2026, 11, 12))
        result_publications.keep(connection, unit, told, NOON, "x")
    made = all_of(engine)
    pdf, docx, xlsx = (written(made, format) for format in ("pdf", "docx", "xlsx"))
    rows, said = docx_rows(docx), pdf_text(pdf)
    for wanted in (
        (1, "Persyaratan", 3.4, 0.3778, 85, "B", "Baik"),
        (1, "Persyaratan", 20, 68, 3.4, 0.1111, 0.3778, 85),
        ("IKM unit pelayanan", 3.3333, 83.33, "B", "Baik"),
        ("IKM unit pelayanan", 83.33),
        ("Jenis kelamin", "Laki-laki", 12, 60),
        (1, "Waktu Penyelesaian", "=1+1 loket #2", "2027", "Kepala seksi"),
        ("12 November 2026", "Papan pengumuman"),
    ):
        assert wanted in rows
    assert xlsx_rows(xlsx) == rows
    assert [row for row in docx_cells(docx) if spaced(" ".join(row)) not in said] == []
    assert [text for text in docx_texts(docx) if text not in said] == []
