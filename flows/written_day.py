"""A day as people write it: 30-11-2026, 30/11/2026, 30 November 2026, 30 Nov 2026, 2026-11-30; or
as they say it from where they are: kemarin, minggu depan, 2 bulan lagi, akhir tahun, 15 Desember.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from flows.engine.form import Line, Value
from flows.engine.input_parsing import text_of

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
_NO_YEAR = re.compile(r"(\d{1,2})[-/ ]([a-z]+|\d{1,2})", re.ASCII)
YEARS = range(2000, 2100)

_JAKARTA = timezone(timedelta(hours=7))
_DAYS = {
    "hari ini": 0, "sekarang": 0, "tadi": 0, "tadi pagi": 0, "tadi siang": 0, "today": 0,
    "besok": 1, "tomorrow": 1, "lusa": 2, "kemarin": -1, "kemaren": -1, "yesterday": -1,
    "kemarin lusa": -2, "kemarin dulu": -2,
}  # fmt: skip
_COUNTS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
           "sepuluh", "sebelas", "dua belas")  # fmt: skip
_UNITS = {
    "hari": "day", "day": "day", "days": "day",
    "minggu": "week", "pekan": "week", "week": "week", "weeks": "week",
    "bulan": "month", "month": "month", "months": "month",
    "triwulan": "quarter", "quarter": "quarter",
    "tahun": "year", "year": "year", "years": "year",
}  # fmt: skip
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
_UNIT = "|".join(_UNITS)
_AWAY = re.compile(  # "2 minggu lagi", "dalam sebulan", "tiga hari yang lalu", "in 2 weeks"
    rf"(?P<to>dalam |in )?(?P<count>\d{{1,3}}|se|{'|'.join(_COUNTS[1:])}) ?(?P<unit>{_UNIT})"
    r"(?: (?P<way>lagi|kemudian|ke depan|(?:yang )?lalu|ago))?",
    re.ASCII,
)
_NEXT = re.compile(rf"(?:(?P<unit>{_UNIT}) (?P<way>depan|lalu|kemarin)|next (?P<next>{_UNIT}))")
_END = re.compile(
    rf"(?:akhir (?P<unit>{_UNIT})(?: (?P<way>ini|depan))?|end of (?:this |the )?(?P<end>{_UNIT}))"
)


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


def as_said(text: str, at: int) -> str:
    """Of words that mean a day from where somebody is, that day as 30-11-2026; any other text as
    it is. Of a day without a year the nearest one is meant. `at`: Unix seconds, by Jakarta's clock:
    what was read is shown before it is kept."""
    today = datetime.fromtimestamp(at, _JAKARTA).date()
    said = " ".join(text.casefold().strip(" .!").split())
    try:
        day = _from(said, today)
    except (ValueError, OverflowError):
        return text
    return f"{day:%d-%m-%Y}" if day and day.year in YEARS else text


def _from(said: str, today: date) -> date | None:
    if said in _DAYS:
        return today + timedelta(_DAYS[said])
    if found := _AWAY.fullmatch(said):
        if not (found["to"] or found["way"]):
            return None
        count = found["count"]
        number = int(count) if count.isdecimal() else _COUNTS.index(count) if count != "se" else 1
        back = (found["way"] or "").endswith(("lalu", "ago"))
        return _moved(today, -number if back else number, _UNITS[found["unit"]])
    if found := _NEXT.fullmatch(said):
        back = found["way"] in ("lalu", "kemarin")
        return _moved(today, -1 if back else 1, _UNITS[found["unit"] or found["next"]])
    if found := _END.fullmatch(said):
        unit = _UNITS[found["unit"] or found["end"]]
        return _end(_moved(today, 1, unit) if found["way"] == "depan" else today, unit)
    if found := _NO_YEAR.fullmatch(said):
        month = _NUMBER.get(found[2]) or (int(found[2]) if found[2].isdecimal() else 0)
        days = (_day(year, month, int(found[1])) for year in range(today.year - 1, today.year + 2))
        return min((day for day in days if day), key=lambda day: abs(day - today), default=None)
    return None


def _moved(day: date, number: int, unit: str) -> date:
    """A month on is the same day of the next, or the last that it has."""
    if unit not in _MONTHS_OF:
        return day + timedelta(number * (7 if unit == "week" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 + number * _MONTHS_OF[unit], 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _end(day: date, unit: str) -> date | None:
    """The last day of what it lies in; a week ends on Sunday (ISO 8601)."""
    if unit == "week":
        return day + timedelta(6 - day.weekday())
    if unit not in _MONTHS_OF:
        return None
    month = -(-day.month // _MONTHS_OF[unit]) * _MONTHS_OF[unit]
    return date(day.year, month, monthrange(day.year, month)[1])


def no_day(text: str) -> Line | None:
    """For `flows.engine.form.Step.check`."""
    return None if read_day(text) else Line("day.unread")


# Of a step (`flows.engine.form.Step`) that asks for a day.
A_DAY: Mapping[str, Any] = {"writes": WRITTEN, "check": no_day, "reads": as_said}


def day_of(value: Value) -> date:
    """The day that was written at such a step, or chosen: its id is the day."""
    day = read_day(text_of(value))
    assert day is not None, "checked when it was written"
    return day


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None
