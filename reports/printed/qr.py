"""A link as a QR code to print."""

from io import BytesIO

import segno

QUIET = 4  # squares of white around it, ISO/IEC 18004


def qr_svg(link: str) -> str:
    """Readable with a fifteenth of it covered (level M), or more where that costs no room."""
    svg = BytesIO()
    segno.make_qr(link, error="m", boost_error=True).save(svg, "svg", border=QUIET)
    return svg.getvalue().decode()
