"""What it costs to write the public site of 30,000 units of eight quarters, to write it again, and
after one new sheet. `python -m tests.bench.site [UNITS]`; needs 12 GB of disk and some minutes.

Sheets are real ones under many heads (`tests.support.published_nation`); there are no rows of
answers, so anonymous rows are left out. Processor time is that of all processes.
"""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from bot.web.site import PublicSite
from reports.site import folder
from reports.site.writing import Done, Plan, write
from storage.database.connect import migrate
from tests.support.offices import office
from tests.support.published_nation import PERIODS, nation, published, sample_contents

UNITS = 30_000
AT = 1_801_000_000  # in January 2027
DAY = 86_400


def show(path: Path, number: int = UNITS) -> None:
    url = f"sqlite:///{path / 'skm.db'}"
    migrate(url)
    contents = sample_contents()
    with office(url, *nation(number)) as engine:
        published(engine, contents, PERIODS[:-1])
        published(engine, contents, PERIODS[-1:], units=number - 1)
        plan = Plan(url, "https://skm.contoh.go.id", rows=False, processes=_processes())
        cores = f"{plan.processes} processes, load {os.getloadavg()[0]:.1f}"
        print(f"The site of {number:,} units, {len(PERIODS)} quarters ({cores})")
        print(f"{'':<34}{'wall s':>9}{'processor s':>13}{'files':>11}")
        out = path / "site"
        _line("written", lambda: _write(engine, out, plan, AT))
        _line("again: nothing new", lambda: _write(engine, out, plan, AT))
        published(engine, contents, PERIODS[-1:], units=1, at=AT)
        _line("after one new sheet", lambda: _write(engine, out, plan, AT))
        _line("the day after: ranked anew", lambda: _write(engine, out, plan, AT + DAY))
        _served(engine, plan)


def _processes() -> int:
    return len(os.sched_getaffinity(0))


def _write(engine: Engine, out: Path, plan: Plan, at: int) -> Done:
    with folder.opened(out) as opened:
        return write(engine, opened, plan, at)


def _line(label: str, work: Callable[[], Done]) -> None:
    with _measured() as spent:
        done = work()
    wall, processor = spent
    print(f"  {label:<32}{wall:>9.1f}{processor:>13.1f}{done.files:>11,}", flush=True)


@contextmanager
def _measured() -> Iterator[list[float]]:
    spent: list[float] = []
    wall, processor = time.perf_counter(), _processor()
    yield spent
    spent += [time.perf_counter() - wall, _processor() - processor]


def _processor() -> float:
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _served(engine: Engine, plan: Plan) -> None:
    """Pages made for who asks `skm serve`: none was asked for before; then all of them again."""
    site = PublicSite(engine, plan, lambda: AT + DAY)
    site.page("index.html")
    codes = [unit.code for unit in site._current().site.catalogue.units.values()][:200]
    paths = [f"unit/{code}/index.html" for code in codes]
    for label in ("made and served, a second", "served again, a second"):
        with _measured() as spent:
            assert all(site.page(path) for path in paths)
        print(f"  {label:<32}{len(paths) / spent[0]:>9,.0f}")


if __name__ == "__main__":
    with TemporaryDirectory(prefix="skm-site-") as made:
        show(Path(made), *map(int, sys.argv[1:]))
