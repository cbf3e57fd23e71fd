"""Moments as people read them, by a place's own clock."""

from datetime import datetime

from flows.form import Line
from flows.say import Words
from storage.periods import zone


def day(at: int, timezone: str, words: Words) -> str:
    """Such as 26 Nov 2026."""
    return words.line(Line("moment.day", _parts(at, timezone, words)))


def minute(at: int, timezone: str, words: Words) -> str:
    """Such as 26 Nov 14.02."""
    return words.line(Line("moment.minute", _parts(at, timezone, words)))


def _parts(at: int, timezone: str, words: Words) -> dict[str, str | int]:
    local = datetime.fromtimestamp(at, zone(timezone))
    months = words.line(Line("digest.months")).split()
    clock = {"hour": f"{local:%H}", "minute": f"{local:%M}"}
    return {"day": local.day, "month": months[local.month - 1], "year": local.year, **clock}
