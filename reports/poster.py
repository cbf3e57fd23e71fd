"""Posters with a unit's QR code for its counter, A4 or A5, a page for each unit."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal

import typst

from flows.form import Line
from flows.say import Words
from reports.qr import qr_svg
from storage.units import Unit

Size = Literal["a4", "a5"]

MOST = 1_000  # pages in one file: some seconds, some megabytes
_HERE = Path(__file__).parent
_one_at_a_time = Lock()


def posters(
    units: Sequence[Unit], links: Mapping[str, str], bot: str, size: Size, words: Words
) -> bytes:
    """A PDF. `links`: by unit code; `bot`: its user name, for whoever has no camera. ValueError:
    more than `MOST` units, or none."""
    if not 0 < len(units) <= MOST:
        raise ValueError(f"{len(units)} posters, not 1 to {MOST}")
    said = {key: words.line(Line(f"poster.{key}")) for key in ("ask", "scan", "easy", "basis")}
    pages = [_page(unit, links[unit.code], bot, words) for unit in units]
    inputs = {"data": json.dumps({"size": size, **said, "units": pages}, ensure_ascii=False)}
    with _one_at_a_time:
        pdf = _compiler().compile(format="pdf", sys_inputs=inputs)
    assert isinstance(pdf, bytes), "one document"
    return pdf


def _page(unit: Unit, link: str, bot: str, words: Words) -> dict[str, str | list[str]]:
    typed = Line("poster.typed", {"bot": bot, "code": unit.code})
    return {
        "name": unit.name,
        "code": qr_svg(link),
        "typed": words.line(typed).split("\n"),
    }


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        str(_HERE / "poster.typ"),
        root=str(_HERE),
        font_paths=[str(_HERE / "fonts")],
        ignore_system_fonts=True,
    )
