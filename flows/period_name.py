"""A period as people say it: "Triwulan IV 2026" for 2026-Q4 (`storage.periods` has the names)."""

import re

from flows.engine.form import Line

_ROMAN = ("I", "II", "III", "IV")
_NAME = re.compile(r"([12]\d{3})(?:-(Q[1-4]|S[12]|0[1-9]|1[0-2]))?", re.ASCII)


def period_row(name: str) -> dict[str, str]:
    """A period to be chosen, as a row of `flows.engine.events.Found`."""
    return {"id": name, "key": "period.named", "period": name}


def period_line(name: str) -> Line | None:
    """None where it is no period's name; a week's is never said."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    year, part = found.groups()
    if not part:
        return Line("period.year", {"year": year})
    if part[0] not in "QS":
        return Line("period.month", {"month": Line(f"day.month.{int(part)}"), "year": year})
    said = {"number": _ROMAN[int(part[1]) - 1], "year": year}
    return Line("period.quarter", said) if part[0] == "Q" else Line("period.semester", said)
