"""What the log kept of a change, in words: a field's value before and after."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from bot.core.pseudonyms import name_of
from flows.engine.form import Line, cut
from flows.engine.say import Words
from flows.formats import day_line
from flows.loader import SKM, element_line, items_of
from storage.office.audit import Entry

LONGEST = 100  # characters of one value
HIDDEN = {"id"}  # for machines
FIRST = "role"  # stands before whose it is
PEOPLE = {"of", "by"}  # pseudonyms
# Fields whose values have words of their own in the catalogues.
WORDS: Mapping[str, str] = {
    "role": "role.name.{}",
    "status": "follow_up.status.{}",
    "media": "announce.medium.{}",
    "rhythm": "briefing.rhythm.{}",
    "weekday": "briefing.weekday.{}",
    "muted": "alert.kind.{}",
    "proof": "proof.{}",
    "paper": "signing.what.{}",
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


def changes(entry: Entry, words: Words) -> Iterator[str]:
    """What it was and became, one field at a time; of what is new or gone, just what it is."""
    before, after = entry.before or {}, entry.after or {}
    day = datetime.fromtimestamp(entry.at, UTC).date()
    for name in sorted({*before, *after} - HIDDEN, key=lambda name: (name != FIRST, name)):
        old, new = (value(said.get(name), name, words, day) for said in (before, after))
        if old != new:
            changed = name in before and name in after
            yield f"{old or '–'} → {new or '–'}" if changed else old or new


def value(kept: Any, name: str, words: Words, day: date) -> str:
    """`day`: on which it was noted."""
    if kept is None or kept == "":
        return ""
    if isinstance(kept, list):
        return ", ".join(value(each, name, words, day) for each in kept)
    if isinstance(kept, Mapping):
        return ", ".join(f"{key}: {kept[key]}" for key in sorted(kept))
    if name in PEOPLE:
        return name_of(str(kept))
    if name == "invited_by":
        return words.line(Line("log.invited_by", {"who": name_of(str(kept))}))
    if name == "element" and kept in items_of(SKM):
        return words.line(element_line(kept, day))
    for key in (WORDS.get(name, "").format(kept), f"log.value.{name}"):
        if key in words.texts:
            return words.line(Line(key, {"value": kept}))
    return _plain(str(kept), words)


def _plain(text: str, words: Words) -> str:
    text = " ".join(text.split())
    if _DAY.match(text):
        return words.line(day_line(date.fromisoformat(text)))
    return cut(text, LONGEST)
