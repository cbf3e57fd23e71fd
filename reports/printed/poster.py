"""Posters with a unit's QR code for its counter, A4 or A5, a page for each unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Way:
    """Into the survey, on one platform: what people call it (`app`), what to look for there without
    a camera (`bot`), and each unit's link by its code."""

    app: str
    bot: str
    links: Mapping[str, str]


def posters(
    units: Sequence[Unit],
    ways: Sequence[Way],
    size: Size,
    words: Words,
    logos: Mapping[str, bytes],
) -> bytes:
    """A PDF, with a code for each way. `logos` (PNGs): by unit code. ValueError: more than `MOST`
    units, or none."""
    if not 0 < len(units) <= MOST:
        raise ValueError(f"{len(units)} posters, not 1 to {MOST}")
    said = {key: words.line(Line(f"poster.{key}")) for key in ("ask", "easy", "basis")}
    steps = [words.line(Line(f"poster.step.{number}")) for number in STEPS]
    # Each once: a thousand units may have one.
    pictures = list(dict.fromkeys(logos.values()))
    pages = [_page(unit, ways, words) for unit in units]
    for unit, page in zip(units, pages, strict=True):
        page["logo"] = pictures.index(logos[unit.code]) if unit.code in logos else None
    drawings = [[*each] for each in pictures]
    return drawn(_PAPER, {"size": size, **said, "steps": steps, "logos": drawings, "units": pages})


def _page(unit: Unit, ways: Sequence[Way], words: Words) -> dict[str, Any]:
    """Where there is one way, its platform needs no name below the code."""
    said = (Line("poster.typed", {"app": w.app, "bot": w.bot, "code": unit.code}) for w in ways)
    return {
        "name": unit.name,
        "agency": unit.agency,
        "codes": [
            {"code": qr_svg(way.links[unit.code]), "app": way.app if len(ways) > 1 else ""}
            for way in ways
        ],
        "typed": [line for each in said for line in words.line(each).split("\n")],
    }
