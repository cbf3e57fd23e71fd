"""`skm letterhead`: what papers say besides figures; logos that are drawn anew, or refused."""

import zlib
from pathlib import Path

import pytest

from reports.printed.logo import LogoRefused, redrawn
from tests.support.command_line import clean_desk, refusal, skm, with_units

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="9" height="9"/>'
)
SVG = f"{SQUARE}</svg>".encode()


@pytest.fixture(autouse=True)
def _units(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> None:
    clean_desk(monkeypatch, tmp_path)
    with_units(monkeypatch, sqlite_url)


def png(side: int, text: bytes = b"") -> bytes:
    """A grey square (ISO/IEC 15948), with a hidden text."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = side.to_bytes(4) * 2 + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress(b"".join(b"\0" + b"\x7f" * side for _ in range(side)))
    parts = chunk(b"IHDR", head), chunk(b"tEXt", text), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("content", [SVG, png(8, b"GPS: -6.2, 106.8")])
def test_a_logo_is_drawn_anew(content: bytes):
    """300 pixels high, without what was hidden in it."""
    made = redrawn(content)
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(made[20:24]) == 300
    assert b"GPS" not in made


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"GIF89a", "kind"),
        (b"<svg>" * 200_001, "large"),
        (png(8)[:16] + (5_000).to_bytes(4) * 2 + b"\0" * 40, "sides"),
        (png(8)[:40], "broken"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><svg>&a;</svg>', "parts"),
        (f"{SQUARE}<script>1</script></svg>".encode(), "parts"),
        (f'{SQUARE}<image href="file:///etc/hostname"/></svg>'.encode(), "parts"),
        (f'{SQUARE}<use href="#a"/></svg>'.encode(), "parts"),
        (b"<svg", "broken"),
    ],
)
def test_what_is_no_logo_is_refused(content: bytes, why: str):
    with pytest.raises(LogoRefused) as refused:
        redrawn(content)
    assert refused.value.why == why


def test_what_is_said_is_kept_and_printed():
    Path("logo.svg").write_bytes(SVG)
    asked = ("letterhead", "--agency", "bapenda kepri")
    done = skm(*asked, "--place", "Batam", "--logo", "logo.svg")
    assert done.stdout == "place: Batam\nlogo: kept\n"
    done = skm(
        "letterhead", "SAMSAT-BC", "--person", "Sari", "--letter", "1", "--period", "2026-Q4"
    )
    assert done.stdout == "person: Sari\nletter: 1\nlogo: –\n"
    assert skm(*asked, "--place", "", "--logo", "-").stdout == "logo: –\n"


def test_what_is_refused():
    assert "UNIT or --agency A" in refusal("letterhead", "--place", "x")
    assert "add --period P" in refusal("letterhead", "SAMSAT-BC", "--letter", "1")
    assert "18 digits" in refusal("letterhead", "SAMSAT-BC", "--nip", "12")
    Path("a.txt").write_text("x")
    assert refusal("letterhead", "SAMSAT-BC", "--logo", "a.txt") == "a.txt is no PNG and no SVG."
