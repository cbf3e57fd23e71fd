"""The publication card: what it says, in which sizes, and when there is none."""

from dataclasses import replace

import pytest

from reports.official_report import card as card_module
from reports.official_report.card import card_of, drawn_card
from reports.official_report.gathered import of_sheet
from reports.official_report.papers import NothingToHangUp, written
from tests.support.offices import unit_of
from tests.support.papers import pdf_text
from tests.support.publishing import LATER, closed
from tests.support.reported import Q4, all_of, answer, engine, twenty  # noqa: F401


def published(engine):
    with engine.begin() as connection:
        twenty(connection)
        sheet = closed(connection, "SMST-BTM")
        return sheet, of_sheet(connection, unit_of(connection, "SMST-BTM"), Q4, LATER)


@pytest.mark.parametrize("size", ["square", "a4", "a3"])
def test_it_says_the_sheets_index(engine, size, monkeypatch):
    """The square one is read as a PDF of the same page: a picture has no words."""
    sheet, report = published(engine)
    monkeypatch.setattr(
        card_module, "drawn", lambda paper, data, _: card_module.archived(paper, data)
    )
    said = pdf_text(drawn_card(card_of(report), size))
    assert sheet["index"]["ikm"] == "83.33"
    for wanted in (
        "Indeks Kepuasan Masyarakat (IKM)",
        "Samsat #Batam *Centre*",
        "1 Oktober 2026 sampai 31 Desember 2026",
        "83,33",
        "Mutu B · Baik",
        "Jumlah 20",
        "Laki-laki 12",
        "Perempuan 8",
        "SMA •••",  # 3 of S3, which the 17 would give back
        "lembar 1",
    ):
        assert wanted in said
    assert "belum diterbitkan" not in said.lower()


def test_its_picture_has_the_size_that_is_asked_for(engine):
    """The size stands in a PNG's first chunk (ISO/IEC 15948)."""
    _, report = published(engine)
    file = written(report, "card")
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(file[at : at + 4]) for at in (16, 20)] == [1080, 1080]
    for format, points in (("card-a4", b"[0 0 595"), ("card-a3", b"[0 0 841")):
        assert points in written(report, format)


def test_nothing_is_hung_up_without_an_index(engine):
    with engine.begin() as connection:
        answer(connection, 4, 3)
    few = all_of(engine)
    assert card_of(few) is None
    with pytest.raises(NothingToHangUp):
        written(few, "card")
    assert card_of(replace(few, state="provisional")) is None


def test_what_is_not_published_says_so(engine):
    with engine.begin() as connection:
        twenty(connection)
    assert card_of(all_of(engine)).foot.startswith("Belum diterbitkan, jangan ditempel dulu")
