"""How numbers, days and periods are written, wherever they are shown."""

import re
from datetime import date
from typing import TYPE_CHECKING

from flows.engine.form import Line, literal

if TYPE_CHECKING:
    from flows.engine.say import Words

ROMAN = ("I", "II", "III", "IV")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_PERIOD = re.compile(r"([12]\d{3})(?:-(Q[1-4]|S[12]|0[1-9]|1[0-2]))?", re.ASCII)


def number(decimal: str, words: "Words") -> str:
    """A decimal text as the language writes it: 84,72; with a true minus sign."""
    return decimal.replace("-", "−").replace(".", words.texts["number.point"])


def indonesian(decimal: str) -> str:
    """A decimal text with points between thousands and a true minus sign: −1.234,50."""
    whole, _, rest = decimal.removeprefix("-").partition(".")
    sign = "−" if decimal.startswith("-") else ""
    return sign + f"{int(whole):,}".replace(",", ".") + (f",{rest}" if rest else "")


def count_line(count: int) -> Line:
    """A whole number as each language groups its digits: 1.234, in English 1,234."""
    return literal(indonesian(str(count)), en=f"{count:,}")


def day_line(day: date) -> Line:
    """Such as 30 Nov 2026."""
    month = Line(f"day.month.{day.month}")
    return Line("day", {"day": day.day, "month": month, "year": day.year})


def digits_of(day: date) -> str:
    """In digits, as it may be typed, too: 30/11/2026."""
    return f"{day.day}/{day.month}/{day.year}"


def long_day(day: date) -> str:
    """As an official Indonesian text writes it: 30 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def days(first: date, last: date, words: "Words") -> str:
    """Such as 16–22 Nov 2026, 30 Nov–6 Des 2026, 28 Des 2026–3 Jan 2027."""
    start = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        start += " " + words.line(Line(f"day.month.{first.month}"))
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start}–{words.line(day_line(last))}"


def period_line(name: str) -> Line | None:
    """A period as people say it: "Triwulan IV 2026" of 2026-Q4 (`storage.periods` has the names).
    None where it is no period's name; a week's is never said."""
    found = _PERIOD.fullmatch(name)
    if found is None:
        return None
    year, part = found.groups()
    if not part:
        return Line("period.year", {"year": year})
    if part[0] not in "QS":
        return Line("period.month", {"month": Line(f"day.month.{int(part)}"), "year": year})
    said = {"number": ROMAN[int(part[1]) - 1], "year": year}
    return Line("period.quarter", said) if part[0] == "Q" else Line("period.semester", said)


def period_row(name: str) -> dict[str, str]:
    """A period to be chosen, as a row of `flows.engine.events.Found`."""
    return {"id": name, "key": "period.named", "period": name}
