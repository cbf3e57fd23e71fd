"""Proving that every sheet is what its hash, its leaves and its responses say."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from flows.loader import instrument
from flows.operator_words import tr
from reports.sheets.before import weeks_shown
from reports.sheets.counted import Counted, as_there, as_told
from reports.sheets.sheet import Content, counted_of, leaves_of, shown_in
from storage import units
from storage.answers import tombstones
from storage.index import sheets
from storage.index.sheets import Sheet


def differences(connection: Connection) -> Iterator[str]:
    """What differs, a sentence each."""
    for unit_id in sheets.publishing(connection):
        code = units.by_id(connection, unit_id).code
        kept = sheets.of_unit(connection, unit_id)
        newest = {sheet.period: sheet.number for sheet in kept}
        yield from _chain(code, kept)
        for sheet in kept:
            name = f"Sheet {sheet.number} of {code}"
            if hashlib.sha256(sheet.content.encode()).digest() != sheet.hash:
                yield f"{name}: its content is not what its hash stands for."
                continue
            is_newest = newest[sheet.period] == sheet.number
            try:
                yield from (
                    f"{name}: {each}" for each in _faults(connection, code, sheet, is_newest)
                )
            except (ValueError, KeyError, TypeError, AttributeError, FileNotFoundError):
                yield f"{name}: its content is no sheet's."


def erased_since(connection: Connection) -> Iterator[str]:
    """Of how many responses a sheet keeps only the leaf: no difference."""
    for id, number in sheets.erased(connection, 1).items():
        sheet = sheets.by_id(connection, id)
        code = units.by_id(connection, sheet.unit_id).code
        says = "Sheet {0} of {1} ({2}): {3} erased since."
        yield tr(says, sheet.number, code, sheet.period, number)


def _chain(code: str, kept: Sequence[Sheet]) -> Iterator[str]:
    """Numbers from 1 without a gap, each sheet with the hash of the one before."""
    previous: Sheet | None = None
    for sheet in kept:
        number = previous.number + 1 if previous else 1
        if sheet.number != number:
            yield f"Sheet {number} of {code} is missing before sheet {sheet.number}."
        elif _previous_hash(sheet) != (previous.hash.hex() if previous else None):
            yield f"Sheet {number} of {code} does not hold the hash of the sheet before it."
        previous = sheet


def _previous_hash(sheet: Sheet) -> str | None:
    try:
        found: str | None = json.loads(sheet.content)["previous"]
    except (ValueError, KeyError, TypeError):
        return ""
    return found


def _faults(connection: Connection, code: str, sheet: Sheet, is_newest: bool) -> Iterator[str]:
    """Of a sheet whose hash is right. KeyError and the like: it is not made as a sheet is."""
    content: Content = json.loads(sheet.content)
    names = content["number"], content["unit"]["code"], content["period"]["name"]
    if names != (sheet.number, code, sheet.period):
        yield "it names another number, unit or period than it is kept under."
    listed = list(sheets.listed(connection, sheet.id))
    rows = [row for row in listed if row.leaf is not None]
    gone = sum(row.leaf is None and not row.erased for row in listed)
    still = sum(row.leaf is not None and row.erased for row in listed)
    if content["leaves"] != leaves_of([row.listed for row in listed]):
        yield f"the {len(listed)} leaves listed with it do not make its root."
    elif gone:
        yield f"{gone} of its responses are gone and were not erased."
    elif still:
        yield f"{still} of its responses are marked as erased and are still there."
    else:
        counted = _counted(connection, sheet, content, rows, listed)
        if counted is not None and not _adds_up(counted, content):
            yield f"its figures are not what its {len(listed)} responses add up to."
    later = _number(connection, sheet, content) - len(rows)
    if is_newest and later > 0:
        yield f"{later} responses of its period are not in it."


def _counted(
    connection: Connection, sheet: Sheet, content: Content, rows: list[Any], listed: list[Any]
) -> Counted | None:
    """What the sheet was made of; None where it is not known any more: a response was erased that
    no digest had told, or of a correcting sheet."""
    by, days = instrument(content["instrument"]), sheet.days
    gone = [row.listed for row in listed if row.leaf is None]
    try:
        if not gone:
            return as_there(by, rows)
        of = (connection, sheet.unit_id, by.id)
        told = {each.leaf: each.told for each in tombstones.between(*of, days.first, days.last)}
        if content["corrects"] or not all(told.get(leaf) for leaf in gone):
            return None
        return as_told(by, days, rows, gone, weeks_shown(*of))
    except ValueError:  # answers that the instrument does not have
        return Counted(by.keys, (), {})


def _adds_up(counted: Counted, content: Content) -> bool:
    """By the rule that the sheet was made by."""
    by, format = instrument(content["instrument"]), content["format"]
    found = counted_of(counted, by, content["population"], shown_in(content), format)
    return all(content[key] == value for key, value in found.items())


def _number(connection: Connection, sheet: Sheet, content: Content) -> int:
    """How many responses of the sheet's period and instrument there are."""
    first, last = sheet.days.first, sheet.days.last
    days = sheets.by_day(connection, sheet.unit_id, content["instrument"], first, last)
    return sum(days.values())
