"""Links into the chat, and the picture of one to hang at the counter. No network needed."""

import io

import segno

from flows.intents import invitation_payload, survey_payload, unit_payload, visit_payload

NO_NAME = "BOT"  # stands in a link of the command line until SKM_TELEGRAM_BOT is set
MODULE = 20  # pixels of a square: printed at 300 dpi, a link is about 7 cm wide
QUIET = 4  # squares of white around it, ISO/IEC 18004


def unit_link(bot: str, code: str, service: str = "", survey: str = "") -> str:
    """A citizen's link: opens the SKM of a unit, or of one of its services (id), or another
    `survey` that the unit runs."""
    return _start(bot, survey_payload(code, survey) if survey else unit_payload(code, service))


def visit_link(bot: str, token: str) -> str:
    return _start(bot, visit_payload(token))


def invitation_link(bot: str, token: str) -> str:
    return _start(bot, invitation_payload(token))


def qr_png(link: str) -> bytes:
    """A QR code and nothing else, readable with a fifteenth of it covered (level M)."""
    png = io.BytesIO()
    segno.make_qr(link, error="m", boost_error=True).save(png, "png", scale=MODULE, border=QUIET)
    return png.getvalue()


def _start(bot: str, payload: str) -> str:
    return f"https://t.me/{bot or NO_NAME}?start={payload}"
