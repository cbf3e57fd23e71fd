"""A day as people, forms and spreadsheets write it, a time behind it or not: 2026-11-30,
30/11/2026, 11/30/2026, 30 Nov 2026, or the number that Excel keeps of it.

Of 3/4/2026 nobody knows which is the month. The other days of its column tell (`day_order`): 30/11
is no month's. Where they do not, somebody has to say it.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from flows.engine.form import Line
from flows.written_day import read_day
from storage.files.refused import CellUnfit, FileRefused, shown

DayOrder = Literal["day", "month"]
"""What stands first."""

_EXCEL = date(1899, 12, 30)  # day 0 of a workbook's days
# A time with a zone may be another day where the unit is: only Indonesia's own are taken.
_TIME = re.compile(
    r"[ T,]+(?:pukul |at )?(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})"
    r"(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
    r"(?: ?(?:GMT ?|UTC ?)?\+0?[789](?::?00)?| ?WIB| ?WITA| ?WIT)?"
)
_WEEKDAY = re.compile(
    r"(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r",? ",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_NUMBERS = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_MONTH_FIRST = re.compile(r"([A-Za-z]+)\.? ([0-9]{1,2}),? ([0-9]{4})")
_SERIAL = re.compile(r"([0-9]{5})(\.[0-9]+)?")


def written_day(text: str, first: date, last: date, order: DayOrder = "day") -> date:
    """The day. Raises CellUnfit: it is none, or not from `first` to `last`."""
    day = _day(text, order)
    said = {"text": shown(text), "first": f"{first}", "last": f"{last}"}
    if day is None:
        raise CellUnfit(Line("file.date", said))
    if not first <= day <= last:
        raise CellUnfit(Line("file.date.early" if day < first else "file.date.late", said))
    return day


def is_day(text: str) -> bool:
    """Whether it can be one, whatever stands first."""
    return any(_day(text, order) for order in ("day", "month"))


def written_minute(text: str) -> str:
    """The time of day behind a day, such as 09:05, the same however it is written; "" without."""
    if (serial := _SERIAL.fullmatch(text)) and serial[2]:
        minutes = round(float(serial[2]) * 24 * 60 * 60) // 60 % (24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    time = next((found for found in _TIME.finditer(text) if found.end() == len(text)), None)
    if time is None:
        return ""
    hour = int(time["hour"])
    if time["half"]:
        hour = hour % 12 + 12 * (time["half"] in "pP")
    return f"{hour:02}:{time['minute']}"


def has_order(texts: Sequence[str]) -> bool:
    """Whether any of them is written so that something stands first."""
    return any(_NUMBERS.fullmatch(_bare(text)) for text in texts)


def day_order(texts: Sequence[str], first: date, last: date) -> DayOrder:
    """What stands first in all days of a column: the one by which all are from `first` to `last`.

    Raises FileRefused, showing both readings, where both fit.
    """
    numbers = [text for text in texts if _NUMBERS.fullmatch(_bare(text))]
    read = {order: [_day(text, order) for text in numbers] for order in ("day", "month")}
    fits = {o: all(day and first <= day <= last for day in days) for o, days in read.items()}
    if not all(fits.values()):
        return "month" if fits["month"] else "day"
    for text, one, other in zip(numbers, read["day"], read["month"], strict=True):
        if one != other:
            said = {"text": shown(text), "day": f"{one}", "month": f"{other}"}
            raise DaysDoubtful(Line("file.date.doubtful", said))
    return "day"


class DaysDoubtful(FileRefused):
    """Day and month may stand first: somebody has to say which does."""


def _bare(text: str) -> str:
    """Without the time and the weekday."""
    bare = _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text
    for time in _TIME.finditer(bare):
        if time.end() == len(bare):
            return bare[: time.start()]
    return bare


def _day(text: str, order: DayOrder) -> date | None:
    bare = _bare(text)
    if serial := _SERIAL.fullmatch(bare):
        day = _EXCEL + timedelta(days=int(serial[1]))
        return day if 2000 <= day.year < 2100 else None
    if numbers := _NUMBERS.fullmatch(bare):
        one, other, year = int(numbers[1]), int(numbers[3]), int(numbers[4])
        year += 2000 if len(numbers[4]) == 2 else 0
        return _made(year, other, one) if order == "day" else _made(year, one, other)
    if numbers := _YEAR_FIRST.fullmatch(bare):
        return _made(int(numbers[1]), int(numbers[3]), int(numbers[4]))
    if words := _MONTH_FIRST.fullmatch(bare):
        return read_day(f"{words[2]} {words[1]} {words[3]}")
    if words := re.fullmatch(r"([0-9]{1,2}[- ][A-Za-z]+\.?[- ])([0-9]{2})", bare):
        return read_day(f"{words[1]}20{words[2]}")
    return read_day(bare)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # such as the 30th month
        return None
