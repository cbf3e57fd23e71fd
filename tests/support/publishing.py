"""Offices that answer, show weeks, and publish, for tests of what a sheet says and hides."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, text

from reports.digest.span import Rows, Span
from reports.digest.unit_week import weekly
from reports.jobs.due import JOBS
from reports.sheets.publish import publish
from reports.stored.amending import erase
from storage.answers import responses
from storage.periods import Period, parse
from tests.support.offices import NOON, Chance, draft, respond, unit_of

DAY, WEEK = 86_400, 7 * 86_400
# Four days into the new year, noon in Jakarta; NOON is a Thursday of the quarter before.
LATER = int(datetime(2027, 1, 4, 12, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp())
COST_BLANK = [3, 3, 3, None, 3, 3, 3, 3, 3]


def answered(connection: Connection, code: str, number: int, at: int = NOON, **more: Any) -> None:
    chance = Chance(f"{code} {at} {number} {more}")
    for n in range(number):
        # Ten minutes apart, so that the radar takes them for no burst.
        respond(connection, code, chance, draft(at + 600 * n, **more))


def show_week(connection: Connection, code: str, name: str) -> None:
    """Release the digest of a week, as its head gets it."""
    weekly(connection, unit_of(connection, code), parse(name), LATER)


@contextmanager
def whole_weeks() -> Iterator[None]:
    """Digests tell of whole weeks: sheets do not rely on `reports.digest.span`."""

    def plain(week: Period, _: object, __: object, rows: Rows) -> Span:
        return Span(week.first, week.last, rows(week.first, week.last))

    with patch("reports.digest.unit_week.span_of", plain):
        yield


def closed(connection: Connection, code: str, period: str = "2026-Q4", at: int = LATER) -> Any:
    return publish(connection, unit_of(connection, code), parse(period), at)


def run_in(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def erase_some(engine: Engine, number: int, where: str = "true") -> None:
    query = text(f"SELECT leaf FROM response WHERE {where} ORDER BY id LIMIT {number}")
    with engine.begin() as connection:
        found = [bytes(leaf) for leaf in connection.execute(query).scalars()]
        assert len(found) == number
        for leaf in found:
            assert erase(connection, responses.found(connection, (leaf, leaf), lock=True))


def corrected(engine: Engine) -> int:
    return JOBS["corrections"](engine, LATER + 60)
