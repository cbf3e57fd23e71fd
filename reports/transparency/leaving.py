"""Checkpoints are signed, and leave for places where nobody who holds the database has a pen: a
public channel, witnesses, and a file outside the database.

A log must sign nothing that is inconsistent with what it signed before. So before signing, the last
checkpoint that left is looked at (`kept_outside`): where the log is shorter by now, or begins
otherwise, an older copy of the database was put in its place, or somebody rewrote it. Then nothing
is signed any more under this name, and `skm doctor` and `skm verify` say so; the cure is a log of
another name (`skm keys log`), beside which the former one stands for all to see.
"""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine

from flows.operator_words import tr
from reports.transparency import tree, witnesses
from reports.transparency.appending import reader
from reports.transparency.signing import LogKey
from reports.transparency.verify_skm import Checkpoint
from reports.transparency.witnesses import Post, Witness, post
from storage.chat import outbox
from storage.database.private_files import write_private
from storage.index import transparency_log as log

AGAIN = 3_600  # seconds until a witness that was away is asked again
NAME = "checkpoints"  # of the job

WRONG = "no checkpoint is signed: the one kept of %d entries is not of these entries"

logger = logging.getLogger(__name__)


@dataclass
class Outlets:
    """Where checkpoints go. `key`: None, and none is signed; `channel`: an address, "" for none;
    `file`: outside the database, gets the newest."""

    key: LogKey | None = None
    channel: str = ""
    witnesses: tuple[Witness, ...] = ()
    file: Path | None = None
    post: Post = post
    asked: dict[str, int] = field(default_factory=dict)  # witness → when it may be asked again


def file_of(minutes: Path | None) -> Path | None:
    """Beside the file that counts the database's minutes (`storage.database.rollback_check`)."""
    if minutes is None:
        return None
    return minutes.with_name(minutes.name.removesuffix("minutes") + "checkpoint")


def kept_outside(file: Path | None) -> Checkpoint | None:
    """The last checkpoint that left; a file that is gone or damaged accuses nobody."""
    try:
        return Checkpoint.read(file.read_text("utf-8")) if file else None
    except (OSError, ValueError):
        return None


def fork(connection: Connection, sent: Checkpoint) -> str:
    """What is wrong with the log beside a checkpoint that was sent; "": nothing."""
    size = log.size(connection)
    if sent.size > size:
        return tr(
            "The log has {0:entry|entries}, and a checkpoint of {1} was signed and sent: entries "
            "are missing. An older copy of the database was put in its place, or the log was cut "
            "off.",
            size,
            sent.size,
        )
    if tree.root_at(reader(connection), sent.size) != sent.root:
        return tr(
            "The first {0:entry|entries} of the log are not those of the checkpoint that was "
            "signed and sent: the log was rewritten, or goes on from an older copy of the "
            "database.",
            sent.size,
        )
    return ""


def checkpoints(engine: Engine, now: int, outlets: Outlets) -> int:
    """Sign what is not signed yet and send the newest; the number signed."""
    if outlets.key is None:
        return 0
    signed = _signed(engine, now, outlets.key, outlets)
    _witnessed(engine, now, outlets.key, outlets)
    return signed


def _signed(engine: Engine, now: int, key: LogKey, outlets: Outlets) -> int:
    with engine.connect().execution_options(reads=True) as reading:
        newest = log.latest(reading)
        if newest is None or newest.note:
            return 0
    before = kept_outside(outlets.file)
    with engine.begin() as connection:
        log.lock(connection)
        if before and before.origin == key.public.name and (fault := fork(connection, before)):
            logger.error("no checkpoint is signed: %s", fault)
            return 0
        new = log.unsigned(connection)
        if wrong := [each for each in new if not _is_of_log(connection, each)]:
            logger.error(WRONG, wrong[0].size)
            return 0
        for each in new:
            note = key.note(each.size, each.root)
            log.write_note(connection, each.size, note)
        if new and outlets.file is not None:
            # Before it is kept as signed: after a fault it is signed anew, the same.
            write_private(outlets.file, note.encode())
        if new and outlets.channel:
            body = {"text": note}
            name = f"checkpoint:{key.public.name}:{new[-1].size}"
            outbox.put(connection, name, "notice", outlets.channel, body, now)
    return len(new)


def _is_of_log(connection: Connection, kept: log.Checkpoint) -> bool:
    """Whether the entries have that root: whoever holds the database has no pen here either."""
    within = kept.size <= log.size(connection)
    return within and tree.root_at(reader(connection), kept.size) == kept.root


def _witnessed(engine: Engine, now: int, key: LogKey, outlets: Outlets) -> None:
    """Have the newest checkpoint cosigned; one that is away is asked again later."""
    for each in outlets.witnesses:
        if now < outlets.asked.get(each.key.name, 0):
            continue
        with engine.connect().execution_options(reads=True) as reading:
            asked = witnesses.asked(reading, each, key.public)
        if asked is None:
            continue
        try:
            note = witnesses.cosigned(reader_of(engine), asked, each, outlets.post)
        except witnesses.Refused as fault:
            outlets.asked[each.key.name] = now + AGAIN
            logger.warning("the witness %s gave no cosignature: %s", each.key.name, fault)
            continue
        with engine.begin() as connection:
            log.lock(connection)
            witnesses.keep(connection, asked.size, note)


def reader_of(engine: Engine) -> tree.Read:
    """Reads the log a hash at a time, holding nothing meanwhile: what is there does not change."""

    def read(height: int, first: int, number: int) -> list[bytes]:
        with engine.connect().execution_options(reads=True) as reading:
            return log.hashes(reading, height, first, number)

    return read
