"""Cells beside the answers in a file of responses: what each may hold, and what is said if not."""

from collections import Counter
from datetime import date

from flows.engine.form import Line as Words
from flows.instrument import Band
from flows.loader import words
from storage.answers.imports import row_key
from storage.database.connect import enumerated
from storage.files.refused import shown
from storage.files.response_file import Read
from storage.files.written_day import written_day
from storage.units import Unit

LONGEST = 200  # characters of a row's own id

_LETTERS = {"sex": {"l": "male", "p": "female"}}  # as the annex prints them


def day(first: date, last: date, otherwise: date | None) -> Read:
    """A day from `first` to `last`; of an empty cell `otherwise`."""

    def read(text: str) -> date:
        if text:
            return written_day(text, first, last)
        if otherwise is None:
            raise ValueError("it is empty; write 2026-11-30 or 30/11/2026, or give --date.")
        return otherwise

    return read


def own_id(text: str) -> str:
    """The key of a row's own id."""
    if not text or len(text) > LONGEST:
        fault = f"has more than {LONGEST} characters" if text else "is empty"
        raise ValueError(f"it {fault}; give each response its own id, or leave out the column.")
    return row_key(text)


def service(unit: Unit) -> Read:
    """The id of one of its services, by id or name."""
    ever = (*unit.retired, *unit.services)
    known = {s[name].casefold(): s["id"] for s in ever for name in ("label", "id")}
    known[""] = only_service(unit)

    def read(text: str) -> str:
        found = known.get(text.casefold())
        if found is None:
            names = enumerated([service["id"] for service in unit.services])
            raise ValueError(
                f"“{shown(text)}” is no service of {unit.code}; write {names} or nothing, or give "
                "--service for all rows."
            )
        return found

    return read


def only_service(unit: Unit) -> str:
    """Of a unit with one service that one; with several, nobody knows which one a row is about."""
    return unit.services[0]["id"] if len(unit.services) == 1 else ""


def choice(band: Band, odd: Counter[str]) -> Read:
    """A choice of a profile's band by id or name; others are "" and counted in `odd`."""
    say = words("id").line
    known = {say(Words(f"profile.{band.key}.{c}")).casefold(): c for c in band.choices}
    known |= {c: c for c in band.choices} | _LETTERS.get(band.key, {})

    def read(text: str) -> str:
        found = known.get(text.casefold(), "")
        odd[band.key] += bool(text and not found)
        return found

    return read
