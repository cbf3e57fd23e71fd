"""Anonymous rows for the public: whole SKM periods of a unit, final, the same for good.

The release rule (`reports.release`) for rows: `reports.blurring` writes beside the answers only
what at least 5 share. No id, no day, no time, no comment, no extra question, no receipt. All rows
of a period or none, so that no published total less these rows gives a few. A period is exported
only when nobody can erase an answer any more, 14 days after its end, and from then on nothing is
added to it: two exports never differ by a few rows. Periods with too few rows stay out.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Connection

from flows.instrument import Band, Instrument
from reports.blurring import Column, blurred, enough
from storage import final, tallies
from storage.periods import Period, parse, period_of
from storage.units import Unit
from storage.vault import Random
from storage.voices import KEPT

BESIDE = ("unit", "period", "month", "service", "source")
PART = "only a part of it was asked for"
OPEN = "answers can still be erased, until 14 days after its end"
FEW = "fewer than 5 responses, or fewer than 5 of them from chats"
OTHER = "it overlaps a period that was exported before"
CHANGED = "its rows are no longer those that were exported first"


@dataclass(frozen=True, slots=True)
class Exported:
    """A period of a unit: its rows, texts in the order of `header`, or why it is left out."""

    period: Period
    n: int
    rows: Sequence[Sequence[str]] = ()
    left_out: str = ""


def header(instrument: Instrument) -> tuple[str, ...]:
    """The columns of an export; "" in them is hidden, not known, or not answered."""
    return (*BESIDE, *(band.key for band in instrument.bands), *instrument.keys)


def export(
    connection: Connection,
    unit: Unit,
    instrument: Instrument,
    days: tuple[date, date],
    today: date,
    random: Random,
    at: int,
) -> Iterator[Exported]:
    """Every SKM period of a unit with responses of these days; call in a transaction, which also
    keeps what was exported. `today`: in the unit's zone; `at`: now, Unix seconds."""
    final.lock(connection, unit.id)
    before = final.exported(connection, unit.id, instrument.id)
    for period, rows in sorted(
        _by_period(connection, unit, instrument, days).items(), key=lambda pair: pair[0].first
    ):
        marks = _fingerprint(rows)
        why = _closed_to(connection, unit, period, days, today)
        why = why or _against(before, period, marks) or ("" if enough(rows) else FEW)
        if why:
            yield Exported(period, len(rows), left_out=why)
            continue
        final.keep_exported(connection, unit.id, instrument.id, period.name, marks, at)
        yield Exported(period, len(rows), _texts(unit, period, instrument, rows, random))


def _by_period(
    connection: Connection, unit: Unit, instrument: Instrument, days: tuple[date, date]
) -> dict[Period, list[Any]]:
    by_period: dict[Period, list[Any]] = defaultdict(list)
    for row in tallies.rows_between(connection, instrument.id, [unit.id], *days):
        if any(value is not None for value in row.answers.values()):
            by_period[period_of(unit.period, row.local_date)].append(row)
    return by_period


def _closed_to(
    connection: Connection, unit: Unit, period: Period, days: tuple[date, date], today: date
) -> str:
    if period.first < days[0] or period.last > days[1]:
        return PART
    if today <= period.last + KEPT or final.can_erase(connection, unit.id, period):
        return OPEN
    return ""


def _against(before: dict[str, str], period: Period, marks: str) -> str:
    if period.name in before:
        return "" if before[period.name] == marks else CHANGED
    others = map(parse, before)
    overlaps = any(o.first <= period.last and period.first <= o.last for o in others)
    return OTHER if overlaps else ""


def _fingerprint(rows: Sequence[Any]) -> str:
    return hashlib.sha256(" ".join(sorted(row.id for row in rows)).encode()).hexdigest()


def _texts(
    unit: Unit, period: Period, instrument: Instrument, rows: Sequence[Any], random: Random
) -> list[list[str]]:
    """In random order: the order in which rows came is nobody's business."""
    texts = [
        [_plain(unit.code), period.name, *beside, *_answers(row, instrument)]
        for row, beside in blurred(rows, _columns(instrument))
    ]
    return sorted(texts, key=lambda _: random(16))


def _columns(instrument: Instrument) -> list[Column]:
    return [_month, _service, _source, *(partial(_choice, band) for band in instrument.bands)]


def _month(row: Any) -> str:
    text: str = row.local_date.isoformat()[:7]
    return text


def _service(row: Any) -> str:
    return _plain(row.service)


def _source(row: Any) -> str:
    return _plain(row.source)


def _choice(band: Band, row: Any) -> str:
    given = row.profile.get(band.key, "")
    return given if given in band.choices else ""


def _answers(row: Any, instrument: Instrument) -> list[str]:
    values = map(row.answers.get, instrument.keys)
    return ["" if value is None else str(value) for value in values]


def _plain(text: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula; a unit's code may begin with -."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
