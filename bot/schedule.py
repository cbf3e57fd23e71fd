"""The scheduled jobs: APScheduler, in memory, every minute "what is due and has no row yet?"."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from bot.core.sending.post import AWAY
from bot.core.watch import metrics
from bot.core.watch.outage import Outage
from reports.jobs.due import JOBS
from reports.jobs.retention import NAME, Keep, retention
from reports.stored.fold import fold
from reports.transparency import leaving
from reports.transparency.leaving import Outlets

EVERY = 60  # seconds

log = logging.getLogger(__name__)


def scheduler(
    engine: Engine,
    clock: Callable[[], int],
    is_right: Callable[[], bool] = lambda: True,
    outage: Outage | None = None,
    keep: Keep | None = None,
    outlets: Outlets | None = None,
) -> BackgroundScheduler:
    """Not started yet. One thread: the jobs go one after the other, the first ones at once.

    While the clock is not right nothing is asked that depends on the time: what was done too early
    could not be undone, what waits is done later.
    """
    # Missed runs fall together into one, however late: a job asks for what is due, not what was.
    jobs = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        timezone=UTC,
    )
    told = outage or Outage()

    def run(name: str, job: Callable[[Engine, int], int]) -> None:
        if job is not _fold and not is_right():
            return
        outcome = "failed"
        try:
            with metrics.JOB.labels(name).time():
                done = job(engine, clock())
            outcome = "done"
        except AWAY as fault:
            outcome = "away"
            told.failed(fault)
            return
        finally:
            metrics.JOBS.labels(name, outcome).inc()
        metrics.JOB_DONE.labels(name).inc(done)
        if done:
            log.info("%s: %d", name, done)

    every_job: dict[str, Callable[[Engine, int], int]] = {"fold": _fold, **JOBS}
    every_job[NAME] = partial(retention, keep=keep or Keep())
    every_job[leaving.NAME] = partial(leaving.checkpoints, outlets=outlets or Outlets())
    for name, job in every_job.items():
        jobs.add_job(
            run,
            "interval",
            args=(name, job),
            id=name,
            seconds=EVERY,
            next_run_time=datetime.now(UTC),
        )
    return jobs


def wake(jobs: BackgroundScheduler, *, all_of_them: bool = False) -> None:
    """Let those run now that would wait for longer than they ever should: APScheduler goes by the
    machine's clock, and that was put back."""
    now = datetime.now(UTC)
    for job in jobs.get_jobs():
        if all_of_them or job.next_run_time > now + timedelta(seconds=EVERY):
            job.modify(next_run_time=now)


def _fold(engine: Engine, now: int) -> int:
    return fold(engine)
