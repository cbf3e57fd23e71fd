"""Pictures that people send, drawn anew before a turn begins: a turn is given ours, or what is
wrong with what was sent. One is drawn at a time, by a process of its own.

It is kept as a table of one cell would be (`storage.office.sent_files`), until it is made use of.
"""

import asyncio
from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection

from flows.engine.form import Brought, Line
from reports.printed.redrawing import MOST_BYTES, PictureRefused, What, redrawn_apart
from storage.files.spreadsheet import Sheets
from storage.office import sent_files

_CELL = "picture"
_SAID = {("public", "kind"): "photo", ("public", "broken"): "photo"}  # to a photo, no PNG helps

_drawers = ThreadPoolExecutor(1, "pictures")


async def read(content: bytes, brought: Brought = "picture") -> Sheets | Line:
    """For `flows.engine.events.Attached.table`."""
    what: What = "public" if brought == "public" else "logo"
    loop = asyncio.get_running_loop()
    try:
        ours = await loop.run_in_executor(_drawers, redrawn_apart, content, what)
    except PictureRefused as refused:
        most = MOST_BYTES[what] // 1_000_000
        return Line(f"picture.{_SAID.get((what, refused.why), refused.why)}", {"most": most})
    return {_CELL: [[b64encode(ours).decode()]]}


def kept(connection: Connection, address: str, file: str) -> bytes | None:
    """As it was drawn anew; None: it is no more, or another was sent since."""
    sheets = sent_files.sheets(connection, address, file)
    return picture_in(sheets) if sheets else None


def picture_in(sheets: Sheets) -> bytes | None:
    """None: it is a table."""
    return b64decode(sheets[_CELL][0][0]) if _CELL in sheets else None
