"""The three papers as files: what their readers' programs make of them."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random
from xml.etree import ElementTree

import pytest
from docx import Document as Word
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from scipy.stats import ttest_rel

from reports.official_report.formats import written
from reports.official_report.outline import outline
from reports.papers import pdf as pdf_paper
from reports.printed.redrawing import redrawn
from reports.statistics.counting import tally_of_rows
from reports.statistics.inference import contrast
from reports.statistics.order import differ, places
from reports.statistics.tally import Row
from storage.office.paper_details import PaperDetails
from tests.support.instruments import SKM_NOW
from tests.support.libreoffice import converted, needs_libreoffice, without_values
from tests.support.offices import ITEMS
from tests.support.papers import calculated, pdf_text, spaced, texts
from tests.support.pictures import LOGO
from tests.support.publishing import closed
from tests.support.reported import all_of, answer_on, engine, twenty  # noqa: F401

ALT = "IKM per unsur: Persyaratan 85,00; Sistem, Mekanisme dan Prosedur 85,00; Waktu"


@pytest.fixture
def made(engine):
    """A report with a period before it."""
    with engine.begin() as connection:
        twenty(connection)
        answer_on(connection, date(2026, 8, 12), 6, 3)
        closed(connection, "SMST-BTM", "2026-Q3")
    return all_of(engine)


def test_the_pdf_may_be_kept_and_read_aloud(made):
    file = written(made, "pdf")
    reader = PdfReader(io.BytesIO(file))
    metadata = reader.xmp_metadata.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    root = reader.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "id")
    alts = [obj["/Alt"] for obj in _objects(reader) if "/Alt" in obj]
    assert any(alt.startswith(ALT) for alt in alts)
    assert "Nilai SKM" in " ".join(alts) or "Tren nilai SKM" in " ".join(alts)


def _objects(reader: PdfReader):
    found = (reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1))
    return [each for each in found if isinstance(each, dict)]


def test_the_list_of_contents_names_each_page(made):
    """Bookmarks lead to the pages that the list names."""
    reader = PdfReader(io.BytesIO(written(made, "pdf")))
    marks = {mark.title: reader.get_destination_page_number(mark) for mark in _flat(reader.outline)}
    body = marks["BAB I Pendahuluan"]
    named = pdf_paper.contents(outline(made))
    assert [words for _, words, _ in named][:3] == [
        "Kata Pengantar",
        "BAB I Pendahuluan",
        "1.1 Latar Belakang",
    ]
    assert ("4.3 Tren Nilai SKM" in marks, named[0][2]) == (True, "i")
    for _, words, page in named[1:]:
        assert marks[words] == body + int(page) - 1, words
    listed = spaced(reader.pages[2].extract_text())
    assert re.search(r"4\.3 Tren Nilai SKM[ .\u2060]+\d", listed)


def _flat(marks):
    for each in marks:
        yield from _flat(each) if isinstance(each, list) else [each]


def test_the_template_of_the_ministry_is_followed(made):
    said = pdf_text(written(made, "pdf"))
    places = [said.rindex(title) for title in TEMPLATE]
    assert places == sorted(places)


TEMPLATE = (
    *("1.1 Latar Belakang", "1.2 Dasar Pelaksanaan SKM", "1.3 Maksud dan Tujuan"),
    *("2.1 Pelaksana SKM", "2.2 Metode Pengumpulan Data", "2.3 Lokasi Pengumpulan Data"),
    *("2.4 Waktu Pelaksanaan SKM", "2.5 Penentuan Jumlah Responden", "3.1 Jumlah Responden SKM"),
    *("3.2 Indeks Kepuasan Masyarakat", "4.1 Analisis Permasalahan/Kelemahan dan Kelebihan"),
    *("4.2 Rencana Tindak Lanjut", "4.3 Tren Nilai SKM", "BAB V Kesimpulan"),
    *("Lampiran 1 Kuesioner", "Lampiran 2 Hasil Pengolahan Data", "Lampiran 3 Dokumentasi"),
    "Lampiran 4 Laporan Hasil Tindak Lanjut SKM Periode Sebelumnya",
)


def test_word_counts_captions_and_leads_to_them(made):
    """Each reference, and each line of the contents, leads to a bookmark that is there once."""
    paper = Word(io.BytesIO(written(made, "docx")))
    xml = paper.element.xml
    marks = re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', xml)
    led = re.findall(r"(?:PAGE)?REF (\S+) \\h", xml)
    assert len(set(marks)) == len(marks)
    assert set(led) <= set(marks)
    assert len(led) > 20
    captions = [line.text for line in paper.paragraphs if line.style.name == "Caption"]
    assert captions[0] == "Tabel 1. Jadwal pelaksanaan SKM"
    assert [c for c in captions if c.startswith("Gambar")] == [
        "Gambar 1. IKM per unsur",
        "Gambar 2. Tren nilai SKM",
    ]
    headings = {line.style.name for line in paper.paragraphs}
    assert {"Heading 1", "Heading 2", "toc 1", "toc 2", "List Bullet", "Title"} <= headings


def test_words_charts_are_native_and_hold_the_figures(made):
    whole = zipfile.ZipFile(io.BytesIO(written(made, "docx")))
    charts = [name for name in whole.namelist() if name.startswith("word/charts/chart")]
    assert len(charts) == 2
    values = ElementTree.fromstring(whole.read(charts[0])).findall(".//{*}v")
    assert [each.text for each in values][-9:] == ["85", "85", "70", *["85"] * 6]
    behind = CalamineWorkbook.from_filelike(io.BytesIO(whole.read("word/embeddings/chart1.xlsx")))
    assert behind.get_sheet_by_index(0).to_python()[2] == ["Waktu Penyelesaian", 70.0]


@needs_libreoffice
def test_the_workbooks_formulas_give_the_index(made, tmp_path):
    """A table of sums and nothing else, calculated by another program."""
    file = without_values(written(made, "xlsx"))
    rows = calculated(converted(file, "xlsx", "xlsx", tmp_path))
    assert [round(value, 6) for value in rows[2][2:8]] == [20, 56, 2.8, 0.111111, 0.311111, 70]
    assert (round(rows[9][6], 4), rows[10][7], rows[11][7]) == (3.3333, 83.33, "B")


@needs_libreoffice
def test_words_pages_are_those_that_its_contents_name(made, tmp_path):
    """Until Word counts anew, the list has the PDF's pages: the same, or one beside it where a
    chapter is a line longer here or there."""
    opened = converted(written(made, "docx"), "docx", "pdf", tmp_path)
    pages = [spaced(page.extract_text()) for page in PdfReader(io.BytesIO(opened)).pages]
    first = next(i for i, text in enumerate(pages) if text.startswith("BAB I Pendahuluan"))
    chapters = [
        (words, page) for level, words, page in pdf_paper.contents(outline(made)) if level == 1
    ]
    for words, page in chapters[1:]:
        there = next(i for i, text in enumerate(pages) if text.startswith(words))
        assert abs(there - (first + int(page) - 1)) <= 1, words


@needs_libreoffice
def test_half_a_hundredth_is_rounded_up(made, tmp_path):
    """1,000 answers to each question that add up to 3,001: 25 · 3.001 = 75.025, which no binary
    fraction is."""
    items = tuple(replace(each, n=1000, sum=3001) for each in made.figures.items)
    headline = replace(made.figures.headline, skm="3.0010", ikm="75.03", grade="C")
    figures = replace(made.figures, n=1000, items=items, headline=headline)
    file = without_values(written(replace(made, figures=figures), "xlsx"))
    rows = calculated(converted(file, "xlsx", "xlsx", tmp_path))
    assert (rows[10][7], rows[11][7]) == (75.03, "C")


def test_what_the_order_of_elements_bears():
    """60 answers, checked against SciPy's paired test: the first lies below, two cannot be told
    apart."""
    random = Random(7)
    rows = [[random.choice((3, 4)) for _ in ITEMS] for _ in range(60)]
    for row in rows:
        row[2] = random.choice((1, 2))
    found = tally_of_rows(ITEMS, [Row(dict(zip(ITEMS, row, strict=True))) for row in rows])
    paired = ttest_rel([row[0] for row in rows], [row[1] for row in rows])
    one, other = ({ITEMS[place]: Fraction(1)} for place in (0, 1))
    assert contrast(found, one, other).p == pytest.approx(paired.pvalue)
    placed = places(found, SKM_NOW)
    assert placed["completion_time"] == "below"
    assert differ(found, SKM_NOW, ["completion_time", "cost"]) is True
    assert differ(found, SKM_NOW, ["requirements", "procedure"]) is bool(paired.pvalue < 0.01)


def test_of_few_answers_no_order_is_told(made):
    """20 of them: fewer than 30."""
    assert (made.standing.elements, made.standing.weakest_differ) == ({}, None)
    said = pdf_text(written(made, "pdf"))
    assert "Waktu Penyelesaian, NRR 2,80, mutu C (Kurang baik): jawabannya belum cukup" in said


@pytest.mark.parametrize("format", ["pdf", "docx", "xlsx"])
def test_it_is_signed_by_whom_the_unit_said(made, format):
    """Said once; where nobody has, there is room to write by hand."""
    details = PaperDetails(
        "Batam", "Kepala UPT", "Sari Dewi, S.E.", "Pembina, IV/a", "198001012005012001",
        "060/1/2026", "Jl. Contoh 1", "Kata pengantar kami.\nParagraf kedua.", "Sejak 2017.",
        redrawn(LOGO, "logo"),
    )  # fmt: skip
    said = texts(written(replace(made, details=details), format), format)
    for wanted in (
        "Batam, 19 November 2026", "Kepala UPT", "Sari Dewi, S.E.", "Pembina, IV/a",
        "NIP 198001012005012001", "Nomor: 060/1/2026", "Jl. Contoh 1", "Kata pengantar kami.",
        "Paragraf kedua.", "Sejak 2017.",
    ):  # fmt: skip
        assert wanted in said
    assert "Puji syukur" not in said
    unsigned = texts(written(made, format), format)
    assert re.search(r"Kepala Samsat #Batam \*Centre\*.*NIP \.{10}", unsigned)
    assert "belum ada publikasi" not in unsigned.lower()
