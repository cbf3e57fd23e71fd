"""Erasing a response: found by its receipt, only for the chat that gave it.

Never by the code alone: an officer could demand the code and have a low score deleted. The voice
stays, so that whoever erased does not vote again: an answer once given can be taken back, not
traded for another under somebody's eyes.
"""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete

from flows.loader import instrument
from storage.answers import tombstones, votes
from storage.answers.votes import Person
from storage.database.upsert import table_of
from storage.index import sheets, transparency_log
from storage.tables import Response
from storage.vault import Vault

Left = Literal["", "told", "sheet"]
"""What counts an erased response: a sheet, a digest alone, or nothing. Its leaf stays then, and
where it is in the transparency log."""

_r = table_of(Response)
_DELETE = delete(_r).where(_r.c.id == bindparam("this"))


def is_of(connection: Connection, vault: Vault, address: str, row: Any) -> bool:
    """Whether this chat gave the response; False once the period's key is destroyed."""
    survey = instrument(row.instrument).survey
    person = Person(address, row.unit_id, row.service, survey)
    return votes.is_claimed(connection, vault, person, row.leaf, row.claim)


def remove(connection: Connection, row: Any) -> Left:
    """Delete the response with its salt and comment; what is left of it.

    It must be out of the tallies: `reports.stored.amending.erase` does both.
    """
    connection.execute(_DELETE, {"this": row.id})
    left: Left = "sheet" if sheets.mark_erased(connection, row.leaf) else ""
    left = left or ("told" if row.told else "")
    if left or transparency_log.position(connection, row.leaf) is not None:
        tombstones.keep(connection, row)
    return left


def remove_all(connection: Connection, rows: Sequence[Any]) -> None:
    """`remove` for many, most of which nothing counts."""
    leaves = [row.leaf for row in rows]
    stays = sheets.in_sheets(connection, leaves).union(
        set(leaves).difference(transparency_log.missing(connection, leaves))
    )
    others = []
    for row in rows:
        if row.told or row.leaf in stays:
            remove(connection, row)
        else:
            others.append({"this": row.id})
    if others:
        connection.execute(_DELETE, others)
