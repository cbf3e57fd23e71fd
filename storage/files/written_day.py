"""A day as people and spreadsheets write it: 2026-11-30 or 30/11/2026, a time behind it or not."""

import re
from datetime import date

from storage.files.refused import shown

# A time with a zone may be another day where the unit is: it is not taken.
_TIME = r"(?:[ T][0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?)?"
_WAYS = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})" + _TIME),
    re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})" + _TIME),
)


def written_day(text: str, first: date, last: date) -> date:
    """The day. ValueError, the end of a sentence: it is none, or not from `first` to `last`."""
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
