"""Pictures that people send, checked and drawn anew: what is kept or printed is a picture of ours,
never the file that came. So nothing that is hidden in one (scripts, links, where a photo was taken)
goes into a paper.
"""

import io
import subprocess
import sys
from pathlib import Path
from typing import Literal

from reports.printed.typesetting import drawn

MOST_BYTES = {"logo": 1_000_000, "photo": 5_000_000, "public": 5_000_000}
PUBLIC_BYTES = 120_000  # of a photo that everybody may see: some of them stand on one page
_QUALITIES = (82, 70, 58, 46, 34, 22)  # of a JPEG, until it is small enough
PATIENCE = 30  # seconds
REFUSED = 3  # the exit code of a process that refuses a picture
MOST_PIXELS = 5_000  # on a side
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_SIDES = (16, 20)  # where a PNG's first chunk has them (ISO/IEC 15948)
_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers of a JPEG without a length (ITU-T T.81)
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # … with the sides of the picture
# Declared entities multiply without end; the others bring in what is not in the file.
_NEVER = (b"<!doctype", b"<!entity", b"<script", b"<foreignobject", b"<image", b"<use")
_PAPER = Path(__file__).parent / "redrawing.typ"

What = Literal["logo", "photo", "public"]
Kind = Literal["png", "jpg", "svg"]


class PictureRefused(Exception):
    """`why`: large | kind | sides | parts | broken."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def redrawn(content: bytes, what: What) -> bytes:
    """A PNG: of a logo (PNG, JPEG or SVG) 300 pixels high, of a photo (PNG or JPEG) 800 wide. Of a
    photo that everybody may see a JPEG, 800 pixels at most on a side and `PUBLIC_BYTES` at most.
    Raises PictureRefused."""
    if len(content) > MOST_BYTES[what]:
        raise PictureRefused("large")
    kind = _kind(content)
    if what != "logo" and kind == "svg":
        raise PictureRefused("kind")
    try:
        made = drawn(_PAPER, {"content": [*content], "kind": kind, "what": what}, "png")
    except (RuntimeError, AssertionError) as fault:
        raise PictureRefused("broken") from fault
    return _small(made) if what == "public" else made


def sides_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height in pixels, of one of ours."""
    height, width = _jpeg_sides(jpeg)[:2]
    return width, height


def _small(png: bytes) -> bytes:
    """Our own PNG as a JPEG: the decoder never sees what somebody sent. A smaller file costs detail
    first, then size."""
    from PIL import Image  # by the process that draws, not by the one that runs for long

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    while True:
        for quality in _QUALITIES:
            made = io.BytesIO()
            picture.save(made, "JPEG", quality=quality, optimize=True)
            if made.tell() <= PUBLIC_BYTES:
                return made.getvalue()
        picture = picture.resize((max(picture.width // 2, 1), max(picture.height // 2, 1)))


def redrawn_apart(content: bytes, what: What) -> bytes:
    """As `redrawn`, by a process with limits (`reports.printed.redrawing_process`): for what people
    send. Raises PictureRefused."""
    if len(content) > MOST_BYTES[what]:
        raise PictureRefused("large")
    command = [sys.executable, "-m", "reports.printed.redrawing_process", what]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, and one of two words)
            command, input=content, capture_output=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise PictureRefused("broken") from None
    if done.returncode:
        why = done.stderr.decode() if done.returncode == REFUSED else "broken"
        raise PictureRefused(why)
    return done.stdout


def _kind(content: bytes) -> Kind:
    if content.startswith(_PNG):
        return _small_enough("png", [int.from_bytes(content[at : at + 4]) for at in _SIDES])
    if content.startswith(_JPEG):
        return _small_enough("jpg", _jpeg_sides(content))
    lowered = content.lower()
    if b"<svg" not in lowered[:2_000]:
        raise PictureRefused("kind")
    if any(each in lowered for each in _NEVER):
        raise PictureRefused("parts")
    return "svg"


def _small_enough(kind: Kind, sides: list[int]) -> Kind:
    if not all(0 < side <= MOST_PIXELS for side in sides):
        raise PictureRefused("sides")
    return kind


def _jpeg_sides(content: bytes) -> list[int]:
    """Of every frame in it: a decoder may go by another than the first."""
    sides, at = [], 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _ALONE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            sides += [int.from_bytes(content[a : a + 2]) for a in (at + 5, at + 7)]
        if marker == 0xDA:  # the picture itself begins
            break
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return sides or [0]
