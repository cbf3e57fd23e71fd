"""Answers from paper or an online form become responses: a whole file, once, or nothing of it.

They count in the index as every response does and stand beside it as "imported". Nobody is known
who gave them, so no voice is counted; no time of day is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import Connection

from flows.engine.form import Line
from flows.instrument import Questionnaire
from reports.incoming.drafts import Filed, Incoming
from storage import questionnaires
from storage.answers import imports, responses, staged
from storage.files.response_file import AnswersRefused
from storage.index import closed_periods
from storage.vault import Random

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Imported:
    """`new` responses; `known`: rows imported before, by their id; `before`: the Unix time at
    which this very file was, None if never."""

    new: int
    known: int = 0
    before: int | None = None


def stage(
    connection: Connection,
    filed: Filed,
    read: Incoming,
    random: Random,
    advance: Callable[[int], None] = lambda rows: None,
) -> None:
    """Make rows of a file's answers where only this connection sees them, which takes some seconds;
    `keep` moves them at once. On SQLite call it in a transaction that `reads`: citizens write."""
    staged.make(connection)
    for begin in range(0, len(read.drafts), BATCH):
        batch = read.drafts[begin : begin + BATCH]
        rows = responses.rows_of(filed.unit, [draft for _, draft in batch], random)
        keyed = zip(rows, batch, strict=True)
        staged.add(connection, [{**row, "key": key} for row, (key, _) in keyed])
        advance(len(batch))


def keep(
    connection: Connection,
    filed: Filed,
    file: str,
    read: Incoming,
    at: int,
    compared: AbstractSet[str] | None = None,
) -> Imported:
    """Keep what was staged of a file; call in a transaction. `file`: its key; `at`: now, Unix
    seconds; `compared`: keys of the files whose rows these are not.

    Raises AnswersRefused where a period became final since `filed`, or another file was imported
    since its rows were compared (`reports.incoming.repeats`).
    """
    unit = filed.unit
    closed_periods.lock(connection, unit.id)
    before = imports.take_file(connection, unit.id, file, at)
    if before is not None:
        return Imported(0, before=before)
    if list(filed.final) != closed_periods.final_periods(connection, unit.id, filed.instrument.id):
        raise AnswersRefused(Line("file.final.meanwhile", {"unit": unit.code}))
    if compared is not None and imports.taken_files(connection, unit.id) - {file} != compared:
        raise AnswersRefused(Line("file.meanwhile", {"unit": unit.code}))
    questionnaires.keep(connection, Questionnaire(filed.instrument.id))
    new = staged.keep(connection, unit.id, imports.id_of(file), at)
    return Imported(new, len(read.drafts) - new)
