"""Moments as people read them, by a place's own clock."""

from flows.engine.form import Line
from flows.engine.say import Words
from flows.formats import day_line
from storage.periods import local_date, local_time


def day(at: int, timezone: str, words: Words) -> str:
    """Such as 26 Nov 2026."""
    return words.line(day_line(local_date(at, timezone)))


def minute(at: int, timezone: str, words: Words) -> str:
    """Such as 26 Nov 14.02."""
    local = local_time(at, timezone)
    month = Line(f"day.month.{local.month}")
    clock = {"hour": f"{local:%H}", "minute": f"{local:%M}"}
    return words.line(Line("moment.minute", {"day": local.day, "month": month, **clock}))
