"""Files that show what people read, made by the suite: pages of docs, dialogues, digests."""

import os
from pathlib import Path

ON_PURPOSE = (
    "after a change on purpose: the same tests as SKM_REGENERATE=1, read the diff, then without it"
)


def stood_in(file: Path, now: str, begin: str = "", end: str = "") -> str:
    """What stood in a file before SKM_REGENERATE=1 put what is made now in its place: in the whole
    of it, or between the two."""
    text = file.read_text("utf-8") if file.exists() else ""
    before, _, rest = text.partition(begin) if begin else ("", "", text)
    stood, _, after = rest.partition(end) if end else (rest, "", "")
    if os.environ.get("SKM_REGENERATE"):
        file.write_text(before + begin + now + end + after, "utf-8")
    return stood
