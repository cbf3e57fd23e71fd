"""A day as people, forms and spreadsheets write it: 2026-11-30, 2026/11/30 or 30/11/2026, a time
behind it or not."""

import re
from datetime import date

from storage.files.refused import shown

# A time with a zone may be another day where the unit is: only Indonesia's own are taken.
_TIME = (
    r"(?:[ T][0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?: ?[AaPp][Mm])?(?: GMT\+[789])?)?"
)
_WAYS = (
    re.compile(
        r"(?P<year>[0-9]{4})(?P<mark>[-/])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})" + _TIME
    ),
    re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})" + _TIME),
)


# A form in American order writes no zero before a number, and a time behind it.
_AMERICAN = re.compile(r"([1-9][0-9]?)/([1-9][0-9]?)/([0-9]{4}) [0-9]{1,2}:.*")


def written_day(text: str, first: date, last: date) -> date:
    """The day. ValueError, the end of a sentence: it is none, or not from `first` to `last`."""
    if both := _AMERICAN.fullmatch(text):
        one, other, year = map(int, both.groups())
        if one != other and max(one, other) <= 12:
            readings = f"{year}-{other:02}-{one:02} or {year}-{one:02}-{other:02}"
            raise ValueError(f"“{shown(text)}” may be {readings}; write which of them it is.")
    day = _day(text)
    if day is None:
        raise ValueError(f"“{shown(text)}” is no date; write 2026-11-30 or 30/11/2026.")
    if day < first:
        raise ValueError(f"“{shown(text)}” is before {first}, when such answers begin; correct it.")
    if day > last:
        raise ValueError(f"“{shown(text)}” is in the future: in the unit's zone it is {last}.")
    return day


def _day(text: str) -> date | None:
    for way in _WAYS:
        if match := way.fullmatch(text):
            try:
                return date(int(match["year"]), int(match["month"]), int(match["day"]))
            except ValueError:  # such as the 30th month of a date in American order
                return None
    return None
