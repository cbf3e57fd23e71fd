"""Answers from paper or an online form become responses: a whole file, once.

A file with a fault is refused whole. A long one comes in parts, between which citizens write; what
a process left that ended meanwhile is said, and taken out by the next import of the file.

They count in the index as every response does and stand beside it as "imported". Nobody is known
who gave them, so no voice is counted; no time of day is kept.
"""

import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from sqlalchemy import Connection

from flows.engine.form import Line
from flows.instrument import Questionnaire
from reports.incoming.drafts import Filed, Incoming
from reports.stored.amending import undo_part
from storage import questionnaires
from storage.answers import imports, responses, staged
from storage.files.response_file import AnswersRefused
from storage.index import closed_periods
from storage.vault import Random

BATCH = 2_000
# Seconds between two parts of a file: SQLite looks again each 0.1 s at the longest, so that whoever
# waits to write gets in.
PAUSE = 0.12


@dataclass(frozen=True, slots=True)
class Imported:
    """`new` responses; `known`: rows imported before, by their id; `before`: the Unix time at
    which this very file was, None if never."""

    new: int
    known: int = 0
    before: int | None = None


def let_write() -> None:
    """Between two parts: who waits to write is let in before the next."""
    time.sleep(PAUSE)


def stage(
    connection: Connection,
    filed: Filed,
    read: Incoming,
    random: Random,
    advance: Callable[[int], None] = lambda rows: None,
) -> None:
    """Make rows of a file's answers where only this connection sees them, which takes some seconds;
    `keep` moves them. In the transaction that is open, or one of its own; on SQLite it `reads`:
    citizens write."""
    with _part(connection):
        staged.make(connection)
        for begin in range(0, len(read.drafts), BATCH):
            batch = read.drafts[begin : begin + BATCH]
            rows = responses.rows_of(filed.unit, [draft for _, draft in batch], random)
            numbered = enumerate(zip(rows, batch, strict=True), begin)
            staged.add(
                connection,
                [{**row, "place": place, "key": key} for place, (row, (key, _)) in numbered],
            )
            advance(len(batch))


def keep(
    connection: Connection,
    filed: Filed,
    file: str,
    read: Incoming,
    at: int,
    mark: str,
    compared: AbstractSet[str] | None = None,
    also: Callable[[Connection, Imported], None] = lambda connection, done: None,
    pause: Callable[[], None] = lambda: None,
) -> Imported:
    """Keep what was staged of a file, each part in a transaction of its own; all of it in the one
    that is open, if one is.

    `file`: its key. `at`: now, Unix seconds. `mark`: a random text of this import's own.
    `compared`: keys of the files whose rows these are not. `also`: what is done with the last part.
    `pause`: called between two parts, so that citizens write.

    What a process that ended left of the file is taken out first. Raises AnswersRefused where a
    period became final since `filed`, another file was imported since its rows were compared
    (`reports.incoming.repeats`), or another import of the same file began: what is in stays and is
    said by `skm import undo`, which takes it out.
    """
    new, places = 0, range(len(read.drafts))
    connection.execution_options(reads=False)
    take_out(connection, filed.unit.id, imports.id_of(file), pause)
    for begin in range(0, max(len(places), 1), BATCH):
        if begin:
            pause()
        with _part(connection):
            part = places[begin : begin + BATCH]
            done = _keep_part(connection, filed, file, read, at, mark, part, compared)
            if done.before is not None:
                return done
            new += done.new
            if begin + BATCH >= len(places):
                also(connection, Imported(new, len(places) - new))
    return Imported(new, len(places) - new)


def _keep_part(
    connection: Connection,
    filed: Filed,
    file: str,
    read: Incoming,
    at: int,
    mark: str,
    part: range,
    compared: AbstractSet[str] | None,
) -> Imported:
    """The rows at these places, the first part first. Raises as `keep`."""
    unit, id = filed.unit, imports.id_of(file)
    closed_periods.lock(connection, unit.id)
    _require_same(connection, filed, file, compared)
    if not part.start:
        before = imports.take_file(connection, unit.id, file, at, mark)
        if before is not None:
            return Imported(0, before=before)
        questionnaires.keep(connection, Questionnaire(filed.instrument.id))
    if not imports.is_mine(connection, unit.id, id, mark):
        raise AnswersRefused(Line("file.another", {"unit": unit.code}))
    new = staged.keep(connection, unit.id, id, part, at)
    if part.stop >= len(read.drafts):
        imports.is_whole(connection, unit.id, id)
    return Imported(new, len(part) - new)


def would_keep(connection: Connection, filed: Filed, read: Incoming) -> Imported:
    """What `keep` would say of what was staged, keeping nothing."""
    new = staged.new(connection, filed.unit.id)
    return Imported(new, len(read.drafts) - new)


def undo(
    connection: Connection,
    unit_id: int,
    id: str,
    also: Callable[[Connection, int], None],
    pause: Callable[[], None],
) -> int:
    """Erase what came from a file, in such transactions as `keep`; the number of responses. `also`:
    what is done in the last of them."""
    number = 0
    connection.execution_options(reads=False)
    while True:
        with _part(connection):
            erased = undo_part(connection, unit_id, id)
            number += erased
            if not erased:
                also(connection, number)
                return number
        pause()


def take_out(connection: Connection, unit_id: int, id: str, pause: Callable[[], None]) -> None:
    """What is in of a file that was cut off."""
    with _part(connection):
        left = imports.is_cut_off(connection, unit_id, id)
    while left:
        with _part(connection):
            left = undo_part(connection, unit_id, id, is_final=False) > 0
        pause()


def _part(connection: Connection) -> AbstractContextManager[object]:
    return nullcontext() if connection.in_transaction() else connection.begin()


def _require_same(
    connection: Connection, filed: Filed, file: str, compared: AbstractSet[str] | None
) -> None:
    """Before anything is kept: who is refused leaves nothing behind."""
    unit = filed.unit
    others = imports.taken_files(connection, unit.id) - {file}
    if compared is not None and others != compared - {file}:
        raise AnswersRefused(Line("file.meanwhile", {"unit": unit.code}))
    if list(filed.final) != closed_periods.final_periods(connection, unit.id, filed.instrument.id):
        raise AnswersRefused(Line("file.final.meanwhile", {"unit": unit.code}))
