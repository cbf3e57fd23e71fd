"""Rows of answers that were imported before, known by what they say: service, day and answers."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, select

from storage.database.upsert import table_of
from storage.tables import Response

_r = table_of(Response)

Content = tuple[str, date, str]  # service, day, answers


def content(service: str, day: date, answers: Mapping[str, int | None]) -> Content:
    return service, day, json.dumps(answers, sort_keys=True)


def imported(
    connection: Connection, unit_id: int, instrument: str, first: date, last: date
) -> dict[Content, Counter[str]]:
    """How often each was imported into a unit from `first` to `last`, by the id of its file."""
    query = select(_r.c.service, _r.c.local_date, _r.c.answers, _r.c.file).where(
        _r.c.unit_id == unit_id,
        _r.c.source == "imported",
        _r.c.instrument == instrument,
        _r.c.local_date.between(first, last),
    )
    found: dict[Content, Counter[str]] = defaultdict(Counter)
    for row in connection.execute(query):
        found[content(row.service, row.local_date, row.answers)][row.file] += 1
    return found
