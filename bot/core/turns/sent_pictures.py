"""Pictures that people send, drawn anew before a turn begins: a turn is given a PNG, or what is
wrong with what was sent. One is drawn at a time, by a process of its own.

It is kept as a table of one cell would be (`storage.office.sent_files`), until it is made use of.
"""

import asyncio
from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor

from flows.engine.form import Line
from reports.printed.redrawing import MOST_BYTES, PictureRefused, redrawn_apart
from storage.files.spreadsheet import Sheets

_CELL = "picture"

_drawers = ThreadPoolExecutor(1, "pictures")


async def read(content: bytes) -> Sheets | Line:
    """For `flows.engine.events.Attached.table`."""
    loop = asyncio.get_running_loop()
    try:
        png = await loop.run_in_executor(_drawers, redrawn_apart, content, "logo")
    except PictureRefused as refused:
        return Line(f"picture.{refused.why}", {"most": MOST_BYTES["logo"] // 1_000_000})
    return {_CELL: [[b64encode(png).decode()]]}


def picture_in(sheets: Sheets) -> bytes | None:
    """None: it is a table."""
    return b64decode(sheets[_CELL][0][0]) if _CELL in sheets else None
