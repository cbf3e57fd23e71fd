"""Letters of many scripts: drawn by one of our fonts, or told; never an empty box."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports.official_report.formats import written
from reports.printed.letters import lacking, printable
from tests.support.command_line import clean_desk, skm
from tests.support.papers import pdf_text
from tests.support.reported import all_of, engine, twenty  # noqa: F401

# Latin with a macron, Javanese, Arabic, an emoji, a fraction.
NAME = "Kantor ꦲꦏ꧀ꦱꦫ “Al-Hidāyah” الهداية 😀 ½ ≥ m²"
DRAWN = "Kantor ꦲꦏ꧀ꦱꦫ “Al-Hidāyah” الهداية  ½ ≥ m²"


def test_what_no_font_has_is_told_and_never_a_box():
    assert (lacking(NAME), printable(NAME)) == ("😀", DRAWN)
    assert (lacking("中文中 ok"), printable("中文中 ok")) == ("中文", "??? ok")
    for script in ("ᬅᬓ᭄ᬱᬭ", "ᮃᮊ᮪ᮞᮛ", "ᯅᯖᯂ᯲", "ᨒᨚᨈᨑ", "ꤼꥍ", "Ünïcödé", "Бюро", "Ελλάς"):
        assert lacking(script) == ""


@pytest.mark.parametrize(
    "name", [NAME, "中文 ไทย 🏛️ 👨‍👩‍👧", "a" * 300, "ᬅᬓ᭄ᬱᬭ Bali 1/2\u200d\ufe0f"]
)
def test_a_paper_with_it_is_a_pdf_a(engine, name):
    """Which no file is that has a letter without a form: the typesetter refuses it."""
    with engine.begin() as connection:
        twenty(connection)
    made = all_of(engine)
    unit = replace(made.unit, name=name, agency=name)
    file = written(replace(made, unit=unit), "pdf")
    metadata = PdfReader(io.BytesIO(file)).xmp_metadata.stream.get_data()
    assert b"<pdfaid:part>2</pdfaid:part>" in metadata


def test_letters_are_read_back(engine):
    with engine.begin() as connection:
        twenty(connection)
    made = all_of(engine)
    file = written(replace(made, unit=replace(made.unit, name="Бюро ½ m²")), "pdf")
    assert "Survei dilaksanakan oleh Бюро ½ m²" in pdf_text(file)


def test_the_import_names_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str):
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", sqlite_url)
    head = "code,name,agency,region,timezone,services,population"
    Path("u.csv").write_text(f"{head}\nAKS-1,{NAME},Setda,Kota,WIB,Izin;中文,300\n", "utf-8")
    done = skm("import", "units", "u.csv")
    assert "Letters that posters and reports cannot print: 😀中文" in done.stderr
