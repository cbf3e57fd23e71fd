"""How a unit's tables of answers are read, by their headers: what was said once is known again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from storage.database.upsert import put_all, table_of
from storage.files.likeness import plain
from storage.index_tables import TableReading

_t = table_of(TableReading)


def header_key(header: Sequence[str]) -> str:
    """The same for the same headings, however they are spelled and spaced."""
    text = json.dumps([plain(heading) for heading in header], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def of_unit(connection: Connection, unit_id: int) -> dict[str, Mapping[str, Any]]:
    """`header_key` → what was said of it: "mapped", "blanks", "degrees", "order", "days"."""
    rows = connection.execute(select(_t.c.header, _t.c.said).where(_t.c.unit_id == unit_id))
    return {row.header: json.loads(row.said) for row in rows}


def keep(connection: Connection, unit_id: int, header: str, said: Mapping[str, Any]) -> None:
    """In place of what was said before of such a header."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    put_all(connection, _t, [{"unit_id": unit_id, "header": header, "said": text}])
