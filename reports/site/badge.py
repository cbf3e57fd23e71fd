"""A badge for a unit's own web page: its index and grade as a small picture that needs no style
sheet. The same words in every language: IKM and a letter are known by these."""

from html import escape

from flows.formats import indonesian
from flows.loader import words
from reports.site.rendering import plain
from reports.site.shown import Result

COLOURS = {"A": "#0b6b3a", "B": "#1f5c99", "C": "#8a5a00", "D": "#a32020"}
NONE = "#4d5a66"
_LETTER = 7  # pixels, of a letter 11 pixels high, no less than the widest


def said(result: Result | None) -> str:
    """What the badge says, also to whoever cannot see it."""
    if result is None:
        return words("id").texts["site.unpublished"]
    if result.ikm is None:
        return words("id").texts["site.none"]
    return f"{indonesian(result.ikm)} {result.grade}".strip()


def badge(name: str, result: Result | None) -> bytes:
    text = said(result)
    left, right = 36, len(text) * _LETTER + 14
    colour = COLOURS.get(result.grade, NONE) if result else NONE
    period = f", {result.period.name}" if result else ""
    title = escape(f"{plain(name)}: IKM {text}{period}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{title}"><title>{title}</title>'
        f'<rect width="{left}" height="20" fill="#333d46"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{colour}"/>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" '
        f'font-size="11"><text x="{left / 2}" y="14">IKM</text>'
        f'<text x="{left + right / 2}" y="14">{escape(text)}</text></g></svg>\n'
    ).encode()
