"""Digests that do not arrive: counted, and after three in a row told to an admin above the head."""

from sqlalchemy import Connection

from bot.core.sending.notices import notify
from flows.engine.form import Line
from storage import units
from storage.chat.outbox import Parcel
from storage.office import digest_settings, holders

TOLD_AFTER = 3  # digests in a row, each given up: blocked, gone, or refused for three days


def arrived(connection: Connection, parcel: Parcel) -> None:
    if unit := _of_digest(parcel):
        digest_settings.arrived(connection, parcel.address, unit)


def given_up(connection: Connection, parcel: Parcel, at: int) -> None:
    """Tell an admin, once: further failures tell nobody, until a digest arrives."""
    id = _of_digest(parcel)
    if not id or digest_settings.failed(connection, parcel.address, id) != TOLD_AFTER:
        return
    unit = units.by_id(connection, id)
    line = Line("unreached", {"unit": unit.name})
    for admin in holders.admins_above(connection, unit) - {parcel.address}:
        notify(connection, f"unreached:{parcel.key}:{admin}", admin, line, at)


def _of_digest(parcel: Parcel) -> int:
    """The unit's id; 0: it is no digest."""
    return int(parcel.body.get("unit", 0)) if parcel.kind == "digest" else 0
