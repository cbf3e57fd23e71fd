"""Anonymous rows of published periods, for the public: they add up to the period's sheet.

`reports.sheets.export_release` says which columns, `reports.blurring` what of month, service,
source and profile may stand beside the answers of each row. Never an id, a day, a time, a comment,
an answer to an extra question, or a receipt. A period is exported when nobody can erase an answer
of it any more, 14 days after its end; nothing is added to it once it is published. So two exports
of a period hold the same rows.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Connection

from flows.instrument import Band, Instrument
from flows.loader import instrument
from reports.blurring import Column, blurred
from reports.disclosure import enough
from reports.sheets.before import before
from reports.sheets.counted import as_there
from reports.sheets.export_release import Allowed, Unasked, askable, months_apart
from reports.sheets.release import Shown, shown
from reports.sheets.sheet import shown_in
from storage import questionnaires
from storage.answers.votes import KEPT
from storage.index import closed_periods, sheets
from storage.index.sheets import Sheet
from storage.periods import Period
from storage.units import Unit
from storage.vault import Random

UNWRITTEN = 2  # of the columns by which rows hide each other
BESIDE = ("unit", "period", "month", "service", "source")

OPEN = "answers can still be erased, until 14 days after its end"
ERASED = "some of its responses were erased since its sheet, which would tell them"
OTHER = "another instrument was asked ({}); export its periods by themselves: --period"
FEW = "its sheet withholds its figures, or fewer than 5 responses are not keyed in by somebody"


def header(by: Instrument) -> tuple[str, ...]:
    """The columns. An empty cell is hidden, not known, or not answered."""
    return (*BESIDE, *(band.key for band in by.bands), *by.keys)


@dataclass(frozen=True, slots=True)
class Exported:
    """A published period of a unit: its `n` responses as texts in the order of `header`, and the
    columns that stay empty in all of them; or why it is left out."""

    period: Period
    n: int
    rows: Sequence[Sequence[str]] = ()
    empty: Sequence[str] = ()
    left_out: str = ""


def export(
    connection: Connection,
    unit: Unit,
    by: Instrument,
    days: tuple[date, date],
    today: date,
    random: Random,
) -> Iterator[Exported]:
    """Every published period of a unit that lies in these days; `today`: in the unit's zone. One
    table has the columns of one instrument: periods of another one are left out."""
    kept = sheets.of_unit(connection, unit.id)
    newest = {sheet.period: sheet for sheet in kept}
    for sheet in sorted(newest.values(), key=lambda sheet: sheet.days.first):
        if days[0] <= sheet.days.first and sheet.days.last <= days[1]:
            yield _exported(connection, unit, by, sheet, kept, today, random)


def export_of(
    connection: Connection, unit: Unit, sheet: Sheet, today: date, random: Random
) -> Exported:
    """The period of one sheet, by its own instrument."""
    by = instrument(json.loads(sheet.content)["instrument"])
    kept = sheets.of_unit(connection, unit.id)
    return _exported(connection, unit, by, sheet, kept, today, random)


def left_out(connection: Connection, unit: Unit, sheet: Sheet, today: date) -> str:
    """Why that period is left out; "": it is not. No row is made for that."""
    by = instrument(json.loads(sheet.content)["instrument"])
    kept = sheets.of_unit(connection, unit.id)
    found = _released(connection, unit, by, sheet, kept, today)
    return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class _Released:
    """What may be exported of a period."""

    rows: Sequence[Any]
    unasked: Unasked
    allowed: Allowed


def _released(
    connection: Connection,
    unit: Unit,
    by: Instrument,
    sheet: Sheet,
    kept: Sequence[Sheet],
    today: date,
) -> _Released | str:
    """… or why it is left out."""
    period, content = sheet.days, json.loads(sheet.content)
    if content["instrument"] != by.id:
        return OTHER.format(instrument(content["instrument"]).rule)
    if today <= period.last + KEPT or closed_periods.can_erase(connection, unit.id, period):
        return OPEN
    rows = list(sheets.listed(connection, sheet.id))
    if any(row.leaf is None for row in rows):
        return ERASED
    seen = before(connection, unit, by.id, period, kept)
    there = as_there(by, rows)
    now = shown(there, period, seen)
    both = _both(shown_in(content), now)
    if not both.items or not enough(rows):
        return FEW
    unasked = _unasked(connection, rows)
    items = askable(rows, both.items, unasked)
    return _Released(
        rows, unasked, Allowed(items, months_apart(rows, items, seen.weeks), both.parts)
    )


def _exported(
    connection: Connection,
    unit: Unit,
    by: Instrument,
    sheet: Sheet,
    kept: Sequence[Sheet],
    today: date,
    random: Random,
) -> Exported:
    found = Exported(sheet.days, json.loads(sheet.content)["n"])
    of = _released(connection, unit, by, sheet, kept, today)
    if isinstance(of, str):
        return replace(found, left_out=of)
    texts = [
        [_plain(unit.code), sheet.period, *beside[UNWRITTEN:], *_answers(row, by, of.allowed)]
        for row, beside in blurred(of.rows, _columns(by, of.allowed, of.unasked))
    ]
    in_no_order = sorted(texts, key=lambda _: random(16))
    return replace(found, rows=in_no_order, empty=_empty(by, of.allowed))


def _both(then: Shown, now: Shown) -> Shown:
    """What the sheet shows and would still, beside the weeks that were shown since."""
    items = (then.items & now.items) - then.uncounted.keys() - now.uncounted.keys()
    return Shown(bool(items), items, then.parts and now.parts)


def _unasked(connection: Connection, rows: Sequence[Any]) -> Unasked:
    """By the questionnaire that each answered."""
    left_out: Mapping[tuple[str, str], frozenset[str]] = {
        (id, wording.service): frozenset(wording.without)
        for id in {row.questionnaire for row in rows}
        for wording in questionnaires.get(connection, id).services
    }
    return lambda row: left_out.get((row.questionnaire, row.service), frozenset())


def _columns(by: Instrument, allowed: Allowed, unasked: Unasked) -> list[Column]:
    """The first are not written: rows of which other items were asked, or which another digest
    told of, never hide each other."""
    return [
        lambda row: ",".join(sorted(unasked(row) & allowed.items)),
        lambda row: row.told,
        _month if allowed.months else _nothing,
        lambda row: _plain(row.service),
        (lambda row: _plain(row.source)) if allowed.sources else _nothing,
        *(partial(_choice, band) for band in by.bands),
    ]


def _nothing(row: Any) -> str:
    return ""


def _month(row: Any) -> str:
    text: str = row.local_date.isoformat()[:7]
    return text


def _choice(band: Band, row: Any) -> str:
    given = row.profile.get(band.key, "")
    return given if given in band.choices else ""


def _answers(row: Any, by: Instrument, allowed: Allowed) -> list[str]:
    given = ((key, row.answers.get(key)) for key in by.keys)
    return [
        str(value) if value is not None and key in allowed.items else "" for key, value in given
    ]


def _empty(by: Instrument, allowed: Allowed) -> list[str]:
    beside = [] if allowed.months else ["month"]
    beside += [] if allowed.sources else ["source"]
    return [*beside, *(key for key in by.keys if key not in allowed.items)]


def _plain(text: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula; a unit's code may begin with -."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
