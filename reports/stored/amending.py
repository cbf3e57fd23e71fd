"""Changing or erasing a kept response: out of the tallies and gone from the rows in one go.

Theory. Tallies form a group (`reports.statistics.tally`), so what was folded is subtracted exactly;
the changed response is folded anew like any other. Subtraction and change share a transaction: at
any crash point the tallies are what the rows marked as folded add up to.
"""

from typing import Any

from sqlalchemy import Connection

from reports.stored.fold import unfold
from storage.answers import erasing, responses
from storage.answers.erasing import Left
from storage.answers.responses import Claim, Draft
from storage.index import sheets
from storage.units import Unit
from storage.vault import Random


class Published(Exception):
    """A response that a sheet or a digest tells of is not changed any more: both versions beside
    each other would tell them."""


def erase(connection: Connection, row: Any) -> Left:
    """Erase a response locked by this transaction (`storage.answers.responses.found`).

    What was shown stays shown: what a digest or a sheet counts stands, and its leaf stays.
    """
    unfold(connection, row)
    return erasing.remove(connection, row)


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
    if row.told:
        raise Published(f"A response of {unit.code} on {row.local_date} was told in {row.told}.")
    if sheets.is_listed(connection, row.leaf):
        raise Published(f"A response of {unit.code} on {row.local_date} is in a published sheet.")
    unfold(connection, row)
    return responses.change(connection, unit, row, draft, random, claim)
