"""What was said of a unit's tables: asked once, kept by unit and header, known the next time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from reports.incoming.drafts import Filed, Incoming, Reading, asked_of
from storage.answers import table_readings
from storage.files.found_table import find
from storage.files.spreadsheet import Sheets


def remembered(connection: Connection, sheets: Sheets, filed: Filed) -> Filed:
    """With what was said of such a header before; what is said now goes first.

    Raises FileRefused where it is not known which sheet is meant.
    """
    kept = table_readings.of_unit(connection, filed.unit.id)
    if not kept:
        return filed
    said = filed.reading
    anywhere = {heading: key for each in kept.values() for heading, key in each["mapped"].items()}
    looked = replace(filed, reading=replace(said, mapped={**anywhere, **said.mapped}))
    found = find(sheets, asked_of(looked, Counter()).wanted())
    before = kept.get(table_readings.header_key(found.header))
    return replace(filed, reading=_joined(said, before)) if before else filed


def remember(connection: Connection, filed: Filed, read: Incoming) -> None:
    """Once its rows are kept; nothing where nothing was said."""
    said = filed.reading
    if said.mapped or said.blanks or said.degrees or said.order or said.days:
        kept = {
            "mapped": dict(said.mapped),
            "blanks": sorted(said.blanks),
            "degrees": dict(said.degrees),
            "order": said.order,
            "days": said.days,
        }
        header = table_readings.header_key(read.found.header)
        table_readings.keep(connection, filed.unit.id, header, kept)


def _joined(said: Reading, before: Mapping[str, Any]) -> Reading:
    return Reading(
        {**before["mapped"], **said.mapped},
        {*before["blanks"], *said.blanks},
        {**before.get("degrees", {}), **said.degrees},  # which an older release did not keep
        said.order or before["order"],
        said.days or before["days"],
    )
