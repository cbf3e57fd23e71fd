"""The table that a chat sent last, kept from the message to the tap that makes use of it."""

import msgspec
from sqlalchemy import Connection, bindparam, delete, select

from storage.database.upsert import put_all, table_of
from storage.files.spreadsheet import Sheets
from storage.office_tables import SentFile

KEPT = 3_600  # seconds

_f = table_of(SentFile)
_CONTENT = select(_f.c.content).where(
    _f.c.address == bindparam("address"), _f.c.file == bindparam("file")
)
_decode = msgspec.json.Decoder(Sheets).decode


def keep(connection: Connection, address: str, file: str, sheets: Sheets, at: int) -> None:
    """In place of the one before. `file`: the platform's id of it."""
    content = msgspec.json.encode(sheets)
    row = {"address": address, "file": file, "content": content, "until": at + KEPT}
    put_all(connection, _f, [row])


def sheets(connection: Connection, address: str, file: str) -> Sheets | None:
    """None where it is no more, or another was sent since."""
    found = connection.execute(_CONTENT, {"address": address, "file": file}).scalar_one_or_none()
    return None if found is None else _decode(found)


def forget(connection: Connection, address: str) -> None:
    connection.execute(delete(_f).where(_f.c.address == address))


def expire(connection: Connection, now: int) -> int:
    """The number of files that are gone."""
    return connection.execute(delete(_f).where(_f.c.until <= now)).rowcount
