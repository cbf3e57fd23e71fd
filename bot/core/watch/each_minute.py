"""Once a minute, by a clock that only rises: is the time right, is this still the same database,
does the scheduler go on."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from bot.core.sending.post import AWAY
from bot.core.watch.clock_check import RightTime, time_at
from bot.core.watch.outage import Outage
from bot.schedule import EVERY, wake
from storage.database import rollback_check
from storage.database.database_url import DatabaseUnfit

RESTORED = "{} Nothing is sent until you say that this is meant: skm db restored"


async def each_minute(
    engine: Engine,
    jobs: BackgroundScheduler,
    right: RightTime,
    outage: Outage,
    urls: Sequence[str],
    file: Path | None,
) -> None:
    """Until cancelled. `urls`: of platforms that say what time it is; where there is none,
    this machine's clock is believed. `file`: `storage.database.rollback_check`. Raises
    DatabaseUnfit where another copy of the database is in its place."""
    kept = of_file(file)
    while True:
        was_right = right.is_right()
        await _compare(right, urls)
        wake(jobs, all_of_them=right.is_right() and not was_right)
        await asyncio.to_thread(_mark, engine, outage, file, kept)
        await asyncio.sleep(EVERY)


def of_file(file: Path | None) -> Outage:
    """Of the file in which it is kept how far the database has come."""
    return Outage(str(file), "set SKM_STATE_DIR")


async def _compare(right: RightTime, urls: Sequence[str]) -> None:
    for url in urls:
        if (now := await time_at(url)) is not None:
            right.compared(now)
            return
    if not urls:
        right.compared(time.time())


def _mark(engine: Engine, outage: Outage, file: Path | None, kept: Outage) -> None:
    try:
        with engine.begin() as connection:
            content = rollback_check.rise(connection, file)
        rollback_check.keep(file, content)
        kept.worked()
    except rollback_check.Restored as fault:
        raise DatabaseUnfit(RESTORED.format(fault)) from None
    except AWAY as fault:
        outage.failed(fault)
    except OSError as fault:
        kept.failed(str(fault.strerror))


def require_newest(engine: Engine, file: Path | None) -> None:
    """Raises DatabaseUnfit where an older copy of the database is in its place."""
    with engine.connect().execution_options(reads=True) as connection:
        try:
            rollback_check.require_newest(connection, file)
        except rollback_check.Restored as fault:
            raise DatabaseUnfit(RESTORED.format(fault)) from None
