"""The scheduled jobs: APScheduler, in memory, every minute "what is due and has no row yet?"."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from reports.due import JOBS
from reports.fold import fold

EVERY = 60  # seconds

log = logging.getLogger(__name__)


def scheduler(engine: Engine, clock: Callable[[], int]) -> BackgroundScheduler:
    """Not started yet. One thread: the jobs go one after the other, the first ones at once."""
    # Missed runs fall together into one, however late: a job asks for what is due, not what was.
    jobs = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        timezone=UTC,
    )
    every_job: dict[str, Callable[[Engine, int], int]] = {"fold": _fold, **JOBS}
    for name, job in every_job.items():
        jobs.add_job(
            _run,
            "interval",
            args=(name, job, engine, clock),
            id=name,
            seconds=EVERY,
            next_run_time=datetime.now(UTC),
        )
    return jobs


def _fold(engine: Engine, now: int) -> int:
    return fold(engine)


def _run(
    name: str, job: Callable[[Engine, int], int], engine: Engine, clock: Callable[[], int]
) -> None:
    done = job(engine, clock())
    if done:
        log.info("%s: %d", name, done)
