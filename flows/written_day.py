"""A day as people write it: 30-11-2026, 30/11/2026, 30 November 2026, 30 Nov 2026, 2026-11-30."""

import re
from datetime import date

from flows.engine.form import Line

WRITTEN = 30  # characters of a day that somebody writes

_MONTHS = (
    ("jan", "januari", "january"),
    ("feb", "februari", "february", "pebruari"),
    ("mar", "maret", "march"),
    ("apr", "april"),
    ("mei", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("agu", "agustus", "august", "aug", "ags", "agt"),
    ("sep", "september", "sept"),
    ("okt", "oktober", "october", "oct"),
    ("nov", "november", "nopember"),
    ("des", "desember", "december", "dec"),
)
_NUMBER = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})[- ]([a-z]+)\.?[- ](\d{4})", re.ASCII)
YEARS = range(2000, 2100)


def read_day(text: str) -> date | None:
    """None where it is no day, or one in no year of `YEARS`."""
    said = " ".join(text.casefold().split())
    if found := _ISO.fullmatch(said):
        return _day(*map(int, found.groups()))
    if found := _NUMBERS.fullmatch(said):
        day, month, year = map(int, found.groups())
        return _day(year, month, day)
    found = _WORDS.fullmatch(said)
    if found and found[2] in _NUMBER:
        return _day(int(found[3]), _NUMBER[found[2]], int(found[1]))
    return None


def no_day(text: str) -> Line | None:
    """For `flows.engine.form.Step.check`."""
    return None if read_day(text) else Line("day.unread")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None
