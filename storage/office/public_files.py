"""Files that everybody may have from the public site: photos of what was improved, and reports.

One of each follow-up, innovation or period. It can be taken off again, and no backup brings it
back then. What pages are made of is read without the bytes.
"""

import hashlib
from collections.abc import Sequence
from typing import Literal, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select

from storage.database import destroyed
from storage.database.upsert import put_all, table_of
from storage.office_tables import PublicFile as Row

Kind = Literal["follow_up", "innovation", "report"]
JPEG, PDF = "image/jpeg", "application/pdf"

_p = table_of(Row)
_SHOWN = (
    *(_p.c.kind, _p.c.of, _p.c.media_type, _p.c.hash, _p.c.size),
    *(_p.c.width, _p.c.height, _p.c.made_of, _p.c.at),
)
_HERE = (
    _p.c.unit_id == bindparam("unit"),
    _p.c.kind == bindparam("kind"),
    _p.c.of == bindparam("of"),
)
_ONE = select(*_SHOWN).where(*_HERE)
_ALL = select(_p.c.unit_id, *_SHOWN).order_by(_p.c.unit_id, _p.c.at.desc(), _p.c.kind, _p.c.of)
_CONTENT = select(_p.c.content).where(
    _p.c.unit_id == bindparam("unit"), _p.c.hash == bindparam("hash")
)


class PublicFile(NamedTuple):
    """Without its bytes. `of`: the id of a follow-up or an innovation, the name of a period;
    `made_of`: of a report the hash of the sheet whose figures it has; `at`: Unix seconds."""

    kind: str
    of: str
    media_type: str
    hash: str
    size: int
    width: int = 0
    height: int = 0
    made_of: str = ""
    at: int = 0


def keep(
    connection: Connection,
    unit_id: int,
    kind: Kind,
    of: str,
    content: bytes,
    at: int,
    sides: tuple[int, int] = (0, 0),
    made_of: str = "",
) -> None:
    """In place of the one before. `sides`: width and height of a photo; without, it is a report."""
    withdraw(connection, unit_id, kind, of)
    width, height = sides
    row = {
        "unit_id": unit_id, "kind": kind, "of": of, "media_type": JPEG if width else PDF,
        "content": content, "hash": hashlib.sha256(content).hexdigest(), "size": len(content),
        "width": width, "height": height, "made_of": made_of, "at": at,
    }  # fmt: skip
    put_all(connection, _p, [row])


def withdraw(connection: Connection, unit_id: int, kind: Kind, of: str) -> bool:
    """Take it off the site for good. False where there is none."""
    found = one(connection, unit_id, kind, of)
    if found is None:
        return False
    destroyed.note(connection, destroyed.public(unit_id, kind, of, found.at))
    connection.execute(delete(_p).where(*_HERE), {"unit": unit_id, "kind": kind, "of": of})
    return True


def withdraw_again(connection: Connection, unit_id: int, kind: str, of: str, at: int) -> None:
    """What a backup brought back; not one that came later."""
    gone = delete(_p).where(*_HERE, _p.c.at == at)
    connection.execute(gone, {"unit": unit_id, "kind": kind, "of": of})


def one(connection: Connection, unit_id: int, kind: Kind, of: str) -> PublicFile | None:
    row = connection.execute(_ONE, {"unit": unit_id, "kind": kind, "of": of}).first()
    return PublicFile._make(row) if row else None


def of_units(
    connection: Connection, units: Sequence[int] | None = None
) -> dict[int, list[PublicFile]]:
    """Unit → its files, the latest first; of those units that have any. `units`: ids; None: all."""
    query = _ALL if units is None else _ALL.where(_p.c.unit_id.in_(units))
    found: dict[int, list[PublicFile]] = {}
    for row in connection.execute(query):
        found.setdefault(row[0], []).append(PublicFile._make(row[1:]))
    return found


def content(connection: Connection, unit_id: int, hash: str) -> bytes | None:
    """None where it is no more."""
    return connection.execute(_CONTENT, {"unit": unit_id, "hash": hash}).scalars().first()
