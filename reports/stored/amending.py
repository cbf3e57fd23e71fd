"""Changing or erasing a kept response: out of the tallies and gone from the rows in one go.

Theory. Tallies form a group (`reports.statistics.tally`), so what was folded is subtracted exactly;
the changed response is folded anew like any other. Subtraction and change share a transaction: at
any crash point the tallies are what the responses that are not unfolded add up to.
"""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from reports.stored.fold import unfold
from storage.answers import erasing, imports, responses
from storage.answers.erasing import Left
from storage.answers.responses import Claim, Draft
from storage.database import destroyed
from storage.database.upsert import table_of
from storage.index import closed_periods, sheets
from storage.tables import Response
from storage.units import Unit
from storage.vault import Random

PART = 500

_r = table_of(Response)
_OF_FILE = (
    select(_r)
    .where(_r.c.unit_id == bindparam("unit"), _r.c.file == bindparam("file"))
    .limit(PART)
    .with_for_update()
)


class Published(Exception):
    """A response that a sheet or a digest tells of is not changed any more: both versions beside
    each other would tell them."""


def erase(connection: Connection, row: Any) -> Left:
    """Erase a response locked by this transaction (`storage.answers.responses.found`).

    What was shown stays shown: what a digest or a sheet counts stands, and its leaf stays.
    """
    unfold(connection, [row])
    destroyed.note(connection, destroyed.answer(row.leaf))
    return erasing.remove(connection, row)


def undo_part(connection: Connection, unit_id: int, file: str, is_final: bool = True) -> int:
    """Erase some of what came from a file (`storage.answers.imports.TakenFile.id`) into a unit; the
    number of responses. 0: nothing was left, and the file may be imported again.

    A transaction each, so that citizens write in between. What was shown stays shown. `is_final`:
    a backup that is restored does not bring it back.
    """
    closed_periods.lock(connection, unit_id)
    rows = connection.execute(_OF_FILE, {"unit": unit_id, "file": file}).all()
    unfold(connection, rows)
    erasing.remove_all(connection, rows)
    if not rows:
        at = imports.forget(connection, unit_id, file)
        if at is not None and is_final:
            destroyed.note(connection, destroyed.file(unit_id, at, file))
    return len(rows)


def edit(
    connection: Connection,
    unit: Unit,
    row: Any,
    draft: Draft,
    random: Random,
    claim: Claim | None = None,
) -> str:
    """Put what the draft says, by whatever way and mark, in the place of a locked response.

    Its day, slot and times stay. The new receipt code: the former one is found no more. Raises
    Published.
    """
    closed_periods.lock(connection, unit.id)
    if row.told:
        raise Published(f"A response of {unit.code} on {row.local_date} was told in {row.told}.")
    if sheets.in_sheets(connection, [row.leaf]):
        raise Published(f"A response of {unit.code} on {row.local_date} is in a published sheet.")
    unfold(connection, [row])
    return responses.change(connection, unit, row, draft, random, claim)
