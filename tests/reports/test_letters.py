"""Letters that our fonts have, and what is done about those that they lack."""

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from reports.printed.typesetting import drawn
from storage.files.letters import FILE, drawable, undrawn
from storage.files.unit_file import parsed
from tests.support.fonts import letters
from tests.support.paths import ROOT

FONTS = sorted((ROOT / "reports/fonts").glob("*.ttf"))
HEAD = ["code", "name", "agency", "region", "timezone", "services", "population"]


def ranges(numbers: set[int]) -> Iterator[str]:
    for _, run in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0]):
        each = [number for _, number in run]
        yield f"{each[0]:x}" if len(each) == 1 else f"{each[0]:x}-{each[-1]:x}"


def test_the_list_is_what_the_fonts_have() -> None:
    """SKM_REGENERATE=1 writes it anew."""
    made = "\n".join(ranges(set().union(*map(letters, FONTS)))) + "\n"
    if os.environ.get("SKM_REGENERATE"):
        FILE.write_text(made, encoding="ascii")
    assert FILE.read_text(encoding="ascii") == made


@pytest.mark.parametrize("text", ["Batam", "Al-Hidāyah", "ꦲꦏ꧀ꦱꦫ", "الهداية", "ᬅᬓ᭄ᬱᬭ", "½ ≥ m²", "😀"])
def test_letters_of_these_islands_are_drawn(text: str) -> None:
    assert undrawn(text) == ""
    assert drawable(text) == text


def test_letters_that_no_font_has_are_named_and_a_dot_stands_for_them(tmp_path: Path) -> None:
    assert undrawn("服务 服") == "服务"
    row = ["A-1", "Kantor 服务", "Setda", "Kota", "WIB", "Izin;中文", ""]
    assert parsed({"": [HEAD, row]}, 1_795_000_000).undrawn == "服务中文"
    page = tmp_path / "page.typ"
    page.write_text('#set text(font: "Inter")\n#json(bytes(sys.inputs.data)).name')
    assert drawn(page, {"name": "A 服"}, "svg") == drawn(page, {"name": "A ·"}, "svg")
