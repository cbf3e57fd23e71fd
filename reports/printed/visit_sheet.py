"""A sheet of visits' links to print and cut: QR codes in no order, so that a slip tells nothing of
when it was handed out."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from flows.engine.form import Line, cut
from flows.engine.say import Words
from flows.formats import digits_of
from reports.printed.qr import qr_svg
from reports.printed.typesetting import drawn
from storage.units import Unit
from storage.vault import Random

_PAPER = Path(__file__).parent / "visit_sheet.typ"
_NAME, _SERVICE = 60, 34  # characters: two short lines under a code, and one


def visit_sheet(
    unit: Unit, service: str, links: Sequence[str], last: date, words: Words, random: Random
) -> bytes:
    """A PDF, 24 slips a page of A4. `last`: the day until which they may be opened; `service`: its
    label, "" for any."""
    said = Line("visit.sheet.until", {"day": digits_of(last)})
    lines = [words.line(line) for line in (Line("visit.sheet.scan"), said)]
    if service:
        lines.insert(0, cut(service, _SERVICE))
    data = {
        "unit": cut(unit.name, _NAME),
        "lines": lines,
        "codes": [qr_svg(link) for link in sorted(links, key=lambda _: random(8))],
    }
    return drawn(_PAPER, data)
