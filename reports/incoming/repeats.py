"""Rows of a file that were imported before, in another file: the same download with more rows, or
in another order.

Theory. Rows without an id of their own are known by what they say, within unit, service and day.
Two people may say the same, and most do where a unit is good; so a row is seen again only as often
as it was imported, and somebody says whether those are the same people. An id that differs says
that they are not.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from reports.incoming.drafts import Filed, Incoming
from reports.incoming.preview import day_answered
from storage.answers import imports


@dataclass(frozen=True, slots=True)
class Repeats:
    """`places` in `Incoming.drafts`; `files`: when those files were imported (Unix seconds) → how
    many of the rows. `compared`: the keys of the files that there were."""

    places: frozenset[int]
    files: Mapping[int, int]
    compared: frozenset[str]


def repeats(connection: Connection, filed: Filed, read: Incoming) -> Repeats:
    taken = {file.id: file.at for file in imports.files(connection, filed.unit.id)}
    compared = frozenset(imports.taken_files(connection, filed.unit.id))
    days = [day_answered(draft) for _, draft in read.drafts]
    if not days or not taken:
        return Repeats(frozenset(), {}, compared)
    seen = imports.alike(connection, filed.unit.id, filed.instrument.id, min(days), max(days))
    places, files = set[int](), Counter[int]()
    for place, (key, draft) in enumerate(read.drafts):
        left = seen.get(imports.content(draft.service, day_answered(draft), draft.answers))
        if not key and left:
            file = next(iter(left))
            left[file] -= 1
            if not left[file]:
                del left[file]
            places.add(place)
            files[taken.get(file, 0)] += 1
    return Repeats(frozenset(places), files, compared)


def without(read: Incoming, repeats: Repeats) -> Incoming:
    """What is left to be imported."""
    drafts = [each for place, each in enumerate(read.drafts) if place not in repeats.places]
    return replace(read, drafts=drafts)
