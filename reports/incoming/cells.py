"""Cells beside the answers in a file of responses: what each may hold, and what is said if not."""

import re
from collections import Counter
from datetime import date

from flows.engine.form import Line
from flows.instrument import Band
from flows.loader import LANGUAGES, words
from storage.answers.imports import row_key
from storage.files.likeness import plain
from storage.files.refused import CellUnfit, shown
from storage.files.response_file import Read
from storage.files.written_day import DayOrder, written_day
from storage.units import Unit

LONGEST = 200  # characters of a row's own id
COMMENT = 1_000  # … of what somebody wrote

_LETTERS = {"sex": {"l": "male", "p": "female"}}  # as the annex prints them
_YEARS = re.compile(r"[0-9]{2}")
_YEAR_WORDS = re.compile(r"\b(th|thn|tahun|years?( old)?)\b\.?", re.IGNORECASE)


def day(first: date, last: date, otherwise: date | None, order: DayOrder) -> Read:
    """A day from `first` to `last`; of an empty cell `otherwise`."""

    def read(text: str) -> date:
        if text:
            return written_day(text, first, last, order)
        if otherwise is None:
            raise CellUnfit(Line("file.date.empty"))
        return otherwise

    return read


def own_id(text: str) -> str:
    """The key of a row's own id."""
    if not text or len(text) > LONGEST:
        raise CellUnfit(Line("file.id.unfit", {"most": LONGEST}))
    return row_key(text)


def comment(text: str) -> str | None:
    """None where nothing is said."""
    said = text.strip()
    return said[:COMMENT] if any(map(str.isalnum, said)) else None


def is_prose(text: str) -> bool:
    """Whether somebody wrote it: answers are short, and in few words."""
    return len(text.split()) > 4 or len(text) > 30


def service(unit: Unit) -> Read:
    """The id of one of its services, by id or name."""
    ever = (*unit.retired, *unit.services)
    known = {plain(s[name]): s["id"] for s in ever for name in ("label", "id")}
    known[""] = only_service(unit)

    def read(text: str) -> str:
        found = known.get(plain(text))
        if found is None:
            names = ", ".join(service["id"] for service in unit.services)
            params = {"text": shown(text), "unit": unit.code, "names": names}
            raise CellUnfit(Line("file.service.unfit", params))
        return found

    return read


def only_service(unit: Unit) -> str:
    """Of a unit with one service that one; with several, nobody knows which one a row is about."""
    return unit.services[0]["id"] if len(unit.services) == 1 else ""


def choice(band: Band, odd: Counter[str]) -> Read:
    """A choice of a profile's band by id, by what it is called or by a number of years; others are
    "" and counted in `odd`."""
    known = {plain(choice): choice for choice in band.choices}
    for language in LANGUAGES:
        texts = words(language).texts
        for each in band.choices:
            heard = texts.get(f"profile.{band.key}.{each}.heard", "").split("·")
            for text in (texts.get(f"profile.{band.key}.{each}", ""), *heard):
                known.setdefault(plain(text), each)
    known |= _LETTERS.get(band.key, {})
    known[""] = ""

    def read(text: str) -> str:
        whole, text = text, _YEAR_WORDS.sub("", text)  # 17 - 25 tahun
        parts = {known.get(plain(part), "") for part in text.split("/")}  # SMA/SMK
        found = known.get(plain(text)) or (parts.pop() if len(parts) == 1 else "")
        found = found or _of_years(text, band)
        odd[band.key] += bool(whole and not found)
        return found

    return read


def _of_years(text: str, band: Band) -> str:
    """34 lies in 26-35."""
    years = _YEARS.fullmatch(text.strip())
    if years is None:
        return ""
    for choice in band.choices:
        low, _, high = choice.partition("-")
        if low.isdigit() and int(low) <= int(years[0]) <= (int(high) if high.isdigit() else 150):
            return choice
    return ""
