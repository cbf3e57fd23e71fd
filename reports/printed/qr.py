"""A link as a QR code to print and to hang at the counter: readable with a fifteenth of it covered
(level M), or more where that costs no room."""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segno import QRCode

QUIET = 4  # squares of white around it, ISO/IEC 18004
MODULE = 20  # pixels of a square: printed at 300 dpi, a link is about 7 cm wide
DOTS = 6  # of a square, on the paper of a counter's printer


def qr_svg(link: str) -> str:
    drawn = BytesIO()
    _made(link).save(drawn, "svg", border=QUIET)
    return drawn.getvalue().decode()


def qr_png(link: str) -> bytes:
    drawn = BytesIO()
    _made(link).save(drawn, "png", scale=MODULE, border=QUIET)
    return drawn.getvalue()


def qr_dots(link: str) -> Iterable[Iterable[int]]:
    """Its rows from above, each dot not 0 where it is black."""
    return _made(link).matrix_iter(scale=DOTS, border=QUIET)


def _made(link: str) -> "QRCode":
    import segno

    return segno.make_qr(link, error="m", boost_error=True)
