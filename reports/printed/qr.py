"""A link as a QR code to print and to hang at the counter: readable with a fifteenth of it covered
(level M), or more where that costs no room."""

from io import BytesIO
from typing import Literal

QUIET = 4  # squares of white around it, ISO/IEC 18004
MODULE = 20  # pixels of a square: printed at 300 dpi, a link is about 7 cm wide


def qr_svg(link: str) -> str:
    return _drawn(link, "svg", 1).decode()


def qr_png(link: str) -> bytes:
    return _drawn(link, "png", MODULE)


def _drawn(link: str, kind: Literal["svg", "png"], scale: int) -> bytes:
    import segno

    drawn = BytesIO()
    segno.make_qr(link, error="m", boost_error=True).save(drawn, kind, scale=scale, border=QUIET)
    return drawn.getvalue()
