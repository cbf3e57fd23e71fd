"""A unit's opening hours, as the units file writes them: days and times of a week.

Written as `Mon-Fri 08:00-15:00; Sat 08:00-12:00` or `Senin–Kamis 08.00–12.00, 13.00–15.00; Jumat
08.00–11.00; Minggu tutup`: English or Indonesian days, a colon or a point in times, any dash or
"s/d", ranges of days round the week's end too. Times are the unit's own, 00:00 to 24:00. What can
be read in two ways is refused. Public holidays are not known here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

DAY = 24 * 60
WEEK = 7 * DAY
EXAMPLE = "Write it like “Senin-Jumat 08:00-15:00; Sabtu 08:00-12:00”."

_NAMES = (
    "mon monday sen senin",
    "tue tuesday sel selasa",
    "wed wednesday rab rabu",
    "thu thursday kam kamis",
    "fri friday jum jumat jum'at",
    "sat saturday sab sabtu",
    "sun sunday min minggu ahad",
)
_DAYS = {name: day for day, names in enumerate(_NAMES) for name in names.split()}
_SHOWN = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_CLOSED = ("closed", "tutup", "libur")
_ZONES = ("wib", "wita", "wit")
_SAME = (
    (r"[‐‑‒–—−]|\bs/d\b|\bs\.d\.?|\bsampai\b", "-"),
    (r"[’‘`]", "'"),
    (r"\b(setiap hari|every day|daily)\b", "senin-minggu"),
    (r"\b24 (jam|hours)\b", "00:00-24:00"),
    (r"\b(dan|and)\b|&", ","),
    (r"\s*-\s*", "-"),
)
_TOKEN = re.compile(
    r"(?P<end>;)|[\s,]+"
    r"|(?P<time>\d{1,2}[:.]\d{2}-\d{1,2}[:.]\d{2})(?![\d:.-])"
    r"|(?P<days>[a-z']++(?:-[a-z']++)?+):?+(?![\d'-])"
)


class Span(NamedTuple):
    """Minutes of a day, from opening to closing."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """`days`: seven, Monday first; a day without spans is closed."""

    days: tuple[tuple[Span, ...], ...]

    def is_open(self, local: datetime, grace: int = 0) -> bool:
        """Whether it is open at a local time, or was or will be within `grace` minutes."""
        now = local.weekday() * DAY + local.hour * 60 + local.minute
        return any(
            (now - day * DAY - span.opens + grace) % WEEK <= span.closes - span.opens + 2 * grace
            for day, spans in enumerate(self.days)
            for span in spans
        )


def parse(text: str) -> OpeningHours | None:
    """The hours; None for an empty text. ValueError: a sentence with the place and the cure."""
    if not text.strip():
        return None
    days: dict[int, list[Span]] = {}
    for named, spans in _groups(text):
        for day in named:
            if day in days:
                raise ValueError(f"{_SHOWN[day]} is there twice; write each day once.")
            days[day] = spans
    return OpeningHours(tuple(tuple(days.get(day, ())) for day in range(7)))


def _groups(text: str) -> Iterator[tuple[list[int], list[Span]]]:
    """Days and their spans; a group ends at “;” or where days follow times."""
    days: list[int] = []
    spans: list[Span] | None = None
    for kind, token in [*_tokens(text), ("end", "")]:
        if spans is not None and kind != "time":
            yield days, _in_order(spans)
            days, spans = [], None
        if kind == "end" and days:
            raise ValueError(f"{_SHOWN[days[0]]} has no times; write them, or “tutup”.")
        if kind == "days":
            days += _days(token)
        elif kind == "closed" and days:
            spans = []
        elif kind in ("time", "closed"):
            if not days:
                raise ValueError(f"“{token}” stands without a day before it. {EXAMPLE}")
            spans = [*(spans or []), _span(token)]


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    plain = " ".join(text.casefold().split())
    for pattern, meant in _SAME:
        plain = re.sub(pattern, meant, plain)
    place = 0
    while place < len(plain):
        match = _TOKEN.match(plain, place)
        if match is None:
            raise ValueError(f"“{plain[place : place + 20]}” cannot be read. {EXAMPLE}")
        place = match.end()
        if match.lastgroup:
            token = match[match.lastgroup]
            yield "closed" if token in _CLOSED else match.lastgroup, token


def _days(token: str) -> list[int]:
    """The days of a name or a range."""
    names = token.split("-")
    for name in names:
        if name in _ZONES:
            raise ValueError(f"Leave out “{name.upper()}”: times are those of the unit's own zone.")
        if name not in _DAYS:
            raise ValueError(f"“{name}” is no day of the week. {EXAMPLE}")
    first, last = _DAYS[names[0]], _DAYS[names[-1]]
    return [(first + n) % 7 for n in range((last - first) % 7 + 1)]


def _span(token: str) -> Span:
    opens, closes = (_minute(time) for time in token.split("-"))
    if opens >= closes:
        raise ValueError(
            f"“{token}” ends before it begins; hours past midnight are written on both days, "
            "the first until 24:00."
        )
    return Span(opens, closes)


def _minute(time: str) -> int:
    hour, minute = map(int, re.split("[:.]", time))
    if minute > 59 or hour * 60 + minute > DAY:
        raise ValueError(f"“{time}” is no time of day; write 00:00 to 24:00.")
    return hour * 60 + minute


def _in_order(spans: Sequence[Span]) -> list[Span]:
    ordered = sorted(spans)
    if any(later.opens < earlier.closes for earlier, later in pairwise(ordered)):
        raise ValueError("Two times of one day overlap; write the day's hours once.")
    return ordered
