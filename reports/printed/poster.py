"""Posters with a unit's QR code for its counter, A4 or A5, a page for each unit."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from flows.engine.form import Line
from flows.engine.say import Words
from reports.printed.qr import qr_svg
from reports.printed.typesetting import drawn
from storage.units import Unit

Size = Literal["a4", "a5"]

MOST = 1_000  # pages in one file: some seconds, some megabytes
_PAPER = Path(__file__).parent / "poster.typ"


def posters(
    units: Sequence[Unit], links: Mapping[str, str], app: str, bot: str, size: Size, words: Words
) -> bytes:
    """A PDF. `links`: by unit code; `app`, `bot`: for whoever has no camera, the platform and what
    to look for there. ValueError: more than `MOST` units, or none."""
    if not 0 < len(units) <= MOST:
        raise ValueError(f"{len(units)} posters, not 1 to {MOST}")
    said = {key: words.line(Line(f"poster.{key}")) for key in ("ask", "scan", "easy", "basis")}
    way = {"app": app, "bot": bot}
    pages = [_page(unit, links[unit.code], way, words) for unit in units]
    return drawn(_PAPER, {"size": size, **said, "units": pages})


def _page(
    unit: Unit, link: str, way: Mapping[str, str], words: Words
) -> dict[str, str | list[str]]:
    typed = Line("poster.typed", {**way, "code": unit.code})
    return {
        "name": unit.name,
        "code": qr_svg(link),
        "typed": words.line(typed).split("\n"),
    }
