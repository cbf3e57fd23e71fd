"""`skm letterhead`: what papers say besides figures; logos that are drawn anew, or refused."""

import io
from pathlib import Path

import pytest
from PIL import Image

from reports.printed.redrawing import (
    PUBLIC_BYTES,
    PictureRefused,
    redrawn,
    redrawn_apart,
    sides_of,
)
from storage.database.connect import open_engine
from storage.scope import Scope
from tests.support.command_line import clean_desk, refusal, skm, with_units
from tests.support.offices import audit_of
from tests.support.pictures import LOGO, SQUARE, jpeg, png, taken


@pytest.fixture(autouse=True)
def _units(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> None:
    clean_desk(monkeypatch, tmp_path)
    with_units(monkeypatch, sqlite_url)


@pytest.mark.parametrize("content", [LOGO, png(8, b"GPS: -6.2, 106.8")])
def test_a_logo_is_drawn_anew(content: bytes):
    """300 pixels high, without what was hidden in it."""
    made = redrawn(content, "logo")
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(made[20:24]) == 300
    assert b"GPS" not in made


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"GIF89a", "kind"),
        (b"<svg>" * 200_001, "large"),
        (png(8)[:16] + (5_001).to_bytes(4) * 2 + b"\0" * 40, "sides"),
        (png(8)[:40], "broken"),
        (jpeg(8, 8), "broken"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><svg>&a;</svg>', "parts"),
        (f"{SQUARE}<script>1</script></svg>".encode(), "parts"),
        (f'{SQUARE}<image href="file:///etc/hostname"/></svg>'.encode(), "parts"),
        (f'{SQUARE}<use href="#a"/></svg>'.encode(), "parts"),
        (b"<svg", "broken"),
    ],
)
def test_what_is_no_logo_is_refused(content: bytes, why: str):
    with pytest.raises(PictureRefused) as refused:
        redrawn(content, "logo")
    assert refused.value.why == why


def test_what_people_send_is_drawn_by_a_process_of_its_own():
    assert redrawn_apart(LOGO, "logo") == redrawn(LOGO, "logo")
    for content, why in ((b"GIF89a", "kind"), (b"<svg", "broken"), (b"x" * 1_000_001, "large")):
        with pytest.raises(PictureRefused) as refused:
            redrawn_apart(content, "logo")
        assert refused.value.why == why


def test_what_is_said_is_kept_and_printed():
    Path("logo.svg").write_bytes(LOGO)
    asked = ("letterhead", "--agency", "bapenda kepri")
    done = skm(*asked, "--place", "Batam", "--logo", "logo.svg")
    assert done.stdout == "place: Batam\nlogo: kept\n"
    done = skm(
        "letterhead", "SAMSAT-BC", "--person", "Sari", "--letter", "1", "--period", "2026-Q4"
    )
    assert done.stdout == "person: Sari\nletter: 1\nlogo: –\n"
    assert skm(*asked, "--place", "", "--logo", "-").stdout == "logo: –\n"


def test_it_is_logged_kept_tidy_and_another_person_has_no_ones_nip(sqlite_url: str):
    for words in (
        ("--person", "Sari", "--nip", "1" * 18),
        ("--person", "Bu\u202edi\n", "--logo", "-"),
    ):
        done = skm("letterhead", "SAMSAT-BC", *words)
    assert done.stdout == "person: Budi\nlogo: –\n"
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        entries = audit_of(connection, [Scope("unit", "SAMSAT-BC")], 9)
    engine.dispose()
    assert [each.after for each in entries] == [
        {"paper": "sign"}, {"paper": "logo"}, {"paper": "sign"}
    ]  # fmt: skip


def test_what_is_refused():
    assert "--person has 101 characters" in refusal(
        "letterhead", "SAMSAT-BC", "--person", "x" * 101
    )
    assert "UNIT or --agency A" in refusal("letterhead", "--place", "x")
    assert "add --period P" in refusal("letterhead", "SAMSAT-BC", "--letter", "1")
    assert "18 digits" in refusal("letterhead", "SAMSAT-BC", "--nip", "12")
    Path("a.txt").write_text("x")
    assert refusal("letterhead", "SAMSAT-BC", "--logo", "a.txt") == "a.txt is no PNG, JPEG or SVG."


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (jpeg(5_001, 8), "sides"),
        (jpeg(8, 8) + jpeg(8, 60_000)[2:], "sides"),
        (jpeg(8, 8), "broken"),
        (LOGO, "kind"),
        (b"\xff\xd8\xff", "sides"),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes, why: str):
    with pytest.raises(PictureRefused) as refused:
        redrawn(content, "photo")
    assert refused.value.why == why


def test_a_photo_is_drawn_anew():
    made = redrawn(png(8, b"GPS: -6.2"), "photo")
    assert (int.from_bytes(made[16:20]), b"GPS" in made) == (800, False)


@pytest.mark.parametrize(
    ("across", "down", "detail", "sides"),
    [
        (1600, 1200, 8, (600, 800)),
        (1600, 1200, 1, (600, 800)),  # nothing but noise
        (300, 4000, 8, (800, 60)),
        (16, 16, 8, (800, 800)),
    ],
)
def test_a_photo_for_everybody_is_small_upright_and_hides_nothing(across, down, detail, sides):
    """Read by Pillow: no Exif, no comment, and the corner where whoever held the camera saw it."""
    sent = taken(across, down, detail)
    made = redrawn_apart(sent, "public")
    read = Image.open(io.BytesIO(made))
    assert (read.format, read.size, sides_of(made)) == ("JPEG", sides, sides)
    assert len(made) <= PUBLIC_BYTES
    assert not read.getexif()
    assert b"GPS" in sent
    assert b"GPS" not in made
    red, green, blue = read.getpixel((read.width - 4, 4))
    assert red > 200 > 60 > max(green, blue)


def test_what_cannot_be_seen_through_is_white():
    clear = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(clear, "PNG")
    read = Image.open(io.BytesIO(redrawn(clear.getvalue(), "public")))
    assert read.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "why"),
    [(LOGO, "kind"), (b"GIF89a", "kind"), (png(8)[:40], "broken"), (b"x" * 5_000_001, "large")],
    ids=("svg", "gif", "cut", "large"),
)
def test_what_is_no_photo_for_everybody_is_refused(content: bytes, why: str):
    with pytest.raises(PictureRefused) as refused:
        redrawn_apart(content, "public")
    assert refused.value.why == why
