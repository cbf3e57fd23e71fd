"""What it costs to write the public site of 30,000 units of eight quarters, to write it again, and
after one new sheet. `python -m tests.bench.site [UNITS]`; needs 12 GB of disk and some minutes.

Sheets are real ones under many heads (`tests.support.published_nation`); there are no rows of
answers, so anonymous rows are left out. Processor time is that of all processes.
"""

import asyncio
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import Engine

from bot.web.site import PublicSite
from reports.site import folder
from reports.site.writing import Done, Plan, write
from storage.database.connect import migrate
from tests.support.end_to_end import free_port
from tests.support.offices import office
from tests.support.published_nation import PERIODS, nation, published, sample_contents
from tests.support.skm_process import READY, environment, forked
from tests.support.waiting import PATIENCE, until

UNITS = 30_000
READERS, SECONDS, ASKED = 32, 10, 200  # at once; of one measurement; different pages
NGINX = """
error_log stderr crit;
pid {folder}/nginx.pid;
worker_processes {workers};
events {{ worker_connections 1024; }}
http {{
    types {{ text/html html; }}
    access_log off;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=10000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""
ASK = """
local paths = {{{paths}}}
local at = 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""
AT = 1_801_000_000  # in January 2027
DAY = 86_400


def show(path: Path, number: int = UNITS, seconds: int = SECONDS) -> None:
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
        for line in _beside_nginx(url, path, _unit_pages(engine, plan), seconds):
            print(f"  {line}", flush=True)


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
    paths = _unit_pages(engine, plan)
    for label in ("made and served, a second", "served again, a second"):
        with _measured() as spent:
            assert all(site.page(path) for path in paths)
        print(f"  {label:<32}{len(paths) / spent[0]:>9,.0f}")


def _unit_pages(engine: Engine, plan: Plan) -> list[str]:
    units = PublicSite(engine, plan, lambda: AT + DAY)._current().site.catalogue.units.values()
    return [f"unit/{unit.code}/index.html" for unit in islice(units, ASKED)]


def _beside_nginx(url: str, folder: Path, paths: list[str], seconds: int) -> Iterator[str]:
    """Pages a second over HTTP, each already made: of `skm run`, and of nginx with the same files
    and one worker, asked by wrk with one thread."""
    nginx, wrk = shutil.which("nginx"), shutil.which("wrk")
    if nginx is None or wrk is None:
        yield "over HTTP beside nginx: not measured, nginx and wrk are not installed"
        return
    ask = folder / "ask.lua"
    ask.write_text(ASK.format(paths=", ".join(f'"/{path}"' for path in paths)))

    def asked(port: int, seconds: int) -> float:
        where = f"http://127.0.0.1:{port}"
        httpx.get(f"{where}/{paths[0]}", timeout=PATIENCE)  # a nation is read once, for seconds
        load = [wrk, "-t1", f"-c{READERS}", f"-d{seconds}s", "-s", str(ask), where]
        said = subprocess.run(load, check=True, capture_output=True, text=True).stdout
        assert "Non-2xx" not in said, said
        found = re.search(r"Requests/sec: +([\d.]+)", said)
        assert found, said
        return float(found[1])

    port = free_port()
    env = environment(url, channels="web", http_port=str(port))
    with forked("run", env=env, folder=folder) as running:
        asyncio.run(until(lambda: READY in running.said))
        asked(port, 1)
        ours = asked(port, seconds)
    port, settings = free_port(), folder / "nginx.conf"
    own = NGINX.format(folder=folder, port=port, root=folder / "site", workers=1)
    settings.write_text(("user root;" if os.geteuid() == 0 else "") + own)
    server = subprocess.Popen([nginx, "-p", folder, "-c", settings, "-g", "daemon off;"])
    try:
        asyncio.run(until((folder / "nginx.pid").exists))
        asked(port, 1)
        theirs = asked(port, seconds)
    finally:
        server.terminate()
        server.wait(PATIENCE)
    yield f"{'over HTTP, pages a second':<32}{ours:>9,.0f}"
    yield f"{'nginx, the same files':<32}{theirs:>9,.0f}{ours / theirs:>13.2f} of it"


if __name__ == "__main__":
    with TemporaryDirectory(prefix="skm-site-") as made:
        show(Path(made), *map(int, sys.argv[1:]))
