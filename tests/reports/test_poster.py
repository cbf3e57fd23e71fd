"""Posters for the counter: whose, how many, and what their codes say."""

import re
from pathlib import Path

import pytest
import segno
from pypdf import PageObject, PdfReader

from reports.printed import poster
from reports.printed.qr import qr_svg
from tests.support.command_line import clean_desk, refusal, skm, with_units
from tests.support.papers import spaced
from tests.support.pictures import LOGO

START = "https://t.me/skm_uji_bot?start="


@pytest.fixture(autouse=True)
def _units(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> None:
    clean_desk(monkeypatch, tmp_path)
    with_units(monkeypatch, sqlite_url)


def pages(file: str) -> list[bytes]:
    """The size of each page, in points, as the PDF says it."""
    return re.findall(rb"/MediaBox ?\[0 0 ([0-9.]+ [0-9.]+)\]", Path(file).read_bytes())


@pytest.mark.parametrize(
    ("whose", "number"), [(["samsat-bc"], 1), (["--agency", "bapenda kepri"], 2), (["--all"], 3)]
)
def test_a_page_for_each_unit_meant(whose: list[str], number: int):
    done = skm("poster", *whose, "--out", "p.pdf")
    assert done.stdout == f"p.pdf: {number} {'poster' if number == 1 else 'posters'} on A4.\n"
    assert len(pages("p.pdf")) == number


def test_the_sizes_of_paper():
    """ISO 216: 210 × 297 and 148 × 210 mm, a point being 1/72 of 25.4 mm."""
    for size, wide, high in (("A4", 210, 297), ("A5", 148, 210)):
        skm("poster", "RSUD-1", "--size", size, "--out", "p.pdf")
        (page,) = pages("p.pdf")
        points = [float(side) for side in page.split()]
        assert points == pytest.approx([wide / 25.4 * 72, high / 25.4 * 72], abs=0.1)


def test_the_code_is_the_link_of_its_unit(monkeypatch: pytest.MonkeyPatch):
    drawn: list[str] = []
    monkeypatch.setattr(poster, "qr_svg", lambda link: drawn.append(link) or qr_svg(link))
    skm("poster", "--agency", "Bapenda Kepri", "--out", "p.pdf")
    assert drawn == [f"{START}SAMSAT-BC", f"{START}SAMSAT-SK"]
    side = segno.make_qr(drawn[0], error="m").symbol_size(border=4)[0]
    assert f'width="{side}" height="{side}"' in qr_svg(drawn[0])


@pytest.mark.parametrize(
    ("channels", "way"),
    [
        ("telegram", "buka Telegram, cari @skm_uji_bot,"),
        ("terminal", "buka terminal, cari skm run,"),
    ],
)
def test_whoever_has_no_camera_finds_the_channel_that_it_is_for(
    monkeypatch: pytest.MonkeyPatch, channels: str, way: str
):
    drawn: list[dict] = []
    monkeypatch.setattr(poster, "drawn", lambda paper, data: drawn.append(data) or b"%PDF")
    monkeypatch.setenv("SKM_CHANNELS", channels)
    skm("poster", "SAMSAT-BC", "--out", "p.pdf")
    (page,) = drawn[0]["units"]
    assert page["typed"] == [f"Tanpa kamera: {way}", "lalu kirim SAMSAT-BC"]


def test_what_is_refused():
    assert "UNIT, --agency A or --all" in refusal("poster", "--out", "p.pdf")
    assert "UNIT, --agency A or --all" in refusal("poster", "RSUD-1", "--all", "--out", "p.pdf")
    assert refusal("poster", "RSUD-1", "--out", "p.png") == "--out writes a PDF; name it p.pdf."
    assert "There is no unit “X-9”" in refusal("poster", "X-9", "--out", "p.pdf")
    assert not list(Path().glob("p.*"))


def test_a_file_holds_no_more_than_a_printer_takes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.commands.files.poster.MOST", 2)
    said = refusal("poster", "--all", "--out", "p.pdf")
    assert said == "3 posters are more than 2 for one file: name an --agency A."


def test_two_channels_have_a_code_each_and_fit_one_page(monkeypatch: pytest.MonkeyPatch):
    """Each under its name; the terminal has none that a phone could open."""
    monkeypatch.setenv("SKM_CHANNELS", "telegram,whatsapp,terminal")
    monkeypatch.setenv("SKM_WHATSAPP_NUMBER", "6281234567890")
    coded: list[str] = []
    monkeypatch.setattr(poster, "qr_svg", lambda link: coded.append(link) or qr_svg(link))
    for size in ("A4", "A5"):
        skm("poster", "SAMSAT-BC", "--size", size, "--out", "p.pdf")
        (page,) = PdfReader("p.pdf").pages
        said = spaced(page.extract_text())
        assert "Telegram" in said
        assert "buka WhatsApp, cari +6281234567890" in said
    link = "https://wa.me/6281234567890?text=Survei%3A%20SAMSAT-BC"
    assert coded == [f"{START}SAMSAT-BC", link] * 2


def test_three_steps_below_whose_it_is():
    """A logo stands on the pages of its agency, and once in the file."""
    Path("logo.svg").write_bytes(LOGO)
    skm("letterhead", "--agency", "Bapenda Kepri", "--logo", "logo.svg")
    skm("poster", "--all", "--out", "p.pdf")
    said = [spaced(page.extract_text()) for page in PdfReader("p.pdf").pages]
    for page in said:
        steps = [page.index(step) for step in ("Pindai kode", "Ketuk Mulai", "Ketuk Kirim")]
        assert steps == sorted(steps)
    assert ["Bapenda Kepri" in page for page in said] == [True, True, False]
    drawn = [pictures(page) for page in PdfReader("p.pdf").pages]
    assert [len(each) for each in drawn] == [1, 1, 0]
    assert drawn[0] == drawn[1]


def pictures(page: PageObject) -> set[int]:
    """By their numbers in the file; what shows through a picture is none."""
    there = page["/Resources"].get("/XObject", {})
    found = [(there.raw_get(name).idnum, there[name]) for name in there]
    return {number for number, each in found if each["/Subtype"] == "/Image"}
