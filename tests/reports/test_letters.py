"""Letters that our fonts have, and what is done about those that they lack."""

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypdf import PdfReader

from reports.official_report.formats import written
from reports.printed.typesetting import drawn, told
from storage.files.letters import FILE, drawable, undrawn
from storage.files.unit_file import parsed
from tests.support.fonts import letters
from tests.support.papers import pdf_text
from tests.support.paths import ROOT
from tests.support.reported import all_of, engine, twenty  # noqa: F401
from tests.support.shown_files import ON_PURPOSE, stood_in

FONTS = sorted((ROOT / "reports/fonts").glob("*.ttf"))
HEAD = ["code", "name", "agency", "region", "timezone", "services", "population"]


def ranges(numbers: set[int]) -> Iterator[str]:
    for _, run in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0]):
        each = [number for _, number in run]
        yield f"{each[0]:x}" if len(each) == 1 else f"{each[0]:x}-{each[-1]:x}"


def test_the_list_is_what_the_fonts_have() -> None:
    made = "\n".join(ranges(set().union(*map(letters, FONTS)))) + "\n"
    assert stood_in(FILE, made) == made, ON_PURPOSE


@pytest.fixture(scope="module")
def saying(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("said") / "said.typ"
    file.write_text("#let made(data) = [#metadata(data.text) <text>]")
    return file


@example('")) #panic("no") //')
@example('\\" \\u{41} \\n #1 $x$ `*b*` </text> \x00\x7f\u2028\ufeff\ud800')
@given(st.text(alphabet=st.characters() | st.sampled_from('\\"#{}()\n\r\t'), max_size=40))
def test_what_is_drawn_is_the_text_and_never_evaluated(saying: Path, text: str) -> None:
    assert told(saying, {"text": text}, "text") == drawable(text)


@pytest.mark.parametrize("text", ["Batam", "Al-Hidāyah", "ꦲꦏ꧀ꦱꦫ", "الهداية", "ᬅᬓ᭄ᬱᬭ", "½ ≥ m²", "😀"])
def test_letters_of_these_islands_are_drawn(text: str) -> None:
    assert undrawn(text) == ""
    assert drawable(text) == text


def test_letters_that_no_font_has_are_named_and_a_dot_stands_for_them(tmp_path: Path) -> None:
    assert undrawn("服务 服") == "服务"
    row = ["A-1", "Kantor 服务", "Setda", "Kota", "WIB", "Izin;中文", ""]
    assert parsed({"": [HEAD, row]}, 1_795_000_000).undrawn == "服务中文"
    page = tmp_path / "page.typ"
    page.write_text('#let made(data) = text(font: "Inter", data.name)')
    assert drawn(page, {"name": "A 服"}, "svg") == drawn(page, {"name": "A ·"}, "svg")


@pytest.mark.parametrize(
    "name",
    [
        "Kantor ꦲꦏ꧀ꦱꦫ “Al-Hidāyah” الهداية 😀 ½ ≥ m²",
        "中文 ไทย 🏛️ 👨‍👩‍👧",
        "a" * 300,
        "ᬅᬓ᭄ᬱᬭ Bali 1/2\u200d\ufe0f",
    ],
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
