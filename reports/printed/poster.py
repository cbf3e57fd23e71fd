"""Posters with a unit's QR code for its counter, A4 or A5, a page for each unit."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from flows.engine.form import Line
from flows.engine.say import Words
from reports.printed.qr import qr_svg
from reports.printed.typesetting import drawn
from storage.units import Unit

Size = Literal["a4", "a5"]

STEPS = (1, 2, 3)
MOST = 1_000  # pages in one file: some seconds, some megabytes
_PAPER = Path(__file__).parent / "poster.typ"


def posters(
    units: Sequence[Unit],
    links: Mapping[str, str],
    way: Mapping[str, str],
    size: Size,
    words: Words,
    logos: Mapping[str, bytes],
) -> bytes:
    """A PDF. `links` and `logos` (PNGs): by unit code; `way`: for whoever has no camera, `app`, the
    platform, and `bot`, what to look for there. ValueError: more than `MOST` units, or none."""
    if not 0 < len(units) <= MOST:
        raise ValueError(f"{len(units)} posters, not 1 to {MOST}")
    said = {key: words.line(Line(f"poster.{key}")) for key in ("ask", "easy", "basis")}
    steps = [words.line(Line(f"poster.step.{number}")) for number in STEPS]
    # Each once: a thousand units may have one.
    pictures = list(dict.fromkeys(logos.values()))
    pages = [_page(unit, links[unit.code], way, words) for unit in units]
    for unit, page in zip(units, pages, strict=True):
        page["logo"] = pictures.index(logos[unit.code]) if unit.code in logos else None
    drawings = [[*each] for each in pictures]
    return drawn(_PAPER, {"size": size, **said, "steps": steps, "logos": drawings, "units": pages})


def _page(unit: Unit, link: str, way: Mapping[str, str], words: Words) -> dict[str, Any]:
    typed = Line("poster.typed", {**way, "code": unit.code})
    return {
        "name": unit.name,
        "agency": unit.agency,
        "code": qr_svg(link),
        "typed": words.line(typed).split("\n"),
    }
