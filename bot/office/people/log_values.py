"""What the log kept of a change, in words: a field's value before and after."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flows.engine.form import Line, cut
from flows.engine.say import Words
from flows.formats import day_line, period_line
from flows.loader import element_line, ids_of, skm_items
from storage.office.audit import Entry

LONGEST = 100  # characters of one value
HIDDEN = {"id"}  # for machines
JOIN = "join"  # where a function stands beside its person
FIRST = "role"  # stands before whose it is
PEOPLE = {"of", "by", "invited_by"}  # pseudonyms
# What changed is named as in the console ("500 → 600" alone would say little), but for these: the
# console calls something else by their names, or their value begins with it.
UNNAMED = {"kind", "period", "proof"}
# Fields whose values have words of their own in the catalogues.
WORDS: Mapping[str, str] = {
    "role": "role.name.{}",
    "period": "period.kind.{}",
    "status": "follow_up.status.{}",
    "media": "announce.medium.{}",
    "rhythm": "briefing.rhythm.{}",
    "weekday": "briefing.weekday.{}",
    "muted": "alert.kind.{}",
    "proof": "proof.{}",
    "photo": "proof.log.{}",
    "report": "report.public.log.{}",
    "paper": "signing.what.{}",
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


def people(entries: Iterable[Entry]) -> set[str]:
    """The pseudonyms of all who are told of."""
    said = [each for entry in entries for each in (entry.before or {}, entry.after or {})]
    of = {str(each[name]) for each in said for name in PEOPLE & each.keys()}
    return of | {entry.by for entry in entries}


def changes(entry: Entry, words: Words, called: Mapping[str, str]) -> Iterator[str]:
    """What it was and became, one field at a time; of what is new or gone, just what it is.
    `called`: names of `people`."""
    before, after = entry.before or {}, entry.after or {}
    read = _Read(words, called, datetime.fromtimestamp(entry.at, UTC).date())
    hidden = {*HIDDEN, "function"} if entry.action == JOIN else HIDDEN
    for name in sorted({*before, *after} - hidden, key=lambda name: (name != FIRST, name)):
        old, new = (read.value(said.get(name), name) for said in (before, after))
        if old != new:
            changed = name in before and name in after
            named = _named(name, words) if changed else ""
            yield named + (f"{old or '–'} → {new or '–'}" if changed else old or new)


def _named(name: str, words: Words) -> str:
    key = f"console.field.{name}"
    return f"{words.line(Line(key))}: " if key in words.texts and name not in UNNAMED else ""


@dataclass(frozen=True, slots=True)
class _Read:
    words: Words
    called: Mapping[str, str]
    day: date  # on which it was noted

    def value(self, kept: Any, name: str) -> str:
        if kept is None or kept == "":
            return ""
        if isinstance(kept, list):
            return ", ".join(self.value(each, name) for each in kept)
        if isinstance(kept, Mapping):
            return self._of_mapping(kept)
        if name == "invited_by":
            return self.words.line(Line("log.invited_by", {"who": self.called[str(kept)]}))
        if name in PEOPLE:
            return self.called[str(kept)]
        known = self._known(str(kept), name)
        return self.words.line(known) if known else cut(str(kept), LONGEST)

    def _of_mapping(self, kept: Mapping[str, Any]) -> str:
        """A service, or how many in a period."""
        if "label" in kept:
            return cut(str(kept["label"]), LONGEST)
        return ", ".join(f"{self.value(key, 'period')}: {kept[key]}" for key in sorted(kept))

    def _known(self, kept: str, name: str) -> Line | None:
        """What has words of its own."""
        if name == "element" and kept in skm_items():
            return element_line(kept, self.day)
        titles = [f"{id}.title" for id in (*ids_of(kept), kept)] if name == "survey" else []
        for key in (*titles, WORDS.get(name, "").format(kept), f"log.value.{name}"):
            if key in self.words.texts:
                return Line(key, {"value": kept})
        if name == "period":
            return period_line(kept)
        return day_line(date.fromisoformat(kept)) if _DAY.match(kept) else None
