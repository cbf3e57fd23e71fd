"""Answers from paper or an online form become responses: a whole file, once, or nothing of it.

They count in the index as every response does and stand beside it as "imported". Nobody is known
who gave them, so no voice is counted; no time of day is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from flows.instrument import Questionnaire
from reports.incoming import Filed, Incoming
from storage import final, imports, questionnaires, responses
from storage.files.response_file import AnswersRefused
from storage.vault import Random

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Imported:
    """`new` responses; `known`: rows imported before, by their id; `before`: the Unix time at
    which this very file was, None if never."""

    new: int
    known: int = 0
    before: int | None = None


def keep(
    connection: Connection,
    filed: Filed,
    file: str,
    read: Incoming,
    random: Random,
    at: int,
    advance: Callable[[int], None] = lambda rows: None,
) -> Imported:
    """Keep what a file says; call in a transaction. `file`: its key; `at`: now, Unix seconds.

    Raises AnswersRefused where a period became final since `filed`.
    """
    unit = filed.unit
    final.lock(connection, unit.id)
    before = imports.take_file(connection, unit.id, file, at)
    if before is not None:
        return Imported(0, before=before)
    if list(filed.final) != final.final_periods(connection, unit.id, filed.instrument.id):
        raise AnswersRefused(f"A period of {unit.code} was published meanwhile; import again.")
    fresh = imports.take_rows(connection, unit.id, [key for key, _ in read.drafts if key], at)
    drafts = [draft for key, draft in read.drafts if not key or key in fresh]
    questionnaires.keep(connection, Questionnaire(filed.instrument.id))
    for begin in range(0, len(drafts), BATCH):
        batch = drafts[begin : begin + BATCH]
        responses.keep_all(connection, unit, batch, random)
        advance(len(batch))
    return Imported(len(drafts), len(read.drafts) - len(drafts))
