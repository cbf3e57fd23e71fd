"""An agency's logo, checked and drawn anew: what is kept is a picture of ours, never the file that
came. So nothing that is hidden in one (scripts, links, places of photos) goes into a paper.
"""

from __future__ import annotations

from pathlib import Path

import typst

from reports.printed.typesetting import drawn

MOST_BYTES = 1_000_000
MOST_PIXELS = 4_000  # on a side
_PNG = b"\x89PNG\r\n\x1a\n"
_SIDES = (16, 20)  # where a PNG's first chunk has them (ISO/IEC 15948)
# Declared entities multiply without end; the others bring in what is not in the file.
_NEVER = (b"<!doctype", b"<!entity", b"<script", b"<foreignobject", b"<image", b"<use")
_PAPER = Path(__file__).parent / "logo.typ"


class LogoRefused(Exception):
    """`why`: large | kind | sides | parts | broken."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def redrawn(content: bytes) -> bytes:
    """A PNG 300 pixels high, of a PNG or an SVG. Raises LogoRefused."""
    if len(content) > MOST_BYTES:
        raise LogoRefused("large")
    kind = _kind(content)
    try:
        return drawn(_PAPER, {"content": [*content], "kind": kind}, "png")
    except (typst.TypstError, AssertionError) as fault:
        raise LogoRefused("broken") from fault


def _kind(content: bytes) -> str:
    if content.startswith(_PNG):
        if not all(0 < int.from_bytes(content[at : at + 4]) <= MOST_PIXELS for at in _SIDES):
            raise LogoRefused("sides")
        return "png"
    lowered = content.lower()
    if b"<svg" not in lowered[:2_000]:
        raise LogoRefused("kind")
    if any(each in lowered for each in _NEVER):
        raise LogoRefused("parts")
    return "svg"
