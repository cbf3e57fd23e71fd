"""The console in a real browser: an agency that answers, publishes and plans, and its admin."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

from sqlalchemy import Connection, Engine
from starlette.applications import Starlette

from bot.channels.telegram.links import links
from bot.web.console.app import mount
from bot.web.listening import listen
from bot.web.serving import server
from reports.stored.fold import fold
from storage.office import follow_ups
from storage.office.follow_ups import Plan
from storage.periods import local_date, period_of
from tests.support.browser import AGENCY, HERE, Browser
from tests.support.chromium import Chromium, chromium
from tests.support.fake_channel import Clock
from tests.support.offices import NOON, VAULT, Chance, office, unit_of, unit_row
from tests.support.publishing import answered, closed, show_week, whole_weeks

STOPPING = 5  # seconds
WEEK, WEEKS = 7 * 86_400, 10
PLEASED = (3, 3, 4, 3, 3, 4, 3, 2, 4)  # about, of an answer
ENTER = "document.querySelector('button').click()"


@contextmanager
def console(url: str, folder: Path, *names: str) -> Iterator[tuple[Chromium, str]]:
    """Somebody who has entered, and where the console is; the agency's units are called `names`."""
    rows = [unit_row(f"U-{place}", agency=AGENCY, population=400) for place, _ in enumerate(names)]
    for row, name in zip(rows, names, strict=True):
        row |= {"name": name, "folded_name": name.casefold()}
    with office(url, *rows) as engine:
        for row in rows[:-1]:
            _lived(engine, row["code"])
        fold(engine)
        with _served(engine) as (at, link), chromium(folder) as tab:
            tab.look(1366, 900)
            tab.open(link)
            tab.events.clear()
            tab.do(ENTER)
            tab.until("Page.loadEventFired")
            yield tab, at


def _lived(engine: Engine, code: str) -> None:
    random = Random(code)

    def answer(connection: Connection, number: int, first: int) -> None:
        for place in range(number):
            values = [min(4, max(1, each + random.choice((-1, 0, 0, 1)))) for each in PLEASED]
            answered(connection, code, 1, first + 600 * place, values=values)

    with engine.begin() as connection, whole_weeks():
        answer(connection, 200, NOON - 15 * WEEK)
        closed(connection, code, "2026-Q3", NOON)
        for week in range(WEEKS, 0, -1):
            at = NOON - week * WEEK
            answer(connection, 9 + random.randrange(20), at)
            show_week(connection, code, period_of("week", local_date(at, "WIB")).name)
        plan = Plan("cost", "Loket pembayaran kedua", date(2026, 11, 12), "Kasi")
        unit = unit_of(connection, code)
        follow_ups.keep(connection, unit.id, plan, date(2026, 10, 1), NOON, "abc")


@contextmanager
def _served(engine: Engine) -> Iterator[tuple[str, str]]:
    """Where it is, and the admin's link."""
    app, clock, listening = Starlette(), Clock(), listen("127.0.0.1", 0)
    mount(app, engine, VAULT, clock, Chance(7), secure=False, links=links("skm_bot"))
    nobody: Any = None
    admin = Browser(engine, nobody, clock)
    admin.give("admin", AGENCY)
    here = f"http://localhost:{listening.getsockname()[1]}"
    web = server(app, STOPPING)
    thread = Thread(target=lambda: asyncio.run(web.serve([listening])), name="web", daemon=True)
    thread.start()
    try:
        yield f"{here}/console/", admin.url().replace(HERE, here)
    finally:
        web.should_exit = True
        thread.join(STOPPING)
        listening.close()
